package org.aeiou.daemon.catalogue.mib;

import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;

/**
 * An object of which is known where it is.
 *
 * @param oid without instance
 */
record MibObject(MibModule module, ObjectType type, Oid oid) implements Comparable<MibObject> {

  String name() {
    return type.name();
  }

  boolean isRow() {
    return type.index() != null || type.augments() != null;
  }

  boolean isTable() {
    return type.syntax().isTable();
  }

  /** Whether it has values that can be read, and that still mean something. */
  boolean isReadable() {
    boolean isHidden =
        switch (type.access()) {
          case "not-accessible", "accessible-for-notify", "write-only", "not-implemented" -> true;
          default -> false;
        };
    return !isHidden && !isObsolete() && !isTable() && !isRow() && !type.syntax().isRow();
  }

  boolean isObsolete() {
    return type.status().equals("obsolete");
  }

  @Override
  public int compareTo(MibObject other) {
    return oid.compareTo(other.oid);
  }
}
