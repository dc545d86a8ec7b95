package org.aeiou.closures.attached;

import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;

/** A request that waits for a daemon, or a watch, which may do so again. */
final class WaitingRequest<C> implements Request {
  private final Reconnection connection;
  private final Reconnection.Ask<C> ask;
  private final Closure<byte[], C> closure;
  private final C context;
  private final boolean isWatch;

  /** Null if it was to be sent off at once. */
  final ReconnectingBurst burst;

  /** By when it must have ended, by the ticker; 0 for never. */
  private final long deadline;

  /** At the daemon that has it; null while it waits. */
  private volatile Request there;

  private volatile boolean withdrawn;
  private volatile boolean done;

  WaitingRequest(
      Reconnection connection,
      ReconnectingBurst burst,
      Reconnection.Ask<C> ask,
      Closure<byte[], C> closure,
      C context,
      long deadline,
      boolean isWatch) {
    this.connection = connection;
    this.burst = burst;
    this.ask = ask;
    this.closure = closure;
    this.context = context;
    this.deadline = deadline;
    this.isWatch = isWatch;
  }

  /**
   * Asks for it; whether there was room.
   *
   * @param nowNanos by the ticker: of its timeout there is left what has not passed
   */
  boolean start(Attachment net, long nowNanos) {
    AttachedBurst own = null;
    if (burst != null) {
      AttachedBurst whole = burst.of(net);
      own = deadline == 0 ? whole : whole.with(whole.options.left(deadline - nowNanos));
    }
    Request asked = ask.ask(net, own, this::told);
    if (asked == null) {
      return false;
    }
    there = asked;
    // Volatile: of this and cancel() each writes before it looks for what the other one wrote.
    if (withdrawn) {
      asked.cancel();
    }
    return true;
  }

  private void told(C same, Outcome<byte[]> outcome, boolean delayed) {
    boolean isStopped =
        outcome instanceof Failure<byte[]> failure
            && failure.reason() == Failure.Reason.STOPPED
            && connection.isLost();
    if (isStopped && isWatch && !withdrawn) {
      there = null;
      if (connection.add(this)) {
        return;
      }
    }
    done = !isWatch || isStopped;
    closure.run(context, outcome, true);
  }

  /** Why it need not wait any longer; null if it does. */
  Failure<byte[]> over(long nowNanos) {
    if (withdrawn) {
      return new Failure<>(Failure.Reason.CANCELLED, "withdrawn");
    }
    return deadline != 0 && deadline - nowNanos <= 0
        ? new Failure<>(Failure.Reason.TIMEOUT, "its deadline passed")
        : null;
  }

  /** Ends it while it waits. */
  void end(Failure<byte[]> why) {
    done = true;
    closure.run(context, why, true);
  }

  @Override
  public void cancel() {
    withdrawn = true;
    Request asked = there;
    if (asked != null) {
      asked.cancel();
    } else {
      connection.look();
    }
  }

  @Override
  public boolean isDone() {
    Request asked = there;
    return done || (asked != null && asked.isDone());
  }
}
