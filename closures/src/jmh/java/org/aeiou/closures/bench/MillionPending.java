package org.aeiou.closures.bench;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Closure;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.closures.scheduler.SystemQueue;

/**
 * A million requests that no system answers: what they cost in heap and time, one distinct key and
 * one deadline each, over 1 000 systems. Not a JMH benchmark: it measures a state, not a call.
 */
public final class MillionPending {
  private static final int REQUESTS = 1_000_000;
  private static final int SYSTEMS = 1_000;

  private MillionPending() {}

  /** Runs it once and prints the figures; exits with 1 if the heap is above 1 GiB. */
  public static void main(String[] args) {
    int threadsBefore = Thread.activeCount();
    AtomicLong ended = new AtomicLong();
    Closure<Long, AtomicLong> count = (counter, outcome, delayed) -> counter.incrementAndGet();
    CompletionScheduler<Long, Long> scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT.withMaxPending(REQUESTS / 8 * 9),
            Ticker.systemTicker(),
            InstantSource.system(),
            new SplittableRandom());
    List<SystemQueue<Long, Long>> systems = new ArrayList<>();
    Limits limits = new Limits(Duration.ofHours(1), 0, 2, Duration.ZERO, 24);
    for (int i = 0; i < SYSTEMS; i++) {
      systems.add(scheduler.open("sw" + i, limits, new Silent(), (key, outcome, late) -> outcome));
    }
    long heapBefore = usedHeap();
    long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
    long start = System.nanoTime();
    RequesterBurst burst = scheduler.requester("me").begin();
    for (int i = 0; i < REQUESTS; i++) {
      systems
          .get(i % SYSTEMS)
          .submit((long) i, Priority.INTERACTIVE, deadline + i * 1000L, burst, count, ended);
      if (i % 10_000 == 9_999) {
        burst.end();
      }
    }
    long submitted = System.nanoTime();
    while (scheduler.metrics().values().get("submitted") < REQUESTS) {
      Thread.onSpinWait();
    }
    long takenIn = System.nanoTime();
    long bytes = usedHeap() - heapBefore;
    int threads = Thread.activeCount() - threadsBefore;
    long closing = System.nanoTime();
    scheduler.close();
    long closed = System.nanoTime();
    if (ended.get() != REQUESTS) {
      throw new AssertionError(ended.get() + " outcomes, expected " + REQUESTS);
    }
    System.out.printf("pending requests      %,d over %,d systems%n", REQUESTS, SYSTEMS);
    System.out.printf("heap in all           %,d KiB (target: 1,048,576)%n", bytes / 1024);
    System.out.printf("per request           %d bytes, its key included%n", bytes / REQUESTS);
    System.out.printf("threads               %d%n", threads);
    System.out.printf("time to submit        %,d ms%n", (submitted - start) / 1_000_000);
    System.out.printf("until all are queued  %,d ms%n", (takenIn - start) / 1_000_000);
    System.out.printf("time to end them all  %,d ms%n", (closed - closing) / 1_000_000);
    System.exit(bytes <= 1L << 30 ? 0 : 1);
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Never answers. */
  private static final class Silent implements Exchanger<Long, Long> {
    @Override
    public Object kind(Long key) {
      return "any";
    }

    @Override
    public void start(Exchange<Long, Long> exchange) {}
  }
}
