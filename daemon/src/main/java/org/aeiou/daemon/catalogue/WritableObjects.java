package org.aeiou.daemon.catalogue;

import java.util.HashSet;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.AttributeGroup.Table;

/**
 * Which objects of a system may be set: those of attributes that are writable by their MIB and that
 * one of its patterns names. For what comes as an object and not as a file, from another member of
 * a cluster.
 *
 * <p>Of a pattern's row only that there is one is looked at: a row is named by what its label reads
 * at the moment, which its index does not say. {@code interfaces/eth0/ifAlias} lets {@code ifAlias}
 * of any row pass here; the member that took the write from a user has looked at the row.
 *
 * <p>Immutable, for any thread. What it is asked first takes a look at all of the catalogue.
 */
public final class WritableObjects {
  private final Catalogue catalogue;
  private final AttributePatterns allowed;

  /** The scalars with their instance, the columns without; null until it was asked for. */
  private volatile Objects objects;

  private record Objects(Set<Oid> scalars, Set<Oid> columns) {}

  /**
   * The objects of one system.
   *
   * @param allowed what its configuration lets be written
   */
  public WritableObjects(Catalogue catalogue, AttributePatterns allowed) {
    this.catalogue = catalogue;
    this.allowed = allowed;
  }

  /**
   * Why an object may not be set, in words that begin with which it is; null if it may.
   *
   * @param instance with instance or index
   */
  public String doubt(Oid instance) {
    Attribute attribute = catalogue.describe(instance);
    if (attribute != null && isAllowed(instance, attribute)) {
      return null;
    }
    if (attribute == null) {
      return instance + " is of no attribute of the catalogue; write attributes that are";
    }
    String what = catalogue.name(instance) + " (" + instance + ")";
    return attribute.writable()
        ? what
            + " may not be written: no pattern of 'write: {allow: […]}' in the configuration of the"
            + " member that owns the system names it; name it there, and reload"
        : what + " is read-only: the system does not let it be written, by its MIB";
  }

  private boolean isAllowed(Oid instance, Attribute attribute) {
    if (allowed.isEmpty()) {
      return false;
    }
    Objects known = objects;
    if (known == null) {
      known = find();
      objects = known; // another thread may have found the same
    }
    return known.scalars.contains(instance)
        || (known.columns.contains(attribute.oid()) && !attribute.oid().equals(instance));
  }

  private Objects find() {
    Objects found = new Objects(new HashSet<>(), new HashSet<>());
    for (AttributeGroup group : catalogue.groups()) {
      boolean isTable = group instanceof Table;
      for (Attribute attribute : group.attributes()) {
        if (attribute.writable() && allowed.matchAnyRow(group.name(), isTable, attribute.name())) {
          (isTable ? found.columns : found.scalars).add(attribute.oid());
        }
      }
    }
    return found;
  }
}
