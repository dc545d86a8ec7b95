package org.aeiou.daemon.cluster.handover;

import com.google.common.base.Ticker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The order in which an owner gives a slot away, so that no read fails: what is new waits for the
 * next owner, what is pending ends, the next owner is given what is known, and then the lease is
 * released. What takes too long is not waited for. Many slots are under way at a time.
 */
final class GivingAway {
  /** For so long what is pending is waited for: the time-out of an agent may be longer. */
  private static final long MOST_PENDING_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Yielding yielding;
  private final PageSender sender;
  private final KeptLearned learned;
  private final Later later;
  private final Ticker ticker;
  private final HandoverCounters counters;

  GivingAway(
      Yielding yielding,
      PageSender sender,
      KeptLearned learned,
      Later later,
      Ticker ticker,
      HandoverCounters counters) {
    this.yielding = yielding;
    this.sender = sender;
    this.learned = learned;
    this.later = later;
    this.ticker = ticker;
    this.counters = counters;
  }

  /**
   * Gives a slot away.
   *
   * @param member which one is to get it; null if there is none
   * @param done releases the lease
   */
  void give(int slot, String member, Runnable done) {
    counters.givenAway.increment();
    List<IntSupplier> pending = yielding.stopAsking(slot);
    long until = ticker.read() + MOST_PENDING_NANOS;
    look(slot, member, done, pending, until);
  }

  private void look(int slot, String member, Runnable done, List<IntSupplier> pending, long until) {
    List<IntSupplier> still = pending.stream().filter(one -> one.getAsInt() > 0).toList();
    if (!still.isEmpty() && ticker.read() - until < 0) {
      later.after(LOOK_NANOS, () -> look(slot, member, done, still, until));
      return;
    }
    if (!still.isEmpty()) {
      counters.impatient.increment();
    }
    learned.keep(slot);
    if (member == null) {
      done.run();
    } else {
      sender.send(slot, member, true, done);
    }
  }
}
