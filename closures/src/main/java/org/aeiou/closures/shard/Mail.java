package org.aeiou.closures.shard;

/**
 * Something for the thread that owns a shard to do, left in its {@link Mailbox}. The object that
 * travels is its own list node, so that posting allocates nothing; it may be in one mailbox, once,
 * at a time.
 */
public abstract class Mail {
  /** The neighbour in a mailbox or a burst; written before the push publishes it. */
  Mail next;

  /** Does it. Called by the owner of the shard. */
  protected abstract void receive();

  /**
   * The user whose turn it has to wait for; null for what is received at once. Called by the owner
   * of the shard.
   */
  protected User sender() {
    return null;
  }

  /**
   * What it is about: mail about the same that comes in a row is taken in together, as it may fill
   * one exchange. Null if it is about nothing. Called by the owner of the shard.
   */
  protected Object about() {
    return null;
  }

  /** Its mailbox was closed before it came. Called by the thread that pushed it in a chain. */
  protected void refused() {}
}
