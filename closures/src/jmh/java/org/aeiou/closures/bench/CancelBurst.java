package org.aeiou.closures.bench;

import com.google.common.base.Ticker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.closures.scheduler.SystemQueue;

/**
 * Ten thousand pending requests that are withdrawn at once, alone and beside a hundred thousand of
 * another user: how long it takes from the first withdrawal until each has its outcome, and how
 * much of the shard's processor time, which other programs on the machine do not change as much.
 * Not a JMH benchmark: each burst has to be made anew.
 */
public final class CancelBurst {
  private static final int REQUESTS = 10_000;
  private static final int OTHERS = 100_000;
  private static final int SYSTEMS = 1_000;
  private static final int WARM = 20;
  private static final int ROUNDS = 21;

  private CancelBurst() {}

  /** Runs it and prints the figures; exits with 1 if the median is above 10 ms. */
  public static void main(String[] args) throws InterruptedException {
    double[] alone = median(0);
    double[] beside = median(OTHERS);
    System.out.printf("%,d withdrawn, 1 shard (target: 10 ms)%n", REQUESTS);
    print("alone", alone);
    print("beside %,d others".formatted(OTHERS), beside);
    System.exit(Math.max(alone[0], beside[0]) <= 10 ? 0 : 1);
  }

  private static void print(String what, double[] millis) {
    System.out.printf(
        "%-24s %.1f ms, of the shard's processor time %.1f ms%n", what, millis[0], millis[1]);
  }

  /** Milliseconds until all had their outcomes, and of the shard's processor time. */
  private static double[] median(int others) throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    AtomicLong ended = new AtomicLong();
    Closure<Long, AtomicLong> count = (counter, outcome, delayed) -> counter.incrementAndGet();
    double[] millis = new double[ROUNDS];
    double[] processor = new double[ROUNDS];
    try (CompletionScheduler<Long, Long> scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT.withShards(1).withThreadName("cancel-"),
            Ticker.systemTicker(),
            InstantSource.system(),
            new SplittableRandom())) {
      long shard =
          Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
              .filter(thread -> thread.getThreadName().equals("cancel-0"))
              .findFirst()
              .orElseThrow()
              .getThreadId();
      List<SystemQueue<Long, Long>> systems = new ArrayList<>();
      Limits limits = new Limits(Duration.ofHours(1), 0, 2, Duration.ZERO, 24);
      for (int i = 0; i < SYSTEMS; i++) {
        systems.add(
            scheduler.open("sw" + i, limits, new Silent(), (key, outcome, late) -> outcome));
      }
      ask(scheduler, systems, "another", others, 1L << 40, count, new AtomicLong());
      for (int round = -WARM; round < ROUNDS; round++) {
        List<Request> all =
            ask(scheduler, systems, "me", REQUESTS, (long) round << 20, count, ended);
        long before = ended.get();
        long used = threads.getThreadCpuTime(shard);
        long begin = System.nanoTime();
        all.forEach(Request::cancel);
        while (ended.get() - before < REQUESTS) {
          Thread.onSpinWait();
        }
        if (round >= 0) {
          millis[round] = (System.nanoTime() - begin) / 1e6;
          processor[round] = (threads.getThreadCpuTime(shard) - used) / 1e6;
        }
      }
    }
    Arrays.sort(millis);
    Arrays.sort(processor);
    return new double[] {millis[ROUNDS / 2], processor[ROUNDS / 2]};
  }

  /** Asks so much, and waits until it is queued. */
  private static List<Request> ask(
      CompletionScheduler<Long, Long> scheduler,
      List<SystemQueue<Long, Long>> systems,
      String name,
      int requests,
      long firstKey,
      Closure<Long, AtomicLong> closure,
      AtomicLong ended)
      throws InterruptedException {
    long taken = scheduler.metrics().values().get("submitted") + requests;
    long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
    List<Request> all = new ArrayList<>(requests);
    RequesterBurst burst = scheduler.requester(name).begin();
    for (int i = 0; i < requests; i++) {
      all.add(
          systems
              .get(i % SYSTEMS)
              .submit(firstKey + i, Priority.INTERACTIVE, deadline, burst, closure, ended));
    }
    burst.end();
    while (scheduler.metrics().values().get("submitted") < taken) {
      Thread.sleep(1);
    }
    return all;
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
