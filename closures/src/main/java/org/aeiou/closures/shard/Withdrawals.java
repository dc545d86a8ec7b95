package org.aeiou.closures.shard;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The requests that were withdrawn since a shard looked last: one mail, however many they are. Any
 * thread adds; the owner of the shard takes all of them in one step.
 *
 * <p>They are linked through themselves, the newest first. This is in the mailbox as long as there
 * are any: it is posted by the thread that adds the first, and the owner takes it out before it
 * takes them.
 */
public final class Withdrawals extends Mail {

  /** A request that was withdrawn, and its neighbour among those. */
  public interface Withdrawn {
    void link(Withdrawn neighbour);

    Withdrawn linked();

    /** The owner of the shard has heard of it. */
    void withdrawn();
  }

  private final Shard shard;

  /** The compare-and-set of {@link #add} publishes the link that it is read by in receive(). */
  private final AtomicReference<Withdrawn> newest = new AtomicReference<>();

  public Withdrawals(Shard shard) {
    this.shard = shard;
  }

  /** Adds a request that was withdrawn, once. */
  public void add(Withdrawn request) {
    Withdrawn seen;
    do {
      seen = newest.get();
      request.link(seen);
    } while (!newest.compareAndSet(seen, request));
    if (seen == null) {
      shard.mailbox().push(this);
    }
  }

  @Override
  protected void receive() {
    shard.counters().count(SchedulerCounter.WITHDRAWALS);
    Withdrawn last = newest.getAndSet(null);
    Withdrawn oldest = null;
    while (last != null) {
      Withdrawn before = last.linked();
      last.link(oldest);
      oldest = last;
      last = before;
    }
    while (oldest != null) {
      Withdrawn later = oldest.linked();
      oldest.link(null);
      oldest.withdrawn();
      oldest = later;
    }
  }
}
