package org.aeiou.daemon.simulator.objects;

import java.util.concurrent.TimeUnit;

/** What an agent's counters show of what it counted: what real agents do that confuses pollers. */
final class Counters {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private long renewedEveryNanos;
  private long sinceNanos;
  private long discontinuityTicks;
  private boolean narrow;

  void renew(long everyNanos) {
    renewedEveryNanos = everyNanos;
  }

  void restart(long uptimeNanos, boolean told) {
    sinceNanos = uptimeNanos;
    discontinuityTicks = told ? uptimeNanos / TICK_NANOS : discontinuityTicks;
  }

  void reboot() {
    sinceNanos = 0;
    discontinuityTicks = 0;
  }

  void dropWide() {
    narrow = true;
  }

  boolean areNarrow() {
    return narrow;
  }

  long discontinuityTicks() {
    return discontinuityTicks;
  }

  /** For how long they have counted, as far as they show it. */
  long countedMillis(long uptimeNanos) {
    long shown =
        renewedEveryNanos == 0 ? uptimeNanos : uptimeNanos / renewedEveryNanos * renewedEveryNanos;
    return TimeUnit.NANOSECONDS.toMillis(Math.max(0, shown - sinceNanos));
  }
}
