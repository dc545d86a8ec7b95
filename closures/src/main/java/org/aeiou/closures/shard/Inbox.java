package org.aeiou.closures.shard;

/**
 * The requests of one user that a shard has in its hands and has not looked at yet, in the order
 * they came. Used by the owner of the shard only.
 */
final class Inbox {
  /** Kept by the shard: whether it is in its list of inboxes that have something. */
  boolean listed;

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
    Mail taken = oldest;
    oldest = taken.next;
    taken.next = null;
    return taken;
  }
}
