package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.junit.jupiter.api.Test;

/**
 * A thousand systems of which two hundred are dead, behind a network that loses, repeats and
 * reorders, on a clock that the test moves: what requests end in, and when.
 *
 * <p>How long a request takes at least is arithmetic, as the network knows what it lost: for each
 * exchange about it that was lost the time-out it had and the middle of the backoff after it, then
 * the delay of the answer that came.
 */
class FaultyNetworkTest {
  private static final int SYSTEMS = 1_000;
  private static final int DEAD_ONE_IN = 5;
  private static final double LOSS = 0.10;
  private static final double DUPLICATES = 0.05;
  private static final double REORDERED = 0.05;
  private static final int KEYS = 10;
  private static final int ROUNDS = 6;
  private static final long MILLI = 1_000_000L;
  private static final long ROUND = 4_000 * MILLI;
  private static final Duration DEADLINE = Duration.ofSeconds(12);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private static final Limits LIMITS =
      new Limits(Duration.ofMillis(500), 4, 2, Duration.ZERO, KEYS, Duration.ofMillis(400), 4);

  /** More than one step of the clock, and one tick of the timing wheel. */
  private static final long LATE = 3 * MILLI;

  private final SplittableRandom random = new SplittableRandom(15);
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos));
  private final List<Asked> all = new ArrayList<>();
  private long nanos = 77;

  private final CompletionScheduler<String, String> scheduler =
      new CompletionScheduler<>(
          SchedulerOptions.DEFAULT.withShards(2).withRetryBackoff(BACKOFF),
          new Ticker() {
            @Override
            public long read() {
              return nanos;
            }
          },
          () -> Instant.ofEpochSecond(1_700_000_000).plusNanos(nanos),
          new SplittableRandom(8),
          false);

  private record Event(long nanos, Runnable what) {}

  /** One request. */
  private final class Asked {
    final boolean live;
    final long askedNanos = nanos;
    int outcomes;
    boolean read;
    long tookNanos;

    /** By the arithmetic, so far. */
    long leastNanos;

    Asked(boolean live) {
      this.live = live;
    }

    void ended(Outcome<String> outcome, boolean delayed) {
      outcomes++;
      read = outcome instanceof Reading;
      tookNanos = nanos - askedNanos;
    }
  }

  /** One system behind the network. */
  private final class Far implements Exchanger<String, String> {
    final boolean live;
    final SystemQueue<String, String> queue;
    final Map<String, Asked> asked = new HashMap<>();

    Far(int number) {
      live = number % DEAD_ONE_IN != 0;
      queue = scheduler.open("sys" + number, LIMITS, this, (key, outcome, late) -> outcome);
    }

    void ask(Requester requester, int round) {
      RequesterBurst burst = requester.begin();
      for (int i = 0; i < KEYS; i++) {
        Asked one = new Asked(live);
        String key = round + "." + i;
        asked.put(key, one);
        all.add(one);
        assertThat(
                queue.submit(
                    key,
                    Priority.INTERACTIVE,
                    nanos + DEADLINE.toNanos(),
                    burst,
                    Asked::ended,
                    one))
            .isNotNull();
      }
      burst.end();
    }

    @Override
    public Object kind(String key) {
      return "any";
    }

    @Override
    public void start(Exchange<String, String> exchange) {
      if (!live || random.nextDouble() < LOSS) {
        long middle = BACKOFF.first().toNanos() << (exchange.attempt() - 1);
        each(exchange, exchange.timeoutNanos() + Math.min(middle, BACKOFF.most().toNanos()));
        return;
      }
      long delay = 20 * MILLI + random.nextLong(5 * MILLI);
      if (random.nextDouble() < REORDERED) {
        delay += 60 * MILLI;
      }
      each(exchange, delay);
      List<Answer.Item<String>> items = new ArrayList<>();
      exchange.items().forEach(item -> items.add(SteppedScheduler.done("of " + item.key())));
      events.add(new Event(nanos + delay, () -> exchange.answer(new Answer.Items<>(items))));
      if (random.nextDouble() < DUPLICATES) {
        events.add(
            new Event(
                nanos + delay + 10 * MILLI, () -> exchange.answer(new Answer.Items<>(items))));
      }
    }

    private void each(Exchange<String, String> exchange, long takes) {
      for (Exchange.Item<String> item : exchange.items()) {
        asked.get(item.key()).leastNanos += takes;
      }
    }
  }

  private void pass(long duration) {
    for (long end = nanos + duration; nanos - end < 0; nanos += MILLI) {
      while (!events.isEmpty() && events.peek().nanos() - nanos <= 0) {
        events.poll().what().run();
      }
      for (Shard shard : scheduler.shards()) {
        shard.turn();
      }
    }
  }

  private static long p99(List<Asked> requests, ToLongFunction<Asked> of) {
    long[] sorted = requests.stream().mapToLong(of).sorted().toArray();
    return sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
  }

  @Test
  void everyRequestHasOneOutcomeInItsDeadlineAndLiveOnesTakeWhatTheLostPacketsTake() {
    List<Far> systems = new ArrayList<>();
    for (int i = 0; i < SYSTEMS; i++) {
      systems.add(new Far(i));
    }
    Requester requester = scheduler.requester("me");
    for (int round = 0; round < ROUNDS; round++) {
      for (Far system : systems) {
        system.ask(requester, round);
      }
      pass(ROUND);
    }
    pass(DEADLINE.toNanos());

    assertThat(all).hasSize(SYSTEMS * KEYS * ROUNDS);
    assertThat(all).as("one outcome each").allMatch(asked -> asked.outcomes == 1);
    assertThat(all)
        .as("in their deadlines")
        .allMatch(asked -> asked.tookNanos <= DEADLINE.toNanos() + LATE);
    assertThat(all.stream().filter(asked -> !asked.live)).noneMatch(asked -> asked.read);
    List<Asked> live = all.stream().filter(asked -> asked.live).toList();
    long lost = live.stream().filter(asked -> !asked.read).count();
    assertThat(lost).as("live ones of which five packets were lost").isLessThan(live.size() / 1000);
    List<Asked> read = live.stream().filter(asked -> asked.read).toList();
    double ratio =
        (double) p99(read, asked -> asked.tookNanos) / p99(read, asked -> asked.leastNanos);
    assertThat(ratio).as("p99 ÷ the arithmetic of retries").isBetween(0.9, 1.1);
    assertThat(scheduler.metrics().values())
        .containsEntry("pending", 0L)
        .containsEntry("callbackFailures", 0L);
    assertThat(scheduler.metrics().values().get(SchedulerCounter.DUPLICATES.key)).isPositive();
  }
}
