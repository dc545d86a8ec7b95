package org.aeiou.closures.scheduler;

import org.aeiou.closures.Burst;
import org.aeiou.closures.shard.Mail;
import org.aeiou.closures.shard.Mailbox;
import org.aeiou.closures.shard.PendingBound;

/** A burst of one {@link Requester}, at a {@link CompletionScheduler}. */
public abstract class RequesterBurst implements Burst {
  private final Requester requester;

  RequesterBurst(Requester requester) {
    this.requester = requester;
  }

  /** On whose behalf its requests are made. */
  public final Requester requester() {
    return requester;
  }

  /**
   * The burst in which its requester asks {@linkplain Requester#inBackground in the background}; it
   * ends with this one.
   */
  public abstract RequesterBurst inBackground();

  /**
   * Says by when the requester of what is submitted next must have an outcome, by the scheduler's
   * ticker; {@link Long#MAX_VALUE} for whenever. Heeded where one thread makes the burst: it means
   * nothing to one in which each request leaves {@linkplain Requester#alone alone}.
   */
  public void deadline(long nanos) {}

  /** As it was said last, or {@link Long#MAX_VALUE}. */
  public long deadlineNanos() {
    return Long.MAX_VALUE;
  }

  /**
   * Sends off what was submitted, as {@link #end} does, but for the requests to the system that was
   * asked last: there may be more to come for that, which will fill the same exchange.
   *
   * @return how many requests are kept
   */
  public int endButLast() {
    end();
    return 0;
  }

  /** Takes a place among what is pending for the next request, or returns false at once. */
  abstract boolean reserve(PendingBound bound);

  /**
   * Takes a request in, for which it reserved a place; false, without having taken it, if its
   * scheduler is closed.
   */
  abstract boolean take(Mail request, Object system, Mailbox mailbox);
}
