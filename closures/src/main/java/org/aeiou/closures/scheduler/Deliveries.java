package org.aeiou.closures.scheduler;

import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shard.DynamicThreshold;
import org.aeiou.closures.shard.Mail;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.User;

/**
 * What comes in for one system without having been asked for. It travels as mail to the thread that
 * owns the system, which takes it in turns with the requests of users.
 */
final class Deliveries<K, V> {

  /**
   * How many deliveries may be on their way at once, over all systems; for each system a {@link
   * DynamicThreshold}, so that one that pushes without end leaves room for the others.
   */
  static final class Bound {
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();

    /** Whose turn it is at a shard when deliveries have theirs. */
    private final User sender;

    Bound(int most, int shards) {
      this.most = most;
      this.sender = new User(shards);
    }
  }

  private final ShardQueue<K, V> system;
  private final Bound bound;

  /** Only a count: nothing else is published through it. */
  private final AtomicInteger underWay = new AtomicInteger();

  Deliveries(ShardQueue<K, V> system, Bound bound) {
    this.system = system;
    this.bound = bound;
  }

  /** Sends one on its way; false, and counted, if too many are, or the scheduler is closed. */
  boolean send(K key, Outcome<V> outcome) {
    Delivery delivery = new Delivery(key, outcome, takenNanos(outcome));
    long free = (long) bound.most - bound.underWay.incrementAndGet();
    if (DynamicThreshold.allows(underWay.incrementAndGet(), free)
        && system.shard().mailbox().push(delivery)) {
      return true;
    }
    arrived();
    system.shard().counters().deliveriesRefused.increment();
    return false;
  }

  /** Sends a task on its way, which takes its turn as a delivery does; false as for those. */
  boolean run(Runnable task) {
    return system.shard().mailbox().push(new Task(task));
  }

  private void arrived() {
    underWay.decrementAndGet();
    bound.underWay.decrementAndGet();
  }

  private static long takenNanos(Outcome<?> outcome) {
    if (outcome instanceof Reading<?> reading) {
      return reading.takenNanos();
    }
    if (outcome instanceof Absent<?> absent) {
      return absent.takenNanos();
    }
    throw new IllegalArgumentException(
        "delivered: "
            + outcome
            + ", expected a reading or an absence: nothing was asked that failed");
  }

  private final class Task extends Mail {
    private final Runnable task;

    Task(Runnable task) {
      this.task = task;
    }

    @Override
    protected User sender() {
      return bound.sender;
    }

    @Override
    protected void receive() {
      system.callbacks().run(task);
    }
  }

  private final class Delivery extends Mail {
    private final K key;
    private final Outcome<V> outcome;
    private final long takenNanos;

    Delivery(K key, Outcome<V> outcome, long takenNanos) {
      this.key = key;
      this.outcome = outcome;
      this.takenNanos = takenNanos;
    }

    @Override
    protected User sender() {
      return bound.sender;
    }

    @Override
    protected void receive() {
      arrived();
      if (system.isClosed()) {
        return;
      }
      if (system.callbacks().isOvertaken(key, takenNanos)) {
        system.count(SchedulerCounter.OVERTAKEN);
        return;
      }
      system.count(SchedulerCounter.DELIVERED);
      Outcome<V> given = system.callbacks().arrived(key, null, outcome, false);
      Fetch<K, V> fetch = system.fetches().get(key);
      PendingRequest<K, V> next = fetch == null ? null : fetch.first();
      while (next != null) {
        PendingRequest<K, V> waiter = next;
        next = waiter.later;
        if (takenNanos - waiter.askedNanos >= 0) {
          system.count(SchedulerCounter.MET);
          system.admission().leave(waiter, given);
        }
      }
    }
  }
}
