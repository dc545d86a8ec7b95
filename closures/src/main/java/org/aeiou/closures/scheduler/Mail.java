package org.aeiou.closures.scheduler;

/**
 * Something for the thread that owns a shard to do, left in its {@link Mailbox}. The object that
 * travels is its own list node, so that posting allocates nothing; it may be in one mailbox, once,
 * at a time.
 */
abstract class Mail {
  /** The neighbour in a mailbox or a burst; written before the push publishes it. */
  Mail next;

  /** Does it. Called by the owner of the shard. */
  abstract void receive();
}
