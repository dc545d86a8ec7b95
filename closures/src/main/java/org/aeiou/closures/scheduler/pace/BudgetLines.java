package org.aeiou.closures.scheduler.pace;

import java.util.HashMap;
import java.util.Map;
import org.aeiou.closures.shard.Shard;

/** The lines of one shard, one for each budget that its systems share. Used by its owner only. */
public final class BudgetLines {
  private final Shard shard;
  private final Map<Budget, BudgetLine> lines = new HashMap<>();

  /** No lines yet. */
  public BudgetLines(Shard shard) {
    this.shard = shard;
  }

  /** The line for a budget, from now on; null for none. */
  BudgetLine enter(Budget budget) {
    if (budget == null) {
      return null;
    }
    BudgetLine line = lines.computeIfAbsent(budget, same -> new BudgetLine(shard, same));
    line.systems++;
    return line;
  }

  /** A system is in a line no more. */
  void leave(BudgetLine line) {
    if (line != null && --line.systems == 0) {
      lines.remove(line.budget());
      line.close();
    }
  }
}
