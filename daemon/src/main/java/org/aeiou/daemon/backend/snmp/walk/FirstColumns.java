package org.aeiou.daemon.backend.snmp.walk;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * Of which tables of one agent the first column is enough to name the rows: where it has another
 * text in each row, and no row is without it. A {@link GapCheck} finds that out, which is cheap
 * where most rows have the index that follows that of the row before, so that none can lie between
 * them, or where the agent says how many rows it has. Any thread; what a race loses is learned
 * again.
 */
public final class FirstColumns {
  /** What is saved in a shorter table is hardly more than the exchange that looks into gaps. */
  public static final int LEAST_ROWS = 100;

  /** With more gaps, walking the other columns costs little more than looking into the gaps. */
  private static final int ROWS_PER_GAP = 5;

  private static final int MOST_TABLES = 64;
  private static final int MOST_IN_FULL = 64;

  /**
   * What is known of a table.
   *
   * @param enough whether the first column was enough for the rows of the last walk
   * @param inFull how many walks are to be made with all columns
   * @param penalty how many they were, the last time
   */
  private record Table(boolean enough, int inFull, int penalty) {}

  private final Map<Question.Walk, Table> tables = new ConcurrentHashMap<>();

  /** Whether a walk may begin with the first column only. */
  public boolean isEnough(Question.Walk question) {
    Table table = tables.get(question);
    return table != null && table.enough && table.inFull == 0;
  }

  /** Whether a walk may find out that the first column is enough. */
  public boolean mayBeEnough(Question.Walk question) {
    Table table = tables.get(question);
    return question.naming() && (table == null || (table.enough && table.inFull == 0));
  }

  /** A walk ended with all rows, and with all columns. */
  public void walkedInFull(Question.Walk question, List<Value.Row> rows) {
    if (question.naming()) {
      Table before = tables.getOrDefault(question, new Table(false, 0, 0));
      boolean enough = rows.size() >= LEAST_ROWS && areEnough(question, rows);
      put(question, new Table(enough, Math.max(0, before.inFull - 1), before.penalty));
    }
  }

  /** A walk of the first column ended with all rows. */
  public void wasEnough(Question.Walk question) {
    put(question, new Table(true, 0, 0));
  }

  /** A walk of the first column has to be made again with all of them. */
  public void wasNotEnough(Question.Walk question) {
    Table before = tables.getOrDefault(question, new Table(false, 0, 0));
    int penalty = Math.min(MOST_IN_FULL, before.penalty * 2 + 1);
    put(question, new Table(false, penalty, penalty));
  }

  private void put(Question.Walk question, Table table) {
    if (tables.containsKey(question) || tables.size() < MOST_TABLES) {
      tables.put(question, table);
    }
  }

  /** Whether the first of their columns names these rows, as far as they tell. */
  public static boolean areEnough(Question.Walk question, List<Value.Row> rows) {
    Set<String> labels = new HashSet<>();
    for (Value.Row row : rows) {
      String label = label(row.columns().get(0));
      if (label == null || !labels.add(label)) {
        return false;
      }
    }
    return !rows.isEmpty() && (question.count() != null || hasFewGaps(rows));
  }

  public static boolean hasFewGaps(List<Value.Row> rows) {
    int gaps = 0;
    Oid before = Oid.EMPTY;
    for (Value.Row row : rows) {
      gaps += follows(before, row.index()) ? 0 : 1;
      before = row.index();
    }
    return gaps * ROWS_PER_GAP <= LEAST_ROWS + rows.size();
  }

  /**
   * What a row is called by in every character set; null if that is for the other columns to say.
   */
  private static String label(Value value) {
    if (!(value instanceof Value.Octets octets)
        || octets.type() != Value.OctetsType.OCTETS
        || octets.isCut()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (byte octet : octets.octets()) {
      if (octet < ' ' || octet >= '~') { // a ~ makes a name need more than its label
        return null;
      }
      text.append((char) octet);
    }
    String label = text.toString().strip();
    return label.isEmpty() ? null : label;
  }

  /** Whether no index can lie between two, of those that have as many numbers as they. */
  public static boolean follows(Oid before, Oid index) {
    int last = index.length() - 1;
    return last >= 0
        && before.length() == index.length()
        && before.prefix(last).equals(index.prefix(last))
        && before.get(last) + 1 == index.get(last)
        && index.get(last) != 0;
  }
}
