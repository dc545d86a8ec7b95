package org.aeiou.closures.scheduler.pace;

import java.util.HashMap;
import java.util.Map;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.Timer;
import org.aeiou.closures.shard.User;

/**
 * The systems of one shard that wait for a token of one {@link Budget}, and of the one that it is
 * within. The users take turns, and the systems that a user waits for; interactive before
 * background. Used by the owner of the shard only.
 *
 * <p>However many wait, there is one timer, and it is set for the time at which the next token is
 * there: none of them tries again. The token is reserved if an interactive request waits for it, so
 * that the lines of all shards and budgets have theirs in turn. What is in the background reserves
 * none: it takes what is left over, and comes behind all that waits anywhere.
 */
public final class BudgetLine extends Timer {
  private final Shard shard;
  private final Budget budget;

  /** The one that all tokens are taken of; the budget itself if it is within no other. */
  private final Budget top;

  private final Side interactive = new Side();
  private final Side background = new Side();
  private boolean reserved;
  private long reservedNanos;

  /** Kept by {@link BudgetLines}: how many systems share it. */
  int systems;

  /** An empty one. */
  public BudgetLine(Shard shard, Budget budget) {
    this.shard = shard;
    this.budget = budget;
    this.top = budget.within() == null ? budget : budget.within();
  }

  public Budget budget() {
    return budget;
  }

  /** Takes a token if one is there and none waits for it. */
  boolean take(long nowNanos) {
    if (!interactive.isEmpty() || !background.isEmpty() || !takeBelowTop(nowNanos)) {
      return false;
    }
    if (top.take(nowNanos)) {
      return true;
    }
    giveBackBelowTop();
    return false;
  }

  /** Gives a token back that was taken or granted. */
  void giveBack() {
    giveBackBelowTop();
    top.giveBack();
  }

  /** Something was sent without asking. */
  void spend(long nowNanos) {
    top.reserve(nowNanos);
    if (budget != top) {
      budget.reserve(nowNanos);
    }
  }

  /** Lines up what is not in here yet. */
  public void add(Turn turn) {
    (turn.interactive ? interactive : background).add(turn);
  }

  /** Grants what tokens are there, and sees to it that this is called when the next one is. */
  void serve(long nowNanos) {
    while (!interactive.isEmpty() || !background.isEmpty()) {
      long wait = budget == top ? 0 : budget.waitNanos(nowNanos);
      if (wait > 0) {
        endReservation();
        wakeAt(nowNanos + wait + jitter(budget));
        return;
      }
      if (!reserved) {
        wait = interactive.isEmpty() ? top.waitNanos(nowNanos) : 0;
        if (wait > 0) {
          wakeAt(nowNanos + wait + jitter(top));
          return;
        }
        reserved = true;
        reservedNanos = top.reserve(nowNanos);
      }
      if (reservedNanos - nowNanos > 0) {
        wakeAt(reservedNanos);
        return;
      }
      if (takeBelowTop(nowNanos)) {
        Turn turn = interactive.next(nowNanos);
        turn = turn == null ? background.next(nowNanos) : turn;
        if (turn == null) {
          giveBackBelowTop();
          break;
        }
        reserved = false;
        turn.granted();
      }
    }
    endReservation();
    interactive.forget();
    background.forget();
  }

  /**
   * How long a request that comes now has to wait for its token, as things are.
   *
   * @param ahead how many exchanges start before it for the same requester with the same system;
   *     all systems that its user waits for have a turn with each of them
   */
  long waitNanos(long nowNanos, int ahead, User user, boolean ofInteractive) {
    int waiting = (ofInteractive ? interactive : background).waiting(user);
    long tokens = (long) ahead * Math.max(1, waiting) + waiting;
    long wait = top.waitNanos(nowNanos, reserved ? Math.max(0, tokens - 1) : tokens);
    return budget == top ? wait : Math.max(wait, budget.waitNanos(nowNanos, tokens));
  }

  /** No system shares it any more. */
  void close() {
    shard.wheel().remove(this);
    endReservation();
  }

  @Override
  protected void fire() {
    serve(shard.now());
  }

  private boolean takeBelowTop(long nowNanos) {
    return budget == top || budget.take(nowNanos);
  }

  private void giveBackBelowTop() {
    if (budget != top) {
      budget.giveBack();
    }
  }

  private void endReservation() {
    if (reserved) {
      reserved = false;
      top.giveBack();
    }
  }

  private void wakeAt(long nanos) {
    shard.wheel().remove(this);
    shard.wheel().add(this, nanos);
  }

  /** Lines of other shards wait for the same token, and none of them shall always be first. */
  private long jitter(Budget of) {
    return shard.random().nextLong(of.rate().intervalNanos() / 4 + 1);
  }

  /** What is interactive, or what is not. */
  private static final class Side {
    private final RoundRobin<OfUser> users = new RoundRobin<>();
    private final Map<User, OfUser> byUser = new HashMap<>();

    boolean isEmpty() {
      return users.isEmpty();
    }

    void add(Turn turn) {
      OfUser user = byUser.computeIfAbsent(turn.user, same -> new OfUser());
      user.systems.add(turn);
      users.add(user);
    }

    /** The next that could use a token; those before it line up again when they can. */
    Turn next(long nowNanos) {
      for (OfUser user = users.next(); user != null; user = users.next()) {
        Turn turn = user.systems.take();
        if (turn != null && turn.mayStart(nowNanos)) {
          return turn;
        }
      }
      return null;
    }

    int waiting(User user) {
      OfUser known = byUser.get(user);
      return known == null ? 0 : known.systems.size();
    }

    /** Users that wait for nothing are not kept. */
    void forget() {
      if (users.isEmpty()) {
        byUser.clear();
      }
    }
  }

  private static final class OfUser extends RoundRobin.Participant {
    private final RoundRobin<Turn> systems = new RoundRobin<>();

    @Override
    protected boolean isEmpty() {
      return systems.isEmpty();
    }
  }
}
