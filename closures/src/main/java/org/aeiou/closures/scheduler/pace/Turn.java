package org.aeiou.closures.scheduler.pace;

import org.aeiou.closures.shard.User;

/**
 * One user's place in a {@link BudgetLine}, for what it wants of one system. Used by the owner of
 * the shard only.
 */
public abstract class Turn extends RoundRobin.Participant {
  final User user;
  final boolean interactive;
  private final BudgetLine line;

  protected Turn(BudgetLine line, User user, boolean interactive) {
    this.line = line;
    this.user = user;
    this.interactive = interactive;
  }

  /** Whether it is one in that line. */
  public boolean isOf(BudgetLine other) {
    return line == other;
  }

  /** Whether its system could be asked now, if there is a token. */
  protected abstract boolean mayStart(long nowNanos);

  /** It has a token, which is to be used soon or given back. */
  protected abstract void granted();
}
