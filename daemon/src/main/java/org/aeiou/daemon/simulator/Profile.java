package org.aeiou.daemon.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;

/**
 * What all agents of a role have in common: the kinds of object, in order, and the rows they start
 * with. Immutable; one for each role, whatever the number of agents.
 */
final class Profile {

  /** Objects of one kind: {@code oid} and behind it the index of a row. */
  record Column(int[] oid, Rows.Kind kind, Cell cell) {
    boolean holds(int[] name) {
      return name.length >= oid.length && Arrays.equals(oid, 0, oid.length, name, 0, oid.length);
    }
  }

  private final Column[] columns;
  private final Map<Rows.Kind, Rows> rows;

  private Profile(Column[] columns, Map<Rows.Kind, Rows> rows) {
    this.columns = columns;
    this.rows = Collections.unmodifiableMap(rows);
  }

  /** The profile of a role with that many interfaces. */
  static Profile of(Role role, int interfaces) {
    Builder builder = new Builder();
    SystemObjects.declare(builder);
    InterfaceObjects.declare(builder, role, interfaces);
    AddressObjects.declare(builder, interfaces);
    if (role == Role.SERVER) {
      HostObjects.declare(builder);
      LoadObjects.declare(builder);
    }
    if (role == Role.SWITCH) {
      BridgeObjects.declare(builder, interfaces);
    }
    if (role == Role.SWITCH || role == Role.ROUTER) {
      NeighbourObjects.declare(builder, interfaces);
      EntityObjects.declare(builder);
    }
    if (role == Role.UPS) {
      PowerObjects.declare(builder);
    }
    return builder.build();
  }

  int size() {
    return columns.length;
  }

  Column column(int position) {
    return columns[position];
  }

  Map<Rows.Kind, Rows> rows() {
    return rows;
  }

  /** The position of the last column that is not behind {@code name}, or -1. */
  int atOrBefore(int[] name) {
    int low = 0;
    int high = columns.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(columns[middle].oid, name) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Collects objects, in any order. */
  static final class Builder {
    private final List<Column> columns = new ArrayList<>();
    private final Map<Rows.Kind, Rows> rows = new EnumMap<>(Rows.Kind.class);

    private Builder() {
      rows.put(Rows.Kind.SCALAR, Rows.SCALAR);
    }

    /** Says which rows there are of a kind. */
    Builder rows(Rows.Kind kind, Rows all) {
      rows.put(kind, all);
      return this;
    }

    /** Adds an object that is in no table; its instance is {@code oid.0}. */
    Builder scalar(String oid, Cell cell) {
      columns.add(new Column(Oid.parse(oid).toArray(), Rows.Kind.SCALAR, cell));
      return this;
    }

    /** Adds a table; what is added to it are columns. */
    Table table(String entry, Rows.Kind kind) {
      return new Table(Oid.parse(entry), kind);
    }

    private Profile build() {
      columns.sort(Comparator.comparing(Column::oid, Arrays::compareUnsigned));
      return new Profile(columns.toArray(Column[]::new), rows);
    }

    /** Collects the columns of a table. */
    final class Table {
      private final Oid entry;
      private final Rows.Kind kind;

      private Table(Oid entry, Rows.Kind kind) {
        this.entry = entry;
        this.kind = kind;
      }

      Table column(int id, Cell cell) {
        columns.add(new Column(entry.append(id).toArray(), kind, cell));
        return this;
      }
    }
  }
}
