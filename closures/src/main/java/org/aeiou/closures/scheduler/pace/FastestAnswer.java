package org.aeiou.closures.scheduler.pace;

import java.util.concurrent.TimeUnit;

/**
 * The fastest of a system's answers: no answer is expected sooner. It is believed after {@value
 * #ENOUGH} answers, and as long as the last one is not long ago: a request that is sent then,
 * although it may be in vain, finds out whether the system has become faster. Used by the owner of
 * the system only.
 */
public final class FastestAnswer {
  private static final int ENOUGH = 8;
  private static final long BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long leastNanos = Long.MAX_VALUE;
  private int answers;
  private long lastNanos;

  /** An answer took so long. */
  public void answered(long tookNanos, long nowNanos) {
    leastNanos = Math.min(leastNanos, tookNanos);
    answers = Math.min(answers + 1, ENOUGH);
    lastNanos = nowNanos;
  }

  /** As {@link #nanos}, or -1 where it is not known. */
  public long shown(long nowNanos) {
    long nanos = nanos(nowNanos);
    return nanos == 0 ? -1 : nanos;
  }

  /** How long an answer takes at least; 0 where that is not known. */
  public long nanos(long nowNanos) {
    return answers >= ENOUGH && nowNanos - lastNanos < BELIEVED_NANOS ? leastNanos : 0;
  }
}
