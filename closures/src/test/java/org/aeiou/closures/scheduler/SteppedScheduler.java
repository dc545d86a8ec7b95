package org.aeiou.closures.scheduler;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;

/** A scheduler without threads, whose time stands still until a test moves it. */
final class SteppedScheduler implements AutoCloseable {
  static final Limits LIMITS = new Limits(Duration.ofSeconds(1), 2, 1, Duration.ZERO, 4);

  /** One shard; a short, nearly exact backoff so that tests can say when a retry comes. */
  static final SchedulerOptions OPTIONS =
      SchedulerOptions.DEFAULT
          .withShards(1)
          .withRetryBackoff(new Backoff(Duration.ofMillis(100), Duration.ofMillis(400)))
          .withBreaker(100, new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60)));

  final CompletionScheduler<String, String> scheduler;

  /** The requester, where a test says nothing else. */
  final Requester me;

  private long nanos = -5_000_000_000L; // a ticker may be negative

  SteppedScheduler() {
    this(OPTIONS);
  }

  SteppedScheduler(SchedulerOptions options) {
    scheduler =
        new CompletionScheduler<>(
            options,
            new Ticker() {
              @Override
              public long read() {
                return nanos;
              }
            },
            () -> Instant.ofEpochSecond(1_700_000_000).plusNanos(nanos),
            new SplittableRandom(7),
            false);
    me = scheduler.requester("me");
  }

  long now() {
    return nanos;
  }

  /** Moves time without a turn. */
  void pass(Duration duration) {
    nanos += duration.toNanos();
  }

  /** Lets two attempts of a second each go unanswered, with the pause between them. */
  void passTwoAttempts() {
    advance(Duration.ofSeconds(1));
    advance(Duration.ofMillis(125));
    advance(Duration.ofSeconds(1));
  }

  /** Moves time, a little more than {@code duration}, and lets everything happen. */
  void advance(Duration duration) {
    pass(duration.plusMillis(2));
    settle();
  }

  /** One turn of each shard. */
  void turn() {
    for (Shard shard : scheduler.shards()) {
      shard.turn();
    }
  }

  /** Turns until nothing more happens by itself. */
  void settle() {
    for (int i = 0; i < 4; i++) {
      turn();
    }
  }

  int timers() {
    int sum = 0;
    for (Shard shard : scheduler.shards()) {
      sum += shard.wheel().size();
    }
    return sum;
  }

  long count(SchedulerCounter counter) {
    return count(counter.key);
  }

  long count(String key) {
    return scheduler.metrics().values().get(key);
  }

  Scripted open(String name) {
    return open(name, LIMITS);
  }

  Scripted open(String name, Limits limits) {
    return new Scripted(name, limits);
  }

  @Override
  public void close() {
    scheduler.close();
  }

  /** A system whose answers the test gives. */
  final class Scripted implements Exchanger<String, String> {
    final SystemQueue<String, String> queue;

    /** Every exchange ever started. */
    final List<Exchange<String, String>> started = new ArrayList<>();

    /** What step 1 saw: {@code key=outcome}, with a {@code late} in front. */
    final List<String> arrivals = new ArrayList<>();

    /** What was told of the breaker and of limits, in order. */
    final List<String> changes = new ArrayList<>();

    Function<String, Object> kinds = key -> "one kind";
    Function<Outcome<String>, Outcome<String>> stepOne = outcome -> outcome;
    Predicate<String> repeatable = key -> true;

    /** Whether what is answered to the second may be another one once the first was done. */
    BiPredicate<String, String> concerns = (write, key) -> true;

    RuntimeException thrownByStart;
    String silence;
    List<String> notes = List.of();
    List<String> progress = List.of();

    /** What becomes of a key whose parts have ended. */
    Function<List<Object>, Answer.Item<String>> joined;

    /** Exchanges whose answers were taken, and keys that are fetched no more. */
    final List<Exchange<String, String>> taken = new ArrayList<>();

    final List<String> ended = new ArrayList<>();

    /** Exchanges that no request waits for any more, as they were told. */
    final List<Exchange<String, String>> abandoned = new ArrayList<>();

    /** What came in for each key last, and when. */
    final Map<String, Reading<String>> known = new HashMap<>();

    private Scripted(String name, Limits limits) {
      queue = scheduler.open(name, limits, this, stepOne());
    }

    private CompletionHandler<String, String> stepOne() {
      return new CompletionHandler<>() {
        @Override
        public Outcome<String> arrived(String key, Outcome<String> outcome, boolean late) {
          return Scripted.this.arrived(key, outcome, late);
        }

        @Override
        public void stoppedAnswering(Failure<String> why) {
          arrivals.add("down: " + why.message());
        }

        @Override
        public void breakerChanged(
            Health.BreakerState from, Health.BreakerState to, long openNanos) {
          changes.add(from + " > " + to + " " + Duration.ofNanos(openNanos));
        }

        @Override
        public void limitChanged(LimitChange change) {
          changes.add(change.kind() + " " + change.from() + " > " + change.to());
        }

        @Override
        public void answersAgain() {
          arrivals.add("up");
        }

        @Override
        public Outcome<String> since(String key, long askedNanos) {
          Reading<String> reading = known.get(key);
          return reading == null || reading.takenNanos() - askedNanos < 0 ? null : reading;
        }
      };
    }

    @Override
    public Object kind(String key) {
      return kinds.apply(key);
    }

    @Override
    public boolean isRepeatable(String key) {
      return repeatable.test(key);
    }

    @Override
    public boolean concerns(String write, String key) {
      return concerns.test(write, key);
    }

    @Override
    public void start(Exchange<String, String> exchange) {
      started.add(exchange);
      if (thrownByStart != null) {
        throw thrownByStart;
      }
    }

    @Override
    public void taken(Exchange<String, String> exchange) {
      taken.add(exchange);
    }

    @Override
    public void abandoned(Exchange<String, String> exchange) {
      abandoned.add(exchange);
    }

    @Override
    public void ended(String key) {
      ended.add(key);
    }

    @Override
    public String silence() {
      return silence;
    }

    @Override
    public List<String> notes() {
      return notes;
    }

    @Override
    public List<String> progress() {
      return progress;
    }

    @Override
    public Answer.Item<String> joined(String key, List<Object> found) {
      return joined.apply(found);
    }

    private Outcome<String> arrived(String key, Outcome<String> outcome, boolean late) {
      arrivals.add((late ? "late " : "") + key + "=" + word(outcome));
      return stepOne.apply(outcome);
    }

    Health.BreakerState breaker() {
      return queue.health().breaker();
    }

    Asked ask(String key) {
      return ask(key, Priority.INTERACTIVE, Duration.ofHours(1), me.alone());
    }

    Asked ask(String key, Priority priority) {
      return ask(key, priority, Duration.ofHours(1), me.alone());
    }

    Asked ask(String key, Duration deadline) {
      return ask(key, Priority.INTERACTIVE, deadline, me.alone());
    }

    Asked ask(String key, Priority priority, Duration deadline, RequesterBurst burst) {
      Asked asked = new Asked();
      asked.request =
          queue.submit(
              key, priority, nanos + deadline.toNanos(), burst, (a, o, d) -> a.ran(o, d), asked);
      return asked;
    }

    List<Asked> askAll(String... keys) {
      List<Asked> all = new ArrayList<>();
      for (String key : keys) {
        all.add(ask(key));
      }
      return all;
    }

    int exchanges() {
      return started.size();
    }

    Exchange<String, String> last() {
      return started.get(started.size() - 1);
    }

    /** The keys of each exchange, in order. */
    List<List<String>> asked() {
      return started.stream().map(Scripted.this::keys).toList();
    }

    List<String> keys(Exchange<String, String> exchange) {
      return exchange.items().stream().map(Exchange.Item::key).toList();
    }

    /** Answers every item of {@code exchange} with the value {@code prefix + key}. */
    void answer(Exchange<String, String> exchange, String prefix) {
      List<Answer.Item<String>> items = new ArrayList<>();
      for (Exchange.Item<String> item : exchange.items()) {
        items.add(done(prefix + item.key()));
      }
      exchange.answer(new Answer.Items<>(items));
      settle();
    }

    void answer(Exchange<String, String> exchange, Answer<String> answer) {
      exchange.answer(answer);
      settle();
    }

    void answerLast() {
      answer(last(), "value of ");
    }

    /** Answers the last exchange so until a request has its outcome, which must not take long. */
    void answerUntil(Asked asked, Answer.Item<String> item) {
      for (int i = 0; asked.isPending(); i++) {
        if (i == 100) {
          throw new AssertionError("still pending");
        }
        answer(last(), items(item));
      }
    }

    /** Answers the last exchange until nothing is pending, which must not take for ever. */
    void answerUntilNothingIsPending() {
      for (int i = 0; count("pending") > 0; i++) {
        if (i == 1000) {
          throw new AssertionError("still pending: " + count("pending"));
        }
        answerLast();
      }
    }
  }

  static Answer.Item<String> done(String value) {
    return new Answer.Item.Done<>(Reading.of(value, 1, 1));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  static Answer<String> items(Answer.Item<String>... items) {
    return new Answer.Items<>(Arrays.asList(items));
  }

  static Answer.Item<String> more(Object continuation) {
    return new Answer.Item.More<>(continuation);
  }

  static Answer.Item<String> again() {
    return new Answer.Item.Again<>();
  }

  /** A value, or the reason of a failure in capitals. */
  static String word(Outcome<?> outcome) {
    if (outcome instanceof Reading<?> reading) {
      return reading.value().toString();
    }
    return outcome instanceof Failure<?> failure ? failure.reason().name() : "absent";
  }

  /** One request as its requester sees it. */
  static final class Asked {
    Request request;
    final List<Outcome<String>> outcomes = new ArrayList<>();
    boolean delayed;

    void ran(Outcome<String> outcome, boolean wasDelayed) {
      outcomes.add(outcome);
      delayed = wasDelayed;
    }

    boolean isPending() {
      return outcomes.isEmpty();
    }

    /** The one outcome, as {@link #word}; fails if there are more. */
    String word() {
      if (outcomes.size() > 1) {
        throw new AssertionError("more than one outcome: " + outcomes);
      }
      return outcomes.isEmpty() ? "pending" : SteppedScheduler.word(outcomes.get(0));
    }

    String message() {
      return ((Failure<?>) outcomes.get(0)).message();
    }
  }
}
