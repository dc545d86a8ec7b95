package org.aeiou.closures.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * What other threads leave for the owner of a shard: an intrusive stack (R. K. Treiber, IBM RJ
 * 5118, 1986) that the owner takes whole and reverses. Any thread pushes; only the owner drains,
 * parks and closes.
 *
 * <p>Taking the whole stack at once is what makes it free of the ABA problem: no thread ever pops
 * one node. It is also what makes batches: what came while the owner was busy is drained together.
 *
 * <p>The head tells everything:
 *
 * <pre>
 *   null     empty, the owner is awake
 *   PARKED   empty, the owner sleeps: exactly the push that replaces it wakes the owner
 *   CLOSED   nothing is taken any more
 *   a mail   the newest; older ones behind it
 * </pre>
 *
 * Because "asleep" and "empty" are one word changed by one compare-and-set, there is no moment in
 * which a push could miss a sleeper, and no fence between two flags to forget.
 */
public final class Mailbox {

  private static final VarHandle HEAD;
  private static final Mail PARKED = new Mark();
  private static final Mail CLOSED = new Mark();

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", Mail.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through HEAD
  private volatile Mail head;

  private final int shard;
  private volatile Thread owner;

  /** The mailbox of the shard with this number. */
  public Mailbox(int shard) {
    this.shard = shard;
  }

  /** The number of its shard. */
  public int shard() {
    return shard;
  }

  /** Says which thread sleeps here; before the first push that should wake it. */
  public void ownedBy(Thread thread) {
    owner = thread;
  }

  /** Leaves one mail. Returns false, and takes nothing, if the mailbox is closed. */
  public boolean push(Mail mail) {
    return push(mail, mail);
  }

  /** Leaves a chain, linked from the newest to the oldest, as if pushed one by one, at once. */
  boolean push(Mail newest, Mail oldest) {
    for (; ; ) {
      // Acquire pairs with nothing that matters: the value is only compared and linked, not read.
      Mail seen = (Mail) HEAD.getAcquire(this);
      if (seen == CLOSED) {
        oldest.next = null; // an attempt before may have linked it to what others pushed
        return false;
      }
      oldest.next = seen == PARKED ? null : seen;
      // The release half pairs with the getAndSet in drain() and close(): it publishes the mails'
      // fields and their links to the owner.
      if (HEAD.compareAndSet(this, seen, newest)) {
        if (seen == PARKED) {
          LockSupport.unpark(owner);
        }
        return true;
      }
    }
  }

  /** Takes all there is: the oldest mail, linked to the newer ones; or null. */
  Mail drain() {
    if (HEAD.getOpaque(this) == null) {
      return null;
    }
    // The acquire half pairs with the release in push().
    return reversed((Mail) HEAD.getAndSet(this, null));
  }

  /** Takes all there is and refuses what comes later. */
  Mail close() {
    // The acquire half pairs with the release in push(); a push either comes before this, and its
    // mail is returned, or finds CLOSED. There is no third case.
    Mail rest = (Mail) HEAD.getAndSet(this, CLOSED);
    return rest == CLOSED || rest == PARKED ? null : reversed(rest);
  }

  /**
   * Sleeps until something is pushed, or for {@code nanos}; not at all if something is there. May
   * return early.
   */
  void park(long nanos) {
    // Fails if anything was pushed since the last drain: then there is no reason to sleep.
    if (nanos > 0 && HEAD.compareAndSet(this, null, PARKED)) {
      LockSupport.parkNanos(this, nanos);
      HEAD.compareAndSet(this, PARKED, null);
    }
  }

  private static Mail reversed(Mail newest) {
    Mail oldest = null;
    for (Mail mail = newest; mail != null; ) {
      Mail older = mail.next;
      mail.next = oldest;
      oldest = mail;
      mail = older;
    }
    return oldest;
  }

  private static final class Mark extends Mail {
    @Override
    protected void receive() {
      throw new AssertionError("a mark is never delivered");
    }
  }
}
