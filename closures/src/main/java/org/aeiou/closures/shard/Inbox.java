package org.aeiou.closures.shard;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests of one user that a shard has in its hands and has not looked at yet, in the order
 * they came. Used by the owner of the shard only, but for {@link #taken}.
 */
final class Inbox {
  /** Kept by the shard: whether it is in its list of inboxes that have something. */
  boolean listed;

  /** How many were taken out; counted by the owner, read by any thread. */
  private final AtomicLong taken = new AtomicLong();

  private Mail oldest;
  private Mail newest;

  boolean isEmpty() {
    return oldest == null;
  }

  /** Adds a request; its link to a neighbour must be free. */
  void add(Mail request) {
    if (oldest == null) {
      oldest = request;
    } else {
      newest.next = request;
    }
    newest = request;
  }

  /** Whether the oldest is about the same as mail that was taken out before it. */
  @SuppressWarnings("ReferenceEquality") // a system is told by identity
  boolean goesOnWith(Mail taken) {
    return oldest != null && taken.about() != null && oldest.about() == taken.about();
  }

  /** Takes the oldest out; there must be one. */
  Mail take() {
    Mail first = oldest;
    oldest = first.next;
    first.next = null;
    // Opaque: one writer; readers want a whole, recent value.
    taken.setOpaque(taken.getPlain() + 1);
    return first;
  }

  /** How many requests were taken out so far; any thread. */
  long taken() {
    return taken.getOpaque();
  }
}
