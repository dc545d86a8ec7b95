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
 * @param bytes how much memory all of it takes, or how many bytes came, whichever is more
 * @param startNanos when it began, by the ticker
 */
record WalkProgress(
    List<Column> columns,
    Piece found,
    int width,
    boolean single,
    int cellBytes,
    long bytes,
    long startNanos) {

  /**
   * Where a walk is in one column.
   *
   * <p>Agents walk forward, but for some that answer rows out of order. What is behind the furthest
   * object may be a new one, or the agent goes in circles. That is found out with one object to
   * compare with, the <em>mark</em>, which moves on after twice as many objects each time (R. P.
   * Brent, BIT 20, 1980): a circle of any length meets it before three times that length is walked.
   *
   * @param root what all of the column starts with
   * @param at the last object that was seen, or {@code root}
   * @param rows how many objects were seen
   * @param furthest the last one in order of all that were seen, or {@code root}
   * @param mark the object to compare with; {@code root} before the first out of order
   * @param strays how many objects were behind the furthest
   */
  record Column(Oid root, Oid at, boolean ended, int rows, Oid furthest, Oid mark, int strays) {
    Column(Oid root) {
      this(root, root, false, 0, root, root, 0);
    }

    /** Whether it comes behind an object that was seen. */
    boolean isStray(Oid oid) {
      return oid.compareTo(furthest) <= 0;
    }

    /** Whether an object is known to have been seen before. */
    boolean hasSeen(Oid oid) {
      return oid.equals(furthest) || oid.equals(at) || (strays > 0 && oid.equals(mark));
    }

    Column movedTo(Oid oid) {
      if (!isStray(oid)) {
        return new Column(root, oid, false, rows + 1, oid, mark, strays);
      }
      int more = strays + 1;
      Oid next = Integer.bitCount(more) == 1 ? oid : mark;
      return new Column(root, oid, false, rows + 1, furthest, next, more);
    }

    Column end() {
      return new Column(root, at, true, rows, furthest, mark, strays);
    }
  }

  /** One value of the table; {@code column} counts from 0. */
  record Cell(int column, Oid index, Value value) {
    /** About what it takes, now and in its row. */
    long bytes() {
      return 150 + index.bytes() + value.bytes();
    }
  }

  /** What one exchange brought. */
  record Piece(Piece before, List<Cell> cells) {}

  WalkProgress {
    columns = List.copyOf(columns);
  }

  static WalkProgress from(List<Oid> roots, long nowNanos) {
    return new WalkProgress(
        roots.stream().map(Column::new).toList(),
        null,
        Math.max(1, roots.size()),
        false,
        0,
        0,
        nowNanos);
  }

  boolean ended() {
    return columns.stream().allMatch(Column::ended);
  }

  boolean isEmpty() {
    return columns.stream().allMatch(column -> column.rows() == 0);
  }

  /** How many rows the longest column has so far. */
  int rowsSoFar() {
    return columns.stream().mapToInt(Column::rows).max().orElse(0);
  }

  /** This walk with one column ended. */
  WalkProgress withEnded(int column) {
    List<Column> changed = new ArrayList<>(columns);
    changed.set(column, columns.get(column).end());
    return new WalkProgress(changed, found, width, single, cellBytes, bytes, startNanos);
  }

  WalkProgress withWidth(int columnsAtOnce) {
    int atLeastOne = Math.max(1, columnsAtOnce);
    return new WalkProgress(columns, found, atLeastOne, single, cellBytes, bytes, startNanos);
  }

  WalkProgress withSingleRows() {
    return new WalkProgress(columns, found, width, true, cellBytes, bytes, startNanos);
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
