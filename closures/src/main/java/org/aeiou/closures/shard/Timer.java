package org.aeiou.closures.shard;

/**
 * Something that happens at a time, unless it is taken back: a node of a {@link TimingWheel}. It is
 * a {@link Mail} too because the things that have a time, pending requests and exchanges, also come
 * in from other threads. Touched by the owner of the wheel only.
 */
public abstract class Timer extends Mail {
  /** In no wheel. */
  static final short NOWHERE = -1;

  /** When it is due, by the ticker of its wheel. */
  protected long dueNanos;

  Timer before;
  Timer after;
  short slot = NOWHERE;

  /** Happens. It is no longer in the wheel and may be put back. */
  protected abstract void fire();

  /** For what comes in from other threads, too. */
  @Override
  protected void receive() {
    throw new AssertionError("this has a time, and is never posted");
  }

  /** Whether it is in a wheel. */
  public final boolean isScheduled() {
    return slot != NOWHERE;
  }
}
