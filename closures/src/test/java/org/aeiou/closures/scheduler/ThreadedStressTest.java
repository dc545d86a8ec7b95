package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real shard threads, real submitters, answers from other threads; a bounded number of each. */
@Timeout(60)
class ThreadedStressTest {
  private static final int SUBMITTERS = 3;
  private static final int EACH = 20_000;
  private static final int SYSTEMS = 16;

  /** Ends a race between submitters, answers, withdrawals and time-outs by waiting for all. */
  @Test
  void everyAcceptedRequestHasOneOutcome() throws Exception {
    try (Run run = new Run()) {
      run.submitAll();
      assertThat(run.ended.tryAcquire(run.accepted.get(), 30, TimeUnit.SECONDS)).isTrue();
      run.check();
      assertThat(run.scheduler.metrics().values().get("outcome.reading")).isPositive();
    }
  }

  /** Ends it by closing in the middle. */
  @Test
  void everyAcceptedRequestHasOneOutcomeWhenClosedInTheMiddle() throws Exception {
    try (Run run = new Run()) {
      List<Future<?>> submitters = run.startSubmitters();
      run.ended.acquire(SUBMITTERS * EACH / 10);
      run.closing = true;
      run.scheduler.close();
      for (Future<?> submitter : submitters) {
        submitter.get();
      }
      run.check();
    }
  }

  /** The owner takes the withdrawals, while the burst that the requests are in finds it gone. */
  @Test
  void requestWithdrawnBeforeItsBurstEndsIsCountedOnceWhenTheSchedulerCloses() throws Exception {
    int requests = 1000;
    for (int round = 0; round < 20; round++) {
      SteppedScheduler stepped = new SteppedScheduler();
      SystemQueue<String, String> system = stepped.open("core1").queue;
      AtomicIntegerArray outcomes = new AtomicIntegerArray(requests);
      CountDownLatch gone = new CountDownLatch(1);
      RequesterBurst burst = stepped.me.begin();
      List<Request> withdrawn = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        withdrawn.add(
            system.submit(
                "key " + i,
                Priority.INTERACTIVE,
                Long.MAX_VALUE,
                burst,
                (index, outcome, delayed) -> {
                  outcomes.incrementAndGet(index);
                  gone.countDown();
                },
                i));
      }
      withdrawn.forEach(Request::cancel);
      Thread ending =
          new Thread(
              () -> {
                Uninterruptibles.awaitUninterruptibly(gone);
                burst.end();
              });
      ending.start();
      stepped.close();
      ending.join();
      for (int i = 0; i < requests; i++) {
        assertThat(outcomes.get(i)).isEqualTo(1);
      }
      assertThat(stepped.count(SchedulerCounter.SUBMITTED)).isEqualTo(requests);
    }
  }

  private static final class Run implements AutoCloseable {
    final CompletionScheduler<Integer, Integer> scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT
                .withShards(2)
                .withMaxPending(4000)
                .withMaxInFlight(6)
                .withRetryBackoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(4)))
                .withThreadName("stress-shard-"),
            Ticker.systemTicker(),
            InstantSource.system(),
            new SplittableRandom(1));
    final ExecutorService threads = Executors.newFixedThreadPool(SUBMITTERS + 2);
    final AtomicIntegerArray outcomes = new AtomicIntegerArray(SUBMITTERS * EACH);
    final AtomicInteger accepted = new AtomicInteger();
    final Semaphore ended = new Semaphore(0);
    final Semaphore room = new Semaphore(0);
    volatile boolean closing;
    final List<SystemQueue<Integer, Integer>> systems = new ArrayList<>();
    final List<Requester> requesters = new ArrayList<>();

    Run() {
      for (int i = 0; i <= SUBMITTERS / 2; i++) {
        requesters.add(scheduler.requester("user " + i));
      }
      Limits limits = new Limits(Duration.ofMillis(20), 1, 2, Duration.ZERO, 8);
      for (int i = 0; i < SYSTEMS; i++) {
        systems.add(
            scheduler.open("sw" + i, limits, new Unreliable(), (key, outcome, late) -> outcome));
      }
    }

    void submitAll() throws Exception {
      for (Future<?> submitter : startSubmitters()) {
        submitter.get();
      }
    }

    List<Future<?>> startSubmitters() {
      List<Future<?>> started = new ArrayList<>();
      for (int i = 0; i < SUBMITTERS; i++) {
        int submitter = i;
        started.add(threads.submit(() -> submit(submitter)));
      }
      return started;
    }

    private void submit(int submitter) {
      SplittableRandom random = new SplittableRandom(submitter);
      Requester requester = requesters.get(submitter / 2);
      RequesterBurst burst = requester.begin();
      for (int i = 0; i < EACH; i++) {
        long deadline = System.nanoTime() + random.nextLong(200_000_000);
        Request request =
            systems
                .get(random.nextInt(SYSTEMS))
                .submit(
                    random.nextInt(50),
                    Priority.INTERACTIVE,
                    deadline,
                    random.nextBoolean() ? burst : requester.alone(),
                    (index, outcome, delayed) -> ended(index),
                    submitter * EACH + i);
        if (request == null) {
          outcomes.incrementAndGet(submitter * EACH + i); // refused: no closure may come
          burst.end();
          waitForRoom();
        } else {
          accepted.incrementAndGet();
          if (random.nextInt(10) == 0) {
            request.cancel();
          }
        }
        if (random.nextInt(20) == 0) {
          burst.end();
        }
      }
      burst.end();
    }

    /** What a requester does that is refused: it comes back when something has ended. */
    private void waitForRoom() {
      if (!closing) {
        room.drainPermits();
        var unused = Uninterruptibles.tryAcquireUninterruptibly(room, Duration.ofMillis(10));
      }
    }

    private void ended(int index) {
      outcomes.incrementAndGet(index);
      room.release();
      ended.release();
    }

    /** Everything is accounted for, exactly once. */
    void check() {
      for (int i = 0; i < outcomes.length(); i++) {
        assertThat(outcomes.get(i)).isEqualTo(1);
      }
      scheduler.close();
      Map<String, Long> counters = scheduler.metrics().values();
      assertThat(counters).containsEntry("pending", 0L).containsEntry("inFlight", 0L);
      assertThat(counters.get("mostInFlight")).isLessThanOrEqualTo(6);
      assertThat(counters.get("submitted")).isEqualTo(accepted.get());
    }

    @Override
    public void close() {
      scheduler.close();
      assertThat(MoreExecutors.shutdownAndAwaitTermination(threads, Duration.ofSeconds(20)))
          .isTrue();
    }

    /** Answers inline, from another thread, twice, or not at all. */
    private final class Unreliable implements Exchanger<Integer, Integer> {
      private final SplittableRandom random = new SplittableRandom(9);

      @Override
      public Object kind(Integer key) {
        return "any";
      }

      @Override
      public void start(Exchange<Integer, Integer> exchange) {
        int fate = random.nextInt(200);
        if (fate == 0) {
          return; // lost
        }
        List<Answer.Item<Integer>> items = new ArrayList<>();
        for (Exchange.Item<Integer> item : exchange.items()) {
          Outcome<Integer> outcome = Reading.of(item.key(), 0, 0);
          items.add(new Answer.Item.Done<>(outcome));
        }
        Answer<Integer> answer = new Answer.Items<>(items);
        if (fate < 50) {
          exchange.answer(answer);
          return;
        }
        try {
          threads.execute(
              () -> {
                exchange.answer(answer);
                if (fate < 80) {
                  exchange.answer(answer);
                }
              });
        } catch (RejectedExecutionException e) {
          exchange.answer(answer); // the test ends
        }
      }
    }
  }
}
