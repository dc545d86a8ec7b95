package org.aeiou.closures.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;

/**
 * The counters of one shard. The owner counts with plain arithmetic, any thread may read; what
 * happens on other threads is counted apart, in adders.
 */
@SuppressWarnings("EnumOrdinal") // indexes into arrays that live as long as the enum; never stored
public final class ShardCounters {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final Counter[] ALL = Counter.values();
  private static final Counter[] OF_REASON = countersOfReasons();

  private final long[] cells = new long[ALL.length];

  /** Counted by the thread it happens on, not by the owner. */
  public final LongAdder rejected = new LongAdder();

  /** Counted by the thread it happens on, not by the owner. */
  public final LongAdder duplicates = new LongAdder();

  /** Counted by the thread it happens on, not by the owner. */
  public final LongAdder deliveriesRefused = new LongAdder();

  /** Requests that ended in STOPPED after the owner had gone. */
  public final LongAdder stoppedOutside = new LongAdder();

  /** Owner only. */
  public void count(Counter counter) {
    count(counter, 1);
  }

  /** Owner only. */
  public void count(Counter counter, int n) {
    int i = counter.ordinal();
    // Opaque: one writer; readers want a whole, recent value and no ordering with anything else.
    CELL.setOpaque(cells, i, cells[i] + n);
  }

  /** Owner only. */
  public void count(Outcome<?> outcome) {
    count(counterOf(outcome));
  }

  /** Adds these counters to {@code sums}; any thread. */
  public void addTo(Map<String, Long> sums) {
    for (int i = 0; i < ALL.length; i++) {
      sums.merge(ALL[i].key, (long) CELL.getOpaque(cells, i), Long::sum);
    }
    sums.merge(Counter.REJECTED.key, rejected.sum(), Long::sum);
    sums.merge(Counter.DUPLICATES.key, duplicates.sum(), Long::sum);
    sums.merge(Counter.DELIVERIES_REFUSED.key, deliveriesRefused.sum(), Long::sum);
    sums.merge(Counter.SUBMITTED.key, stoppedOutside.sum(), Long::sum);
    sums.merge(Counter.STOPPED.key, stoppedOutside.sum(), Long::sum);
  }

  private static Counter counterOf(Outcome<?> outcome) {
    if (outcome instanceof Reading<?>) {
      return Counter.READING;
    }
    if (outcome instanceof Absent<?>) {
      return Counter.ABSENT;
    }
    return OF_REASON[((Failure<?>) outcome).reason().ordinal()];
  }

  private static Counter[] countersOfReasons() {
    Failure.Reason[] reasons = Failure.Reason.values();
    Counter[] counters = new Counter[reasons.length];
    for (Failure.Reason reason : reasons) {
      counters[reason.ordinal()] =
          switch (reason) {
            case TIMEOUT -> Counter.TIMEOUT;
            case UNREACHABLE -> Counter.UNREACHABLE;
            case REFUSED -> Counter.REFUSED;
            case NOT_WRITABLE -> Counter.NOT_WRITABLE;
            case CANCELLED -> Counter.CANCELLED_OUTCOME;
            case BAD_ANSWER -> Counter.BAD_ANSWER;
            case NOT_CACHED -> Counter.NOT_CACHED;
            case OVERLOADED -> Counter.OVERLOADED;
            case UNKNOWN_NAME -> Counter.UNKNOWN_NAME;
            case STOPPED -> Counter.STOPPED;
            // Said of a path or a request before any system is asked: never counted here.
            case BAD_REQUEST, IS_DIRECTORY, NOT_DIRECTORY, NAME_TOO_LONG -> Counter.BAD_ANSWER;
          };
    }
    return counters;
  }
}
