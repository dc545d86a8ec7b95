package org.aeiou.closures.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
  private static final SchedulerCounter[] OF_REASON = countersOfReasons();

  private final long[] cells = new long[SchedulerCounter.values().length];

  /** From the start of an exchange, or its latest part, to its answer: in microseconds. */
  public final ShardHistogram roundTrips = ShardHistogram.ofTimes();

  /** How many items went into each exchange. */
  public final ShardHistogram batches = ShardHistogram.ofSizes();

  /** How long exchanges waited for a rate or a budget, those that did: in microseconds. */
  public final ShardHistogram budgetWaits = ShardHistogram.ofTimes();

  /** Counted by the thread it happens on, not by the owner. */
  public final LongAdder rejected = new LongAdder();

  /** Counted by the thread it happens on, not by the owner. */
  public final LongAdder duplicates = new LongAdder();

  /** Counted by the thread it happens on, not by the owner. */
  public final LongAdder deliveriesRefused = new LongAdder();

  /** Requests that ended in STOPPED after the owner had gone. */
  public final LongAdder stoppedOutside = new LongAdder();

  /** Owner only. */
  public void count(SchedulerCounter counter) {
    count(counter, 1);
  }

  /** Owner only. */
  public void count(SchedulerCounter counter, int n) {
    int i = counter.ordinal();
    // Opaque: one writer; readers want a whole, recent value and no ordering with anything else.
    CELL.setOpaque(cells, i, cells[i] + n);
  }

  /** Owner only. */
  public void count(Outcome<?> outcome) {
    count(counterOf(outcome));
  }

  /** What was counted so far; any thread. */
  public long get(SchedulerCounter counter) {
    long outside =
        switch (counter) {
          case REJECTED -> rejected.sum();
          case DUPLICATES -> duplicates.sum();
          case DELIVERIES_REFUSED -> deliveriesRefused.sum();
          case SUBMITTED, STOPPED -> stoppedOutside.sum();
          default -> 0;
        };
    return (long) CELL.getOpaque(cells, counter.ordinal()) + outside;
  }

  private static SchedulerCounter counterOf(Outcome<?> outcome) {
    if (outcome instanceof Reading<?>) {
      return SchedulerCounter.READING;
    }
    if (outcome instanceof Absent<?>) {
      return SchedulerCounter.ABSENT;
    }
    return OF_REASON[((Failure<?>) outcome).reason().ordinal()];
  }

  private static SchedulerCounter[] countersOfReasons() {
    Failure.Reason[] reasons = Failure.Reason.values();
    SchedulerCounter[] counters = new SchedulerCounter[reasons.length];
    for (Failure.Reason reason : reasons) {
      counters[reason.ordinal()] =
          switch (reason) {
            case TIMEOUT -> SchedulerCounter.TIMEOUT;
            case UNREACHABLE -> SchedulerCounter.UNREACHABLE;
            case REFUSED -> SchedulerCounter.REFUSED;
            case NOT_WRITABLE -> SchedulerCounter.NOT_WRITABLE;
            case CANCELLED -> SchedulerCounter.CANCELLED_OUTCOME;
            case BAD_ANSWER -> SchedulerCounter.BAD_ANSWER;
            case NOT_CACHED -> SchedulerCounter.NOT_CACHED;
            case OVERLOADED -> SchedulerCounter.OVERLOADED;
            case UNKNOWN_NAME -> SchedulerCounter.UNKNOWN_NAME;
            case STOPPED -> SchedulerCounter.STOPPED;
            case OUT_OF_RANGE -> SchedulerCounter.OUT_OF_RANGE;
            case NOT_DONE -> SchedulerCounter.NOT_DONE;
            case BAD_REQUEST -> SchedulerCounter.BAD_REQUEST;
            // Said of a path before any system is asked: never counted here.
            case IS_DIRECTORY, NOT_DIRECTORY, NAME_TOO_LONG -> SchedulerCounter.BAD_ANSWER;
          };
    }
    return counters;
  }
}
