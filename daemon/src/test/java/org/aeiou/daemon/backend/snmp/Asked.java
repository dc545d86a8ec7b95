package org.aeiou.daemon.backend.snmp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/** An exchange that a test waits for: what the scheduler does, in a few lines and on one thread. */
final class Asked implements Exchange<Question, Value> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<Item<Question>> items;
  private final Duration timeout;
  private final int attempt;
  private final BlockingQueue<Answer<Value>> answers = new LinkedBlockingQueue<>();
  private final AtomicInteger parts = new AtomicInteger();
  private Exchanger<Question, Value> asked;

  /** Why no message of it may leave any more, and after how many parts. */
  private Failure<Value> refusal;

  private int refusedAfter;

  Asked(List<Item<Question>> items, Duration timeout, int attempt) {
    this.items = List.copyOf(items);
    this.timeout = timeout;
    this.attempt = attempt;
  }

  static Asked of(Question... questions) {
    return of(Duration.ofSeconds(5), questions);
  }

  static Asked of(Duration timeout, Question... questions) {
    return new Asked(items(List.of(questions)), timeout, 1);
  }

  static List<Item<Question>> items(List<? extends Question> questions) {
    List<Item<Question>> items = new ArrayList<>();
    questions.forEach(question -> items.add(new Item<>(question, null)));
    return items;
  }

  Asked from(Exchanger<Question, Value> exchanger) {
    asked = exchanger;
    exchanger.start(this);
    return this;
  }

  /** No message of it may leave once it was answered in so many parts. */
  Asked refusedAfter(int answeredParts, Failure<Value> why) {
    refusedAfter = answeredParts;
    refusal = why;
    return this;
  }

  @Override
  public Failure<Value> refusal() {
    return parts.get() >= refusedAfter ? refusal : null;
  }

  /** The next answer; fails the test if none comes. */
  Answer<Value> answer() throws InterruptedException {
    Answer<Value> answer = answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw new AssertionError("no answer to " + items + " within " + PATIENCE);
    }
    asked.taken(this);
    return answer;
  }

  /** The answer if it is there already, or null. */
  Answer<Value> answerSoFar() {
    return answers.poll();
  }

  /** Asks until every question has its outcome, as the scheduler would, but does not retry. */
  static List<Outcome<Value>> outcomes(
      Exchanger<Question, Value> exchanger, List<? extends Question> questions)
      throws InterruptedException {
    List<Outcome<Value>> outcomes = new ArrayList<>();
    List<Item<Question>> items = items(questions);
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(null);
      open.add(i);
    }
    int batch = items.size();
    while (!open.isEmpty()) {
      List<Integer> now = List.copyOf(open.subList(0, Math.min(batch, open.size())));
      Answer<Value> answer =
          new Asked(now.stream().map(items::get).toList(), Duration.ofSeconds(5), 1)
              .from(exchanger)
              .answer();
      if (answer instanceof Answer.TooBig<Value> && batch > 1) {
        batch = Math.max(1, now.size() / 2);
      } else if (answer instanceof Answer.Items<Value> answered) {
        for (int i = 0; i < now.size(); i++) {
          int item = now.get(i);
          if (answered.items().get(i) instanceof Answer.Item.Done<Value> done) {
            outcomes.set(item, done.outcome());
            exchanger.ended(items.get(item).key());
            open.remove((Integer) item);
          } else if (answered.items().get(i) instanceof Answer.Item.More<Value> more) {
            items.set(item, new Item<>(items.get(item).key(), more.continuation()));
          }
        }
      } else {
        throw new AssertionError("unexpected " + answer);
      }
    }
    return outcomes;
  }

  /** The value of one question; fails the test if it is no reading. */
  static Value value(Exchanger<Question, Value> exchanger, Question question)
      throws InterruptedException {
    Outcome<Value> outcome = outcomes(exchanger, List.of(question)).get(0);
    if (outcome instanceof Reading<Value> reading) {
      return reading.value();
    }
    throw new AssertionError(question + " ended in " + outcome);
  }

  @Override
  public List<Item<Question>> items() {
    return items;
  }

  @Override
  public long timeoutNanos() {
    return timeout.toNanos();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public void answeredInPart() {
    parts.incrementAndGet();
  }

  /** How often it was answered in part. */
  int parts() {
    return parts.get();
  }

  @Override
  public boolean answer(Answer<Value> answer) {
    return answers.add(answer);
  }
}
