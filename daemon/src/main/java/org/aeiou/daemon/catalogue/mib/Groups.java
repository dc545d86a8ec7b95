package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;

/**
 * What becomes a directory: each table, and scalars that are near each other. Every group of
 * scalars is asked for with a packet of its own on every system, so that those of one ancestor are
 * one group as long as they are few.
 */
final class Groups {
  /** How many scalars of several parents make one group; more are a long listing. */
  private static final int MOST_MERGED = 24;

  private final Map<Oid, MibObject> objects;
  private final Map<Oid, String> names;

  /**
   * A group.
   *
   * @param name as in the MIB: the table's, or the scalars' nearest common ancestor's
   * @param row the entry; null for scalars, and if it is not defined
   * @param at the entry's identifier, or what all scalars are below
   * @param members columns or scalars, in the order of their identifiers
   */
  record Group(String name, MibObject row, boolean isTable, Oid at, List<MibObject> members) {}

  /**
   * @param objects by identifier
   * @param names what parts of the tree are called
   */
  Groups(Map<Oid, MibObject> objects, Map<Oid, String> names) {
    this.objects = objects;
    this.names = names;
  }

  /**
   * The groups that the objects are parts of.
   *
   * @param wanted what they must be below; each of these keeps a group of its own. Empty for all
   */
  List<Group> of(List<MibObject> members, List<Oid> wanted) {
    Map<Oid, List<MibObject>> columns = new LinkedHashMap<>();
    IdentityHashMap<MibModule, Map<Oid, List<MibObject>>> scalars = new IdentityHashMap<>();
    List<Map<Oid, List<MibObject>>> inOrder = new ArrayList<>();
    for (MibObject object : members) {
      Oid parent = object.oid().prefix(object.oid().length() - 1);
      MibObject row = objects.get(parent);
      if (isRow(row, parent)) {
        columns.computeIfAbsent(parent, any -> new ArrayList<>()).add(object);
        continue;
      }
      Map<Oid, List<MibObject>> ofModule = scalars.get(object.module());
      if (ofModule == null) {
        ofModule = new LinkedHashMap<>();
        scalars.put(object.module(), ofModule);
        inOrder.add(ofModule);
      }
      ofModule.computeIfAbsent(nearest(object.oid(), wanted), any -> new ArrayList<>()).add(object);
    }
    List<Group> groups = new ArrayList<>();
    columns.forEach((entry, of) -> groups.add(table(entry, of)));
    for (Map<Oid, List<MibObject>> ofModule : inOrder) {
      for (List<MibObject> of : ofModule.values()) {
        merge(of, groups);
      }
    }
    groups.sort((one, other) -> one.members().get(0).compareTo(other.members().get(0)));
    return groups;
  }

  /** Whether it is an entry: it says so, or it lies below what is a table. */
  private boolean isRow(MibObject object, Oid oid) {
    if (object != null && (object.isRow() || object.type().syntax().isRow())) {
      return true;
    }
    MibObject above = oid.length() < 2 ? null : objects.get(oid.prefix(oid.length() - 1));
    return above != null && above.isTable();
  }

  private Group table(Oid entry, List<MibObject> columns) {
    MibObject row = objects.get(entry);
    MibObject table = objects.get(entry.prefix(entry.length() - 1));
    String name =
        table != null && table.isTable()
            ? table.name()
            : row != null ? row.name() : name(entry.prefix(entry.length() - 1));
    return new Group(name, row, true, entry, columns);
  }

  private static Oid nearest(Oid oid, List<Oid> wanted) {
    Oid nearest = Oid.EMPTY;
    for (Oid prefix : wanted) {
      if (oid.startsWith(prefix) && prefix.length() > nearest.length()) {
        nearest = prefix;
      }
    }
    return nearest;
  }

  /** Makes one group of them, or one for each part of the tree below what they have in common. */
  private void merge(List<MibObject> scalars, List<Group> groups) {
    List<List<MibObject>> left = new ArrayList<>();
    left.add(scalars);
    while (!left.isEmpty()) {
      List<MibObject> some = left.remove(left.size() - 1);
      Oid common = common(some);
      if (some.size() <= MOST_MERGED) {
        groups.add(scalars(common, some));
        continue;
      }
      Map<Integer, List<MibObject>> parts = new LinkedHashMap<>();
      List<MibObject> own = new ArrayList<>();
      for (MibObject scalar : some) {
        if (scalar.oid().length() <= common.length() + 1) {
          own.add(scalar);
        } else {
          int next = scalar.oid().get(common.length());
          parts.computeIfAbsent(next, any -> new ArrayList<>()).add(scalar);
        }
      }
      if (!own.isEmpty()) {
        groups.add(scalars(common, own));
      }
      left.addAll(parts.values());
    }
  }

  private Group scalars(Oid common, List<MibObject> scalars) {
    Oid parent = scalars.size() == 1 ? common.prefix(common.length() - 1) : common;
    return new Group(name(parent), null, false, common, scalars);
  }

  private static Oid common(List<MibObject> scalars) {
    Oid common = scalars.get(0).oid();
    for (MibObject scalar : scalars) {
      int length = 0;
      while (length < common.length()
          && length < scalar.oid().length()
          && common.get(length) == scalar.oid().get(length)) {
        length++;
      }
      common = common.prefix(length);
    }
    return common;
  }

  private String name(Oid oid) {
    for (int length = oid.length(); length > 0; length--) {
      String name = names.get(oid.prefix(length));
      if (name != null) {
        return name;
      }
    }
    return "objects";
  }
}
