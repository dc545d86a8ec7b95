package org.aeiou.closures.scheduler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;

/**
 * An agent that answers by itself, on the time of a {@link SteppedScheduler}: after its round trip,
 * unless what it is asked is more than it takes. What that is, and what it does then, a test says.
 */
final class ModelledAgent implements Exchanger<String, String> {
  private static final Duration STEP = Duration.ofMillis(1);

  /** A message that was taken and will be answered. */
  private record Due(Exchange<String, String> exchange, long atNanos, Answer<String> answer) {}

  final SystemQueue<String, String> queue;
  Duration roundTrip = Duration.ofMillis(10);

  /** What share of the answers the line loses. */
  double loss;

  /** It does nothing else while it works on an answer, and drops what comes. */
  boolean oneAtATime;

  /** It drops what comes sooner than this after what it took before. */
  Duration leastGap = Duration.ZERO;

  /** How many items it takes in one message; more are not answered, or with tooBig. */
  int mostItems = Integer.MAX_VALUE;

  boolean saysTooBig;

  /** How many bytes a message to it may have; larger ones it never sees. */
  int mostBytes = Integer.MAX_VALUE;

  /** Of each message by its number, from 1: whether it gets lost. */
  IntPredicate loses = number -> false;

  /** What was told of its limits, in order. */
  final List<LimitChange> changes = new ArrayList<>();

  int messages;
  int repeated;
  int dropped;
  int tooLarge;
  int atOnce;
  int tooSoon;
  int ended;
  private int failures;

  private final SteppedScheduler stepped;
  private final SplittableRandom random = new SplittableRandom(11);
  private final Deque<Due> due = new ArrayDeque<>();
  private final List<Asked> asked = new ArrayList<>();
  private long lastTakenNanos;
  private boolean taken;

  ModelledAgent(SteppedScheduler stepped, Limits limits) {
    this.stepped = stepped;
    this.queue = stepped.scheduler.open("core1", limits, this, new StepOne());
  }

  private final class StepOne implements CompletionHandler<String, String> {
    @Override
    public Outcome<String> arrived(String key, Outcome<String> outcome, boolean late) {
      return outcome;
    }

    @Override
    public void limitChanged(LimitChange change) {
      changes.add(change);
    }
  }

  @Override
  public Object kind(String key) {
    return key.startsWith("alone") ? null : "any";
  }

  @Override
  public void start(Exchange<String, String> exchange) {
    receive(exchange);
  }

  @Override
  public boolean repeat(Exchange<String, String> exchange) {
    repeated++;
    receive(exchange);
    return true;
  }

  private void receive(Exchange<String, String> exchange) {
    messages++;
    long now = stepped.now();
    boolean isTooSoon = taken && now - lastTakenNanos < leastGap.toNanos();
    boolean isBusy = oneAtATime && !due.isEmpty();
    boolean isTooLarge = exchange.items().size() > mostItems || bytes(exchange) > mostBytes;
    tooSoon += isTooSoon ? 1 : 0;
    atOnce += isBusy ? 1 : 0;
    tooLarge += isTooLarge ? 1 : 0;
    boolean isLost = random.nextDouble() < loss || loses.test(messages);
    if (isTooSoon || isBusy || isLost || (isTooLarge && !saysTooBig)) {
      dropped++;
      return;
    }
    taken = true;
    lastTakenNanos = now;
    List<Answer.Item<String>> items = new ArrayList<>();
    exchange.items().forEach(item -> items.add(SteppedScheduler.done(item.key())));
    Answer<String> answer = isTooLarge ? new Answer.TooBig<>() : new Answer.Items<>(items);
    due.add(new Due(exchange, now + roundTrip.toNanos(), answer));
  }

  /** As a GET of SNMPv2c: the envelope, and for each object its name and an empty value. */
  private static int bytes(Exchange<String, String> exchange) {
    return 40 + exchange.items().stream().mapToInt(item -> 8 + item.key().length()).sum();
  }

  /** How many of the requests that ended did not end in their value. */
  int failures() {
    return failures;
  }

  /** Lets time pass, a millisecond after the other, with as many requests pending all the time. */
  void run(Duration time, int pending) {
    for (long left = time.toMillis(); left > 0; left--) {
      asked.removeIf(this::isEnded);
      while (asked.size() < pending) {
        asked.add(ask("key 1.3.6.1.2.1.2.2.1." + random.nextInt(1_000_000_000, 2_000_000_000)));
      }
      step();
    }
  }

  private boolean isEnded(Asked request) {
    if (!request.isPending()) {
      failures += request.word().startsWith("key") ? 0 : 1;
      ended++;
    }
    return !request.isPending();
  }

  Asked ask(String key) {
    Asked request = new Asked();
    queue.submit(
        key,
        Priority.INTERACTIVE,
        stepped.now() + Duration.ofHours(1).toNanos(),
        stepped.me.alone(),
        (a, outcome, delayed) -> a.ran(outcome, delayed),
        request);
    return request;
  }

  /** How long it takes until a request has its outcome. */
  Duration await(Asked request) {
    long start = stepped.now();
    while (request.isPending()) {
      step();
    }
    return Duration.ofNanos(stepped.now() - start);
  }

  void idle(Duration time) {
    for (long left = time.toMillis(); left > 0; left--) {
      step();
    }
  }

  private void step() {
    stepped.turn();
    stepped.pass(STEP);
    boolean answers = false;
    while (!due.isEmpty() && due.peek().atNanos() - stepped.now() <= 0) {
      Due answered = due.poll();
      answered.exchange().answer(answered.answer());
      answers = true;
    }
    if (answers) {
      stepped.settle();
    }
  }

  void resetCounts() {
    messages = 0;
    repeated = 0;
    dropped = 0;
    tooLarge = 0;
    atOnce = 0;
    tooSoon = 0;
    ended = 0;
    failures = 0;
  }
}
