package org.aeiou.daemon.backend.snmp.walk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * Whether the rows that were found by the first column of a walk are all rows: none of the other
 * columns may have anything before, between and behind them. Where there are many gaps between
 * them, the agent has to have as many rows as it says, and nothing in some of the gaps. How far
 * that was looked into, which is the continuation of the walk. Immutable.
 *
 * @param rows what was found, with the first column only
 * @param gaps what is still to be looked into
 * @param count the object that has to say how many rows there are; null if none has to
 * @param refuted whether the walk has to be made again with all columns
 * @param most how many gaps to look into at once
 */
public record GapCheck(List<Value.Row> rows, List<Gap> gaps, Oid count, boolean refuted, int most) {
  /** An agent that looks for more rows at once leaves its other askers waiting. */
  private static final int MOST_AT_ONCE = 32;

  /** How many gaps are looked into where the agent has said how many rows there are. */
  private static final int SAMPLES = 20;

  /**
   * Where a column has nothing.
   *
   * @param from the row before it; empty: it begins with the column
   * @param to the row behind it; null: it ends with the column
   */
  public record Gap(Oid column, Oid from, Oid to) {
    public boolean hasNone(Oid found) {
      if (!found.startsWith(column)) {
        return true;
      }
      Oid index = found.suffix(column.length());
      return to != null && index.compareTo(to) >= 0;
    }
  }

  /**
   * What a walk of the first column goes on with when it has ended.
   *
   * @param rows what was found
   */
  public static GapCheck of(Question.Walk question, List<Value.Row> rows) {
    if (!FirstColumns.areEnough(question, rows)) {
      return new GapCheck(rows, List.of(), null, true, MOST_AT_ONCE);
    }
    List<Gap> gaps = new ArrayList<>();
    question.columns().stream().skip(1).forEach(column -> addGaps(column, rows, gaps));
    return FirstColumns.hasFewGaps(rows)
        ? new GapCheck(rows, List.copyOf(gaps), null, false, MOST_AT_ONCE)
        : new GapCheck(rows, samples(gaps), question.count(), false, MOST_AT_ONCE);
  }

  /** The first, the last, and some between them. */
  private static List<Gap> samples(List<Gap> gaps) {
    List<Gap> samples = new ArrayList<>(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      samples.add(gaps.get((int) ((long) i * (gaps.size() - 1) / (SAMPLES - 1))));
    }
    return List.copyOf(samples);
  }

  private static void addGaps(Oid column, List<Value.Row> rows, List<Gap> gaps) {
    Oid before = Oid.EMPTY;
    for (Value.Row row : rows) {
      if (!FirstColumns.follows(before, row.index())) {
        gaps.add(new Gap(column, before, row.index()));
      }
      before = row.index();
    }
    gaps.add(new Gap(column, before, null));
  }

  /** Whether an answer says that there are as many rows as were found. */
  public boolean isCount(Oid found, Value value) {
    return found.startsWith(count)
        && value instanceof Value.Numeric number
        && number.number() == rows.size();
  }

  /** Without the count, and so many gaps. */
  public GapCheck behind(int looked) {
    return new GapCheck(rows, gaps.subList(looked, gaps.size()), null, false, most);
  }

  public GapCheck withMost(int atOnce) {
    return new GapCheck(rows, gaps, count, false, atOnce);
  }

  public GapCheck refute() {
    return new GapCheck(rows, List.of(), null, true, most);
  }

  /** The rows, with nothing in the columns that were not walked. */
  public Value.Rows answer(int columns) {
    List<Value.Row> all = new ArrayList<>(rows.size());
    for (Value.Row row : rows) {
      // Not List.of: what was not walked is null.
      Value[] values = new Value[columns];
      values[0] = row.columns().get(0);
      all.add(new Value.Row(row.index(), Collections.unmodifiableList(Arrays.asList(values))));
    }
    return new Value.Rows(all);
  }
}
