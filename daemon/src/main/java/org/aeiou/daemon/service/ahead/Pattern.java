package org.aeiou.daemon.service.ahead;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.endpoint.RowNames;
import org.aeiou.daemon.tree.AttributeFile;

/**
 * How one reader goes through one group of one system, and so what it is likely to read next. Asks
 * nothing. Its methods are called with its monitor held, by whichever thread serves the reader.
 *
 * <ul>
 *   <li>Within a row. The first column that is read says little. The second one says that the row
 *       is read: all of it comes along if the two are neighbours, in the order they are listed or
 *       sorted; otherwise the columns that live as long as those that were read. Columns that were
 *       read in the rows before come along with the first one, if the reader goes from row to row,
 *       and so do all if the reader has just listed the row.
 *   <li>From row to row. A reader goes through the rows in the order of the table or of the sorted
 *       names, forwards or backwards; several at once (xargs -P) stay close together. An order is
 *       believed while each step agrees with it.
 *   <li>How far. What fits into the packet that is sent anyway costs little. Further packets must
 *       be earned: as many values may be fetched and not read yet as were fetched and read.
 *   <li>Wrong guesses. A miss while many fetched values are unread halves what was earned. After
 *       two such misses only every second one, then every fourth, brings anything along, until a
 *       fetched value is read.
 * </ul>
 */
final class Pattern {
  /** How far one step may go, and several readers may be apart. */
  private static final int NEAR = 8;

  /** For how many rows a column is remembered that was read. */
  private static final int ROWS_REMEMBERED = 8;

  private static final int MOST_SKIPPED_EXPONENT = 6;

  /** Of which the first two follow the table, the others the sorted names. */
  private static final int ORDERS = 4;

  private static final Attribute[] NONE = {};

  /** By the name of each column that was read, the number of the row step in which it was. */
  private final Map<String, Integer> columns = new HashMap<>();

  /** The columns that were read in the row the reader is in, by name. */
  private final Map<String, Attribute> inRow = new HashMap<>();

  /** How many steps in a row agree with each order. */
  private final int[] agreeing = new int[ORDERS];

  private String row;

  /** The column that was read before the last one, in the same row; or null. */
  private Attribute columnBefore;

  private Attribute column;
  private int rowSteps;
  private int earned;
  private int strikes;
  private int skipped;

  /** Notes that a file is read, whether it had to be fetched or not. */
  void reads(AttributeFile file, RowNames rows) {
    if (!file.row().equals(row)) {
      if (row != null && rows != null) {
        step(rows, rows.position(row), rows.position(file.row()));
      }
      row = file.row();
      inRow.clear();
      column = null;
      rowSteps++;
      if (isGoing()) {
        columns.values().removeIf(step -> rowSteps - step > ROWS_REMEMBERED);
      } else {
        columns.clear(); // it has begun somewhere else
      }
    }
    columnBefore = column;
    column = file.attribute();
    inRow.put(file.name(), file.attribute());
    columns.put(file.name(), rowSteps);
  }

  private void step(RowNames rows, int from, int to) {
    for (int order = 0; order < ORDERS; order++) {
      int distance = from < 0 || to < 0 ? 0 : at(rows, order, to) - at(rows, order, from);
      if (distance > 0 && distance <= NEAR) {
        agreeing[order]++;
      } else if (distance == 0 || -distance > NEAR || agreeing[order] < NEAR) {
        agreeing[order] = 0;
      } // else one of several readers, some rows behind another
    }
  }

  /** The place of a row in an order. */
  private static int at(RowNames rows, int order, int position) {
    int place = order < 2 ? position : rows.rank(position);
    return order % 2 == 0 ? place : -place;
  }

  /** The position of the row that is so many behind another in an order; -1 if there is none. */
  private static int next(RowNames rows, int order, int position, int by) {
    int place = (order < 2 ? position : rows.rank(position)) + (order % 2 == 0 ? by : -by);
    return place < 0 || place >= rows.size() ? -1 : order < 2 ? place : rows.sorted(place);
  }

  /**
   * The reader has paused. It may be at the beginning of the same again (watch), or of something
   * else; in which order it goes is not known, so that what it had earned would be spent on the
   * first guess.
   */
  void pause(AttributeFile file) {
    Arrays.fill(agreeing, 0);
    earned = 0;
    if (!columns.containsKey(file.name())) {
      columns.clear();
      inRow.clear();
    }
  }

  /**
   * A guess was wrong if what was fetched is not what is read. Returns whether this miss may bring
   * anything along.
   *
   * @param unread how many values were fetched and not read
   * @param many how many of them are many
   */
  boolean missed(int unread, int many) {
    if (unread >= many) {
      strikes++;
      earned /= 2;
    }
    if (strikes < 2) {
      return true;
    }
    int every = 1 << Math.min(strikes - 1, MOST_SKIPPED_EXPONENT);
    return ++skipped % every == 0;
  }

  /** A fetched value was read. */
  void used(int most) {
    strikes = 0;
    skipped = 0;
    earned = Math.min(most, earned + 1);
  }

  /** How many values may be fetched and not read yet, besides those in packets that go anyway. */
  int earned() {
    return earned;
  }

  /** Whether the reader goes from row to row in an order that is known. */
  boolean isGoing() {
    return order() >= 0;
  }

  /** The order that most steps agree with; -1 if none does. */
  private int order() {
    int best = -1;
    for (int order = 0; order < ORDERS; order++) {
      if (agreeing[order] > (best < 0 ? 0 : agreeing[best])) {
        best = order;
      }
    }
    return best;
  }

  /**
   * What is likely to be read next, the likeliest first.
   *
   * @param file what is read now
   * @param listed whether the reader has just listed the row
   * @param most how many are wanted
   */
  List<AttributeFile> next(
      AttributeFile file, RowNames rows, boolean listed, int most, Lives lives) {
    List<AttributeFile> next = new ArrayList<>();
    boolean going = isGoing();
    for (Attribute column : inThisRow(file, listed, going, lives)) {
      if (!column.name().equals(file.name())) {
        next.add(file.beside(file.row(), column));
      }
    }
    if (going && rows != null) {
      Attribute[] wanted = read(file);
      int order = order();
      int position = rows.position(file.row());
      for (int by = 1; position >= 0 && next.size() < most; by++) {
        int following = next(rows, order, position, by);
        if (following < 0) {
          break;
        }
        for (Attribute column : wanted) {
          next.add(file.beside(rows.name(following), column));
        }
      }
    }
    return next;
  }

  /**
   * Whether the reader is about to read all of a row.
   *
   * @param listed whether it has just listed the row
   */
  boolean isForWholeRow(AttributeFile file, boolean listed) {
    return listed || isInSequence(file.attributes());
  }

  private Attribute[] inThisRow(AttributeFile file, boolean listed, boolean going, Lives lives) {
    if (isForWholeRow(file, listed)) {
      return file.attributes().toArray(NONE);
    }
    if (inRow.size() < 2) {
      return going ? read(file) : NONE;
    }
    long least = inRow.values().stream().mapToLong(lives::nanos).min().getAsLong();
    return file.attributes().stream()
        .filter(column -> columns.containsKey(column.name()) || lives.nanos(column) >= least)
        .toArray(Attribute[]::new);
  }

  /** Whether the last two columns are neighbours; one between them may have been left out. */
  private boolean isInSequence(List<Attribute> listed) {
    if (columnBefore == null) {
      return false;
    }
    int listedApart = listed.indexOf(column) - listed.indexOf(columnBefore);
    String from = columnBefore.name();
    String to = column.name();
    long between =
        listed.stream()
            .filter(other -> other.name().compareTo(from) > 0 && other.name().compareTo(to) < 0)
            .count();
    boolean sorted = from.compareTo(to) < 0 && between <= 1;
    return sorted || listedApart == 1 || listedApart == 2;
  }

  /** The columns that were read lately, in the order they are listed. */
  private Attribute[] read(AttributeFile file) {
    return file.attributes().stream()
        .filter(column -> columns.containsKey(column.name()))
        .toArray(Attribute[]::new);
  }

  /** How long readings of an attribute can be used. */
  @FunctionalInterface
  interface Lives {
    long nanos(Attribute attribute);
  }
}
