package org.aeiou.daemon.backend.snmp.walk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
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
 * @param range what of the table it walks
 */
public record WalkProgress(
    List<Column> columns,
    Piece found,
    int width,
    boolean single,
    int cellBytes,
    long bytes,
    long startNanos,
    Range range) {

  /**
   * What of a table is walked, by index: all that comes behind {@code from}, up to and with {@code
   * to}. An index need not be there.
   *
   * @param from empty: from the beginning
   * @param to null: to the end
   */
  public record Range(Oid from, Oid to) {
    public static final Range ALL = new Range(Oid.EMPTY, null);

    public boolean endsBefore(Oid index) {
      return to != null && index.compareTo(to) > 0;
    }
  }

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
   * @param first what came first, even if it is behind the range; {@code root} if nothing was left
   *     in the column, null if nothing was answered
   * @param behind what came first behind the range, in the same way; null if that is not known
   */
  public record Column(
      Oid root,
      Oid at,
      boolean ended,
      int rows,
      Oid furthest,
      Oid mark,
      int strays,
      Oid first,
      Oid behind) {
    public Column(Oid root) {
      this(root, root, false, 0, root, root, 0, null, null);
    }

    /** The same column, to be walked behind an index. */
    public Column from(Oid index) {
      Oid start = root.append(index);
      return new Column(root, start, ended, 0, start, root, 0, null, null);
    }

    /** Where it is in the table. */
    public Oid index() {
      return at.suffix(root.length());
    }

    /** This column with what came first. */
    public Column startedBy(Oid came) {
      return first != null
          ? this
          : new Column(root, at, ended, rows, furthest, mark, strays, came, behind);
    }

    /** This column, ended by what is not in the range. */
    public Column endedBy(Oid came) {
      return new Column(root, at, true, rows, furthest, mark, strays, first, came);
    }

    /** Whether it comes behind an object that was seen. */
    public boolean isStray(Oid oid) {
      return oid.compareTo(furthest) <= 0;
    }

    /** Whether an object is known to have been seen before. */
    public boolean hasSeen(Oid oid) {
      return oid.equals(furthest) || oid.equals(at) || (strays > 0 && oid.equals(mark));
    }

    public Column movedTo(Oid oid) {
      if (!isStray(oid)) {
        return new Column(root, oid, false, rows + 1, oid, mark, strays, first, behind);
      }
      int more = strays + 1;
      Oid next = Integer.bitCount(more) == 1 ? oid : mark;
      return new Column(root, oid, false, rows + 1, furthest, next, more, first, behind);
    }

    public Column end() {
      return new Column(root, at, true, rows, furthest, mark, strays, first, behind);
    }
  }

  /** One value of the table; {@code column} counts from 0. */
  public record Cell(int column, Oid index, Value value) {
    /** About what it takes, now and in its row. */
    public long bytes() {
      return 150 + index.bytes() + value.bytes();
    }
  }

  /** What one exchange brought. */
  public record Piece(Piece before, List<Cell> cells) {}

  /**
   * What a part of a walk ended in. Immutable.
   *
   * <p>Parts are one table again if each ends where the next one begins: what came first behind the
   * one is what came first in the other. So it is if the agent has its rows in order, and none came
   * or went just there.
   *
   * @param columns how far it came in each column
   * @param rows what it found, in order; null if it cannot be used
   */
  public record Part(List<Column> columns, List<Value.Row> rows) {
    public static final Part USELESS = new Part(List.of(), null);

    /** All rows of the parts, in order; null if they do not fit together. */
    public static List<Value.Row> joined(List<Part> parts) {
      List<Value.Row> all = new ArrayList<>();
      Part before = null;
      for (Part part : parts) {
        if (part.rows == null || (before != null && !before.endsWhereBegins(part))) {
          return null;
        }
        add(all, part.rows);
        before = part;
      }
      return all;
    }

    /**
     * Adds the rows of the next part. A column that had ended before the split may have brought
     * some of them already.
     */
    private static void add(List<Value.Row> all, List<Value.Row> rows) {
      int same = all.size();
      while (same > 0 && !rows.isEmpty() && isBehind(all.get(same - 1), rows.get(0))) {
        same--;
      }
      Deque<Value.Row> there = new ArrayDeque<>(all.subList(same, all.size()));
      all.subList(same, all.size()).clear();
      for (Value.Row row : rows) {
        while (!there.isEmpty() && !isBehind(there.getFirst(), row)) {
          all.add(there.removeFirst());
        }
        boolean both = !there.isEmpty() && there.getFirst().index().equals(row.index());
        all.add(both ? joined(there.removeFirst(), row) : row);
      }
      all.addAll(there);
    }

    private static boolean isBehind(Value.Row row, Value.Row other) {
      return row.index().compareTo(other.index()) >= 0;
    }

    private static Value.Row joined(Value.Row first, Value.Row second) {
      List<Value> columns = new ArrayList<>(first.columns());
      for (int i = 0; i < columns.size(); i++) {
        columns.set(i, columns.get(i) == null ? second.columns().get(i) : columns.get(i));
      }
      return new Value.Row(first.index(), Collections.unmodifiableList(columns));
    }

    private boolean endsWhereBegins(Part next) {
      for (int i = 0; i < columns.size(); i++) {
        Oid behind = columns.get(i).behind();
        Oid first = next.columns.get(i).first();
        if (behind != null && first != null && !behind.equals(first)) {
          return false;
        }
      }
      return true;
    }
  }

  public WalkProgress {
    columns = List.copyOf(columns);
  }

  public static WalkProgress from(List<Oid> roots, long nowNanos) {
    return new WalkProgress(
        roots.stream().map(Column::new).toList(),
        null,
        Math.max(1, roots.size()),
        false,
        0,
        0,
        nowNanos,
        Range.ALL);
  }

  /** Whether it is one of several that walk the same table. */
  public boolean isPart() {
    return !range.equals(Range.ALL);
  }

  /**
   * Whether it can go on in two parts, of which one ends with an index and one begins behind it.
   */
  public boolean canSplitAt(Oid index) {
    return !ended()
        && index.compareTo(furthestIndex()) > 0
        && (range.to() == null || index.compareTo(range.to()) < 0)
        && columns.stream().allMatch(column -> column.strays() == 0 && isBelow(column, index));
  }

  private static boolean isBelow(Column column, Oid index) {
    return column.root().length() + index.length() <= Oid.MAX_LENGTH;
  }

  /** The furthest index that a column is at which has not ended. */
  public Oid furthestIndex() {
    return columns.stream()
        .filter(column -> !column.ended())
        .map(Column::index)
        .max(Oid::compareTo)
        .orElse(Oid.EMPTY);
  }

  /** The part of it that ends with an index: with all that was found so far. */
  public WalkProgress upTo(Oid index) {
    Range first = new Range(range.from(), index);
    return new WalkProgress(columns, found, width, single, cellBytes, bytes, startNanos, first);
  }

  /** The part of it behind an index, of which nothing was found so far. */
  public WalkProgress behind(Oid index) {
    return new WalkProgress(
        columns.stream().map(column -> column.from(index)).toList(),
        null,
        width,
        single,
        cellBytes,
        0,
        startNanos,
        new Range(index, range.to()));
  }

  public boolean ended() {
    return columns.stream().allMatch(Column::ended);
  }

  public boolean isEmpty() {
    return columns.stream().allMatch(column -> column.rows() == 0);
  }

  /** How many rows the longest column has so far. */
  public int rowsSoFar() {
    return columns.stream().mapToInt(Column::rows).max().orElse(0);
  }

  /** This walk with one column ended. */
  public WalkProgress withEnded(int column) {
    List<Column> changed = new ArrayList<>(columns);
    changed.set(column, columns.get(column).end());
    return new WalkProgress(changed, found, width, single, cellBytes, bytes, startNanos, range);
  }

  public WalkProgress withWidth(int columnsAtOnce) {
    int atLeastOne = Math.max(1, columnsAtOnce);
    return new WalkProgress(
        columns, found, atLeastOne, single, cellBytes, bytes, startNanos, range);
  }

  /** This walk with its first column only. */
  public WalkProgress withFirstColumn() {
    List<Cell> cells = new ArrayList<>();
    for (Piece piece = found; piece != null; piece = piece.before()) {
      piece.cells().stream().filter(cell -> cell.column() == 0).forEach(cells::add);
    }
    Piece first = new Piece(null, cells);
    return new WalkProgress(
        columns.subList(0, 1), first, 1, single, cellBytes, bytes, startNanos, range);
  }

  public WalkProgress withSingleRows() {
    return new WalkProgress(columns, found, width, true, cellBytes, bytes, startNanos, range);
  }

  /** What it ends in as a part, when all columns have ended. */
  public Part part() {
    return new Part(columns, rows());
  }

  /** The rows, in order, when all columns have ended. */
  public List<Value.Row> rows() {
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
    return rows;
  }
}
