package org.aeiou.daemon.simulator.objects;

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
  record Column(int[] oid, TableRows.RowKind kind, Cell cell) {
    boolean holds(int[] name) {
      return name.length >= oid.length && Arrays.equals(oid, 0, oid.length, name, 0, oid.length);
    }
  }

  private final Column[] columns;
  private final Map<TableRows.RowKind, TableRows> rows;

  private Profile(Column[] columns, Map<TableRows.RowKind, TableRows> rows) {
    this.columns = columns;
    this.rows = Collections.unmodifiableMap(rows);
  }

  int size() {
    return columns.length;
  }

  Column column(int position) {
    return columns[position];
  }

  Map<TableRows.RowKind, TableRows> rows() {
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
    private final Map<TableRows.RowKind, TableRows> rows = new EnumMap<>(TableRows.RowKind.class);

    Builder() {
      rows.put(TableRows.RowKind.SCALAR, TableRows.SCALAR);
    }

    /** Says which rows there are of a kind. */
    Builder rows(TableRows.RowKind kind, TableRows all) {
      rows.put(kind, all);
      return this;
    }

    /** Adds an object that is in no table; its instance is {@code oid.0}. */
    Builder scalar(String oid, Cell cell) {
      columns.add(new Column(Oid.parse(oid).toArray(), TableRows.RowKind.SCALAR, cell));
      return this;
    }

    /** Adds a table; what is added to it are columns. */
    Table table(String entry, TableRows.RowKind kind) {
      return new Table(Oid.parse(entry), kind);
    }

    Profile build() {
      columns.sort(Comparator.comparing(Column::oid, Arrays::compareUnsigned));
      return new Profile(columns.toArray(Column[]::new), rows);
    }

    /** Collects the columns of a table. */
    final class Table {
      private final Oid entry;
      private final TableRows.RowKind kind;

      private Table(Oid entry, TableRows.RowKind kind) {
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
