package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.User;

/** Systems, requesters and a network that do anything at any time, and notice broken rules. */
final class RandomWorld {
  private static final int KEYS = 10;

  /** The key that may not be asked for twice. */
  private static final int ONCE = KEYS - 1;

  private final SplittableRandom random;
  private final SchedulerOptions options;
  private final CompletionScheduler<Integer, String> scheduler;
  private final List<RandomSystem> systems = new ArrayList<>();
  private final List<Asker> askers = new ArrayList<>();
  private final List<Asker> open = new ArrayList<>();
  private final List<Requester> requesters = new ArrayList<>();
  private final List<Budget> budgets = new ArrayList<>();

  /** When exchanges started in the last second, by the budget that they took a token of. */
  private final Map<Budget, ArrayDeque<Long>> starts = new HashMap<>();

  private final List<RequesterBurst> bursts = new ArrayList<>();
  private int staged;
  private long nanos;
  private boolean submitting;
  private boolean closing;

  RandomWorld(SplittableRandom random) {
    this.random = random;
    nanos = random.nextLong();
    options =
        SchedulerOptions.DEFAULT
            .withShards(1 + random.nextInt(3))
            .withMaxInFlight(1 + random.nextInt(6))
            .withMaxPending(5 + random.nextInt(40))
            .withMaxPendingOfUser(3 + random.nextInt(40))
            .withBreaker(
                1 + random.nextInt(6), new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(8)));
    scheduler =
        new CompletionScheduler<>(
            options,
            new Ticker() {
              @Override
              public long read() {
                return nanos;
              }
            },
            () -> Instant.ofEpochMilli(nanos / 1_000_000),
            random.split(),
            false);
    for (int user = 0; user <= random.nextInt(3); user++) {
      Requester requester = scheduler.requester("user " + user);
      requesters.add(requester);
      if (random.nextBoolean()) {
        requesters.add(requester.another("another of user " + user));
      }
    }
    requesters.forEach(requester -> bursts.add(requester.begin()));
    if (random.nextBoolean()) {
      Budget all = random.nextBoolean() ? null : budget("all", null);
      budgets.add(budget("one", all));
      budgets.add(all == null ? budget("another", null) : all);
    }
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      systems.add(new RandomSystem("sw" + i));
    }
  }

  private Budget budget(String name, Budget within) {
    Budget budget = scheduler.budget(name, rate(), within);
    starts.put(budget, new ArrayDeque<>());
    return budget;
  }

  private Rate rate() {
    return new Rate(5 + random.nextInt(50), 1 + random.nextInt(5));
  }

  /** An exchange starts that takes a token of each of these. */
  private void started(Budget budget) {
    for (Budget each = budget; each != null; each = each.within()) {
      ArrayDeque<Long> recent = starts.get(each);
      recent.add(nanos);
      while (nanos - recent.peek() > 1_000_000_000L) {
        recent.poll();
      }
      // And a token of each system that waited with one in its hand for a permit.
      assertThat((double) recent.size())
          .as("exchanges of %s in a second", each)
          .isLessThanOrEqualTo(each.rate().perSecond() + each.rate().burst() + systems.size());
    }
  }

  /** One thing happens. */
  void step() {
    switch (random.nextInt(18)) {
      case 0, 1, 2, 3 -> submit(random.nextInt(4) == 0);
      case 4 -> endBurst();
      case 5 -> cancel();
      case 6, 7, 8, 9 -> any(systems).answerOne();
      case 10, 11 -> pass(random.nextInt(40));
      case 12 -> pass(random.nextInt(3000));
      case 13 -> {
        if (random.nextInt(60) == 0) {
          any(systems).close();
        }
      }
      case 14 -> any(systems).deliver();
      case 15 -> {
        if (random.nextInt(40) == 0) {
          any(systems).shareAnother();
        }
      }
      default -> turn();
    }
  }

  /** Ends the world, at once or after everything ran out by itself; nothing may be left. */
  void end(boolean atOnce) {
    if (!atOnce) {
      endBurst();
      for (int i = 0; i < 200 && scheduler.metrics().values().get("pending") > 0; i++) {
        pass(random.nextInt(5000));
        turn();
        turn();
        endBurst();
      }
      pass(60_000);
      turn();
      assertThat(scheduler.metrics().values())
          .containsEntry("pending", 0L)
          .containsEntry("inFlight", 0L);
      assertThat(timers()).as("timers left though nothing is pending").isZero();
    }
    closing = true;
    scheduler.close();
    bursts.forEach(Burst::end);
    assertThat(open).as("requests without an outcome").isEmpty();
    assertThat(timers()).as("timers left").isZero();
    for (RandomSystem system : systems) {
      Health health = system.queue.health();
      assertThat(health.inFlight()).isZero();
      assertThat(health.queued()).isZero();
      assertThat(system.untaken).as("answers that were never taken").isEmpty();
      assertThat(system.going).as("keys of which the end was not told").isEmpty();
    }
    Map<String, Long> counters = scheduler.metrics().values();
    assertThat(counters).containsEntry("pending", 0L).containsEntry("inFlight", 0L);
    long ended =
        counters.entrySet().stream()
            .filter(e -> e.getKey().startsWith("outcome."))
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(counters)
        .containsEntry("submitted", ended)
        .containsEntry("closureFailures", 0L)
        .containsEntry("callbackFailures", 0L);
    assertThat(ended).isEqualTo(askers.size());
    assertThat(counters.get("mostInFlight")).isLessThanOrEqualTo(options.maxInFlight());
  }

  long outcomes() {
    return askers.size();
  }

  private int timers() {
    int sum = 0;
    for (Shard shard : scheduler.shards()) {
      sum += shard.wheel().size();
    }
    return sum;
  }

  private void pass(int millis) {
    nanos += millis * 1_000_000L + random.nextInt(1_000_000);
  }

  private void turn() {
    for (Shard shard : scheduler.shards()) {
      shard.turn();
    }
    for (Asker asker : open) {
      boolean inTime = asker.deadline == Long.MAX_VALUE || nanos - asker.deadline < 2_000_000;
      assertThat(asker.staged || inTime).as("a deadline that passed without an outcome").isTrue();
    }
  }

  private void submit(boolean inBurst) {
    Asker asker = new Asker(random.nextInt(8) == 0);
    asker.deadline = nanos + random.nextLong(6_000_000_000L);
    if (random.nextInt(10) == 0) {
      asker.deadline = Long.MAX_VALUE;
    }
    submit(asker, inBurst);
  }

  private void submit(Asker asker, boolean inBurst) {
    asker.staged = inBurst;
    Priority priority = random.nextBoolean() ? Priority.INTERACTIVE : Priority.BACKGROUND;
    boolean outer = submitting;
    submitting = true;
    int whose = random.nextInt(requesters.size());
    asker.user = requesters.get(whose).user();
    RequesterBurst burst = inBurst ? bursts.get(whose) : requesters.get(whose).alone();
    RandomSystem system = any(systems);
    int key = random.nextInt(KEYS);
    system.askedOnce += key == ONCE ? 1 : 0;
    asker.request =
        system.queue.submit(
            key,
            priority,
            asker.deadline,
            random.nextBoolean() ? burst : burst.inBackground(),
            Asker::ended,
            asker);
    submitting = outer;
    if (asker.request != null) {
      askers.add(asker);
      open.add(asker);
      staged += inBurst ? 1 : 0;
    } else if (!closing) {
      long free = options.maxPending() - open.size() - 1L;
      long ofUser = open.stream().filter(other -> other.user == asker.user).count() + 1;
      assertThat(free < 0 || ofUser > Math.max(1, 8L * free))
          .as("refused within the bounds")
          .isTrue();
    }
  }

  private void endBurst() {
    bursts.forEach(Burst::end);
    if (staged > 0) {
      open.forEach(asker -> asker.staged = false);
      staged = 0;
      turn();
    }
  }

  private void cancel() {
    if (!askers.isEmpty()) {
      any(askers).request.cancel(); // also ones that ended long ago
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** One requester; now and then one that asks again when it is told. */
  private final class Asker {
    private final boolean asksAgain;
    private Request request;
    private User user;
    private long deadline;
    private boolean staged;
    private int told;

    Asker(boolean asksAgain) {
      this.asksAgain = asksAgain;
    }

    void ended(Outcome<String> outcome, boolean delayed) {
      assertThat(submitting).as("ran inside the submitting call").isFalse();
      assertThat(delayed).isTrue();
      assertThat(++told).as("outcomes of one request").isEqualTo(1);
      assertThat(request.isDone()).isTrue();
      open.remove(this);
      if (asksAgain) {
        Asker next = new Asker(false);
        next.deadline = nanos + 3_000_000_000L;
        if (!(outcome instanceof Failure<String> f && f.reason() == Reason.STOPPED)) {
          submit(next, false);
        }
      }
    }
  }

  /** One system, and what it can see of the rules. */
  private final class RandomSystem implements Exchanger<Integer, String> {
    private final Limits limits;
    private final SystemQueue<Integer, String> queue;
    private final List<Sent> sent = new ArrayList<>();

    /** Answers in the mail, and keys that are asked on from a continuation. */
    private final Set<Exchange<Integer, String>> untaken = new HashSet<>();

    private final Set<Integer> going = new HashSet<>();

    private final Set<Object> continuationsOfParts = new HashSet<>();

    /** Keys that may be under way in several exchanges. */
    private final Set<Integer> inParts = new HashSet<>();

    private Budget budget;
    private long lastStart;
    private boolean closed;

    /** How often what may not be asked for twice was, and was started. */
    private int askedOnce;

    private int startedOnce;

    RandomSystem(String name) {
      limits =
          new Limits(
              Duration.ofMillis(100 + random.nextInt(1500)),
              random.nextInt(4),
              1 + random.nextInt(3),
              Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(200)),
              1 + random.nextInt(6),
              random.nextBoolean() ? null : Duration.ofMillis(100 + random.nextInt(500)),
              random.nextInt(3),
              random.nextInt(3) > 0 ? null : rate());
      queue = scheduler.open(name, limits, this, (key, outcome, late) -> outcome);
      shareAnother();
    }

    void shareAnother() {
      budget = budgets.isEmpty() || random.nextInt(3) == 0 ? null : any(budgets);
      queue.share(budget);
      turn(); // from now on
    }

    @Override
    public boolean isRepeatable(Integer key) {
      return key != ONCE;
    }

    @Override
    public boolean concerns(Integer write, Integer key) {
      return key < 3;
    }

    @Override
    public Object kind(Integer key) {
      return key == 0 ? null : key % 2;
    }

    @Override
    public void start(Exchange<Integer, String> exchange) {
      List<Integer> keys = exchange.items().stream().map(Exchange.Item::key).toList();
      assertThat(keys).doesNotHaveDuplicates().hasSizeBetween(1, limits.maxBatch());
      assertThat(keys.stream().map(this::kind).distinct()).hasSize(1);
      assertThat(kind(keys.get(0)) != null || keys.size() == 1).isTrue();
      int retries = Math.max(limits.retries(), limits.firstRetries());
      assertThat(exchange.attempt()).isBetween(1, retries + 1);
      if (!sent.isEmpty()) {
        assertThat(nanos - lastStart).isGreaterThanOrEqualTo(limits.minInterval().toNanos());
      }
      lastStart = nanos;
      started(budget);
      exchange.items().stream()
          .filter(item -> item.continuation() != null)
          .forEach(item -> going.add(item.key()));
      exchange.items().stream()
          .filter(item -> continuationsOfParts.contains(item.continuation()))
          .forEach(item -> inParts.add(item.key()));
      List<Integer> notInParts =
          keys.stream().filter(key -> key != ONCE && !inParts.contains(key)).toList();
      if (keys.contains(ONCE)) {
        assertThat(keys).as("travels alone").hasSize(1);
        assertThat(exchange.attempt()).as("its only attempt").isEqualTo(1);
        assertThat(exchange.items().get(0).continuation()).as("its only exchange").isNull();
        assertThat(++startedOnce).as("as often as it was asked for").isLessThanOrEqualTo(askedOnce);
      }
      for (Sent other : sent) {
        if (other.underWay() && !keys.contains(ONCE)) {
          assertThat(other.keys).as("keys asked twice at once").noneMatch(notInParts::contains);
          assertThat(
                  other.exchange.items().stream().filter(item -> other.keys.contains(item.key())))
              .as("parts asked twice at once")
              .doesNotContainAnyElementsOf(exchange.items());
        }
      }
      sent.add(new Sent(exchange, keys));
      assertThat(underWay() + exchange.room())
          .as("in flight")
          .isLessThanOrEqualTo(limits.maxInFlight());
      assertThat(systems.stream().mapToLong(RandomSystem::underWay).sum())
          .as("in flight in all")
          .isLessThanOrEqualTo(options.maxInFlight());
      if (random.nextInt(6) == 0) {
        answer(sent.get(sent.size() - 1)); // before start returns
      }
    }

    private void close() {
      closed = true;
      queue.close();
    }

    /** Something comes unasked: of now, or of a moment ago. */
    private void deliver() {
      long taken = nanos - (random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
      boolean unused =
          queue.deliver(
              random.nextInt(KEYS),
              random.nextBoolean() ? Reading.of("pushed", taken, 0) : new Absent<>(taken, 0));
    }

    private long underWay() {
      return sent.stream().filter(Sent::underWay).count();
    }

    private void answerOne() {
      if (!sent.isEmpty()) {
        int recent = Math.min(sent.size(), 4); // the current ones, a few late, a few again
        answer(sent.get(sent.size() - 1 - random.nextInt(recent)));
      }
    }

    private void answer(Sent about) {
      if (!about.underWay()) {
        // A late answer may end a fetch whose retry is under way; then the key is free again.
        sent.forEach(other -> other.keys.removeAll(about.asked));
      }
      if (random.nextInt(10) == 0) {
        // What a system that was taken out says gives it no more time.
        about.start = about.underWay() && !closed ? nanos : about.start;
        about.exchange.answeredInPart();
        return;
      }
      about.answered = true;
      if (about.exchange.answer(anyAnswer(about.asked))) {
        untaken.add(about.exchange);
      }
    }

    @Override
    public void taken(Exchange<Integer, String> exchange) {
      assertThat(untaken.remove(exchange)).as("taken once, after it was answered").isTrue();
    }

    @Override
    public void ended(Integer key) {
      going.remove(key);
      if (inParts.remove(key)) {
        // Its parts that are under way are of no more use, and it may be fetched anew.
        sent.forEach(other -> other.keys.remove(key));
      }
    }

    @Override
    public Answer.Item<String> joined(Integer key, List<Object> found) {
      assertThat(found).isNotEmpty().doesNotContainNull();
      return switch (random.nextInt(6)) {
        case 0 -> new Answer.Item.More<>(new Object());
        case 1 -> split();
        case 2 -> null;
        default -> new Answer.Item.Done<>(anyOutcome());
      };
    }

    private Answer.Item<String> split() {
      List<Object> parts = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        parts.add(new Object());
      }
      continuationsOfParts.addAll(parts);
      return new Answer.Item.Split<>(parts);
    }

    private Answer<String> anyAnswer(List<Integer> keys) {
      return switch (random.nextInt(15)) {
        case 0 -> new Answer.TooBig<>();
        case 1 -> new Answer.Failed<>(anyFailure(), random.nextBoolean());
        case 2 -> items(keys, 1, 0);
        case 3 -> new Answer.NotAsked<>(anyFailure());
        case 4, 5, 6, 7, 8 -> items(keys, 0, 70);
        default -> items(keys, 0, 0);
      };
    }

    private Answer<String> items(List<Integer> keys, int more, int unfinishedPercent) {
      List<Answer.Item<String>> items = new ArrayList<>();
      for (int i = 0; i < keys.size() + more; i++) {
        if (i < keys.size() && random.nextInt(100) < unfinishedPercent) {
          items.add(
              switch (random.nextInt(6)) {
                case 0 -> new Answer.Item.Again<>();
                case 1 -> split();
                case 2, 3 -> new Answer.Item.PartEnded<>("found");
                default -> new Answer.Item.More<>(new Object());
              });
        } else {
          items.add(new Answer.Item.Done<>(anyOutcome()));
        }
      }
      return new Answer.Items<>(items);
    }

    private Outcome<String> anyOutcome() {
      return switch (random.nextInt(5)) {
        case 0 -> new Absent<>(nanos, 0);
        case 1 -> anyFailure();
        default -> Reading.of("value", nanos, 0);
      };
    }

    private Failure<String> anyFailure() {
      Reason[] reasons = {Reason.REFUSED, Reason.UNREACHABLE, Reason.BAD_ANSWER, Reason.TIMEOUT};
      return new Failure<>(reasons[random.nextInt(reasons.length)], "random");
    }

    /** An exchange as the system sees it. */
    private final class Sent {
      private final Exchange<Integer, String> exchange;
      private final List<Integer> asked;

      /** Those of them that are being fetched by this exchange and no other. */
      private final List<Integer> keys;

      private long start = nanos;
      private boolean answered;

      Sent(Exchange<Integer, String> exchange, List<Integer> keys) {
        this.exchange = exchange;
        this.asked = keys;
        this.keys = new ArrayList<>(keys);
      }

      boolean underWay() {
        return !answered && nanos - start < exchange.timeoutNanos();
      }
    }
  }
}
