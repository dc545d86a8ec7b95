package org.aeiou.closures.shard;

/**
 * Something that a {@link Shard} owns and that starts exchanges: a system. As mail it is the news
 * that it was opened. All methods are called by the owner of the shard.
 */
public abstract class OwnedSystem extends Mail {
  /** Kept by the shard: whether something happened to it in this turn. */
  boolean touched;

  /** Kept by the shard: whether it is in the list of those that may have something to send. */
  boolean ready;

  /** What messages call it. */
  protected abstract String name();

  /** Whether an exchange may start now. */
  protected abstract boolean canSend(long nowNanos);

  /** Starts one exchange, for which a permit was taken; returns whether it did. */
  protected abstract boolean send(long nowNanos);

  /** A turn in which something happened to it has ended. */
  protected abstract void turned();

  /** Ends all it has, and what is under way: the shard ends. */
  protected abstract void stopAtOnce();
}
