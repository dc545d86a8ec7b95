package org.aeiou.closures.shard;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cap on exchanges in flight over all shards, without locks and without dividing it: a shard
 * alone may use all of it.
 *
 * <p>A shard that finds none free becomes <em>starving</em>. A shard that gives a permit back hands
 * it to a starving one, if there is one, before any other can take it; so a busy shard cannot keep
 * the others out. The hand-over travels as mail, so it also wakes a sleeper.
 */
public final class Permits {
  private final int cap;
  private final AtomicInteger free;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();
  private final OfShard[] shares;

  /** Permits that are all free. */
  public Permits(int cap, int shards) {
    this.cap = cap;
    this.free = new AtomicInteger(cap);
    this.shares = new OfShard[shards];
  }

  /** Gives shard number {@code index} its share; before any thread uses the permits. */
  OfShard share(int index, Mailbox mailbox) {
    OfShard share = new OfShard(index, mailbox);
    shares[index] = share;
    return share;
  }

  /** How many exchanges are in flight over all shards. */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * Whether {@code user} may use a permit that was just taken. A user that asks ten thousand dead
   * systems leaves some for the others.
   */
  private boolean mayUse(User user) {
    return DynamicThreshold.allows(user.inFlight() + 1L, cap - inFlight.get() + 1L);
  }

  /** How many there were at the most. */
  public int mostInFlight() {
    return mostInFlight.get();
  }

  private boolean takeFree() {
    for (int seen = free.get(); seen > 0; seen = free.get()) {
      if (free.compareAndSet(seen, seen - 1)) {
        return true;
      }
    }
    return false;
  }

  private void putBack(int startAt) {
    free.incrementAndGet();
    for (int i = 0; i < shares.length; i++) {
      OfShard share = shares[(startAt + i) % shares.length];
      if (share.state.get() == OfShard.STARVING && takeFree()) {
        if (share.state.compareAndSet(OfShard.STARVING, OfShard.GRANTED)
            && share.mailbox.push(share)) {
          return;
        }
        // It helped itself meanwhile, or is closed. Another shard may have looked while the permit
        // was out of the pot and gone hungry: look at all of them again.
        free.incrementAndGet();
        i = -1;
      }
    }
  }

  /** One shard's access; all methods are for its owner. Its mail is a permit handed over. */
  public final class OfShard extends Mail {
    private static final int CONTENT = 0;
    private static final int STARVING = 1;
    private static final int GRANTED = 2;

    private final int index;
    private final Mailbox mailbox;
    private int spare;

    /**
     * STARVING is set before the owner looks at {@code free} for the last time, and a giver raises
     * {@code free} before it looks at this: both are volatile, so at least one sees the other.
     * While GRANTED, this mail is in the mailbox and must not be pushed again.
     */
    private final AtomicInteger state = new AtomicInteger(CONTENT);

    private OfShard(int index, Mailbox mailbox) {
      this.index = index;
      this.mailbox = mailbox;
    }

    /** Whether {@code user} may use the permit that was taken last. */
    public boolean mayUse(User user) {
      return Permits.this.mayUse(user);
    }

    /** Takes a permit for one exchange. If there is none, one will come as mail. */
    boolean take() {
      boolean taken = spare > 0 || takeFree() || takeStarving();
      if (taken) {
        spare = Math.max(0, spare - 1);
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
      }
      return taken;
    }

    /** Gives back the permit of an exchange that ended. */
    public void giveBack() {
      inFlight.decrementAndGet();
      putBack(index + 1);
    }

    /** Gives back what was handed over and found no use. */
    void giveBackSpare() {
      for (; spare > 0; spare--) {
        putBack(index + 1);
      }
    }

    /** Takes a permit that another shard handed over. */
    @Override
    protected void receive() {
      state.set(CONTENT);
      spare++;
    }

    private boolean takeStarving() {
      if (!state.compareAndSet(CONTENT, STARVING) && state.get() == GRANTED) {
        return false;
      }
      if (!takeFree()) {
        return false;
      }
      // If this fails a permit is on its way: it will be a spare one.
      state.compareAndSet(STARVING, CONTENT);
      return true;
    }
  }
}
