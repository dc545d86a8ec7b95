package org.aeiou.daemon.backend.snmp.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * How the rows of one agent's long tables were spread when they were last walked, so that the next
 * walk can go on in parts of one length without a search; and which tables are to be walked as one,
 * as their parts did not fit together. Any thread; what a race loses is learned again.
 */
public final class WalkLandmarks {
  /** A shorter table is not worth parts: each costs half an exchange. */
  private static final int LONG_TABLE = 400;

  private static final int SECTIONS = 16;
  private static final int MOST_TABLES = 64;
  private static final int MOST_WALKS_ALONE = 64;

  /**
   * What is known of a table.
   *
   * @param indexes rows at equal distances
   * @param alone how many walks are to be made as one
   * @param penalty how many they were, the last time
   */
  private record Table(List<Oid> indexes, int alone, int penalty) {
    static final Table UNKNOWN = new Table(List.of(), 0, 0);
  }

  private final Map<Question.Walk, Table> tables = new ConcurrentHashMap<>();

  /** A walk found all rows, in order. */
  public void learn(Question.Walk question, List<Value.Row> rows) {
    if (rows.size() < LONG_TABLE) {
      tables.computeIfPresent(question, (q, table) -> table.alone == 0 ? null : table);
      return;
    }
    List<Oid> indexes = new ArrayList<>(SECTIONS - 1);
    for (int i = 1; i < SECTIONS; i++) {
      indexes.add(rows.get((int) ((long) rows.size() * i / SECTIONS)).index());
    }
    Table before = table(question);
    put(question, new Table(List.copyOf(indexes), before.alone, before.penalty));
  }

  /** The parts of a walk did not fit together. */
  public void misfit(Question.Walk question) {
    Table before = table(question);
    int penalty = Math.min(MOST_WALKS_ALONE, before.penalty * 2 + 1);
    put(question, new Table(before.indexes, penalty, penalty));
  }

  /** Whether a walk may go on in parts. */
  public boolean maySplit(Question.Walk question) {
    return table(question).alone == 0;
  }

  /** A walk is made as one, because it may not go on in parts. */
  public void madeAsOne(Question.Walk question) {
    Table table = table(question);
    put(question, new Table(table.indexes, Math.max(0, table.alone - 1), table.penalty));
  }

  /** A row in the middle of what a walk has before it; null if that is not known, or is short. */
  public Oid middle(Question.Walk question, WalkProgress walk) {
    List<Oid> ahead = table(question).indexes.stream().filter(walk::canSplitAt).toList();
    return ahead.size() < 2 ? null : ahead.get(ahead.size() / 2);
  }

  private Table table(Question.Walk question) {
    return tables.getOrDefault(question, Table.UNKNOWN);
  }

  private void put(Question.Walk question, Table table) {
    if (tables.containsKey(question) || tables.size() < MOST_TABLES) {
      tables.put(question, table);
    }
  }
}
