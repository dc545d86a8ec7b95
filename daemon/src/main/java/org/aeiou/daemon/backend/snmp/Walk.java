package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/**
 * How far a walk has come: the continuation of a {@link org.aeiou.daemon.backend.Question.Walk}.
 *
 * <p>Immutable, and it has to be: the scheduler asks with the same continuation again after a
 * time-out, and both answers may come. What was found is therefore a chain of pieces, each pointing
 * to the one before, which costs nothing to extend.
 *
 * @param columns where each column is, in the question's order
 * @param found what the exchanges so far brought, the latest first; null at the start
 * @param width how many columns to ask for at once; at least 1
 * @param single whether to ask for one row at a time, because the agent failed at more
 * @param cellBytes how many bytes a cell took in the last response; 0 before the first
 */
record Walk(List<Column> columns, Piece found, int width, boolean single, int cellBytes) {

  /**
   * Where a walk is in one column.
   *
   * @param root what all of the column starts with
   * @param at the last object that was seen, or {@code root}
   * @param rows how many objects were seen
   */
  record Column(Oid root, Oid at, boolean ended, int rows) {
    Column(Oid root) {
      this(root, root, false, 0);
    }

    Column movedTo(Oid oid) {
      return new Column(root, oid, false, rows + 1);
    }

    Column end() {
      return new Column(root, at, true, rows);
    }
  }

  /** One value of the table; {@code column} counts from 0. */
  record Cell(int column, Oid index, Value value) {}

  /** What one exchange brought. */
  record Piece(Piece before, List<Cell> cells) {}

  Walk {
    columns = List.copyOf(columns);
  }

  static Walk from(List<Oid> roots) {
    return new Walk(
        roots.stream().map(Column::new).toList(), null, Math.max(1, roots.size()), false, 0);
  }

  boolean ended() {
    return columns.stream().allMatch(Column::ended);
  }

  /** This walk with one column ended. */
  Walk withEnded(int column) {
    List<Column> changed = new ArrayList<>(columns);
    changed.set(column, columns.get(column).end());
    return new Walk(changed, found, width, single, cellBytes);
  }

  Walk withWidth(int columnsAtOnce) {
    return new Walk(columns, found, Math.max(1, columnsAtOnce), single, cellBytes);
  }

  Walk withSingleRows() {
    return new Walk(columns, found, width, true, cellBytes);
  }

  /** The rows, when all columns have ended. */
  Value.Rows rows() {
    Map<Oid, Value[]> byIndex = new HashMap<>();
    for (Piece piece = found; piece != null; piece = piece.before()) {
      for (Cell cell : piece.cells()) {
        byIndex.computeIfAbsent(cell.index(), i -> new Value[columns.size()])[cell.column()] =
            cell.value();
      }
    }
    List<Value.Row> rows = new ArrayList<>(byIndex.size());
    // Not List.of: a row has no value in some columns, and that is null.
    byIndex.forEach(
        (index, cells) ->
            rows.add(new Value.Row(index, Collections.unmodifiableList(Arrays.asList(cells)))));
    rows.sort((a, b) -> a.index().compareTo(b.index()));
    return new Value.Rows(rows);
  }
}
