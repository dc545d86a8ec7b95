package org.aeiou.daemon.cluster.remote;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * What a queue of a {@link RoutedQueue} asks through: its back end while it is in effect, and the
 * other queue while it is not. All of it but {@link #refusal} is for the thread that owns the
 * system, which both queues have: so what is passed on and what is taken back come one after the
 * other.
 */
final class Relay implements Exchanger<Question, Value> {
  private static final String NOT_DONE =
      ": it was not done, as another member asks the system now; try again";

  private final String system;
  private final Requester requester;
  private final Ticker ticker;
  private final Supplier<SystemQueue<Question, Value>> other;
  private final Map<Exchange<Question, Value>, Passed> passed = new HashMap<>(0);

  /** Of the answer that is being taken: what the other queue has taken in. */
  private Set<Outcome<Value>> takenIn = Set.of();

  /** Whether what is done once is passed on. If both queues did, each might wait for the other. */
  private final boolean passesWrites;

  /** Written by the thread that owns the system; read by the back end's, too, before it sends. */
  private volatile Exchanger<Question, Value> asked;

  private boolean passesOn;

  /**
   * Passes nothing on.
   *
   * @param asked the back end
   * @param requester whose requests to the other queue are
   */
  Relay(
      String system,
      boolean passesWrites,
      Exchanger<Question, Value> asked,
      Requester requester,
      Ticker ticker,
      Supplier<SystemQueue<Question, Value>> other) {
    this.system = system;
    this.passesWrites = passesWrites;
    this.asked = asked;
    this.requester = requester;
    this.ticker = ticker;
    this.other = other;
  }

  /** Another back end is asked from now on. */
  void change(Exchanger<Question, Value> next) {
    asked = next;
  }

  /** Passes on what is to be asked from now on. */
  void begin() {
    passesOn = true;
  }

  /** Passes nothing on any more. */
  void pause() {
    passesOn = false;
  }

  /** Passes nothing on any more: what was passed on and not answered is asked again here. */
  void end() {
    passesOn = false;
    List.copyOf(passed.values()).forEach(Passed::takeBack);
  }

  /** Whether an outcome was taken in by the other queue. */
  boolean isPassed(Outcome<Value> outcome) {
    return !takenIn.isEmpty() && takenIn.contains(outcome);
  }

  /** One exchange, as requests to the other queue. */
  private final class Passed {
    private final Exchange<Question, Value> exchange;
    private final Request[] requests;
    private final Outcome<Value>[] outcomes;
    private int pending;

    /** It has been answered, and only its answer is to be taken. */
    private boolean over;

    @SuppressWarnings("unchecked") // an array of a generic type
    Passed(Exchange<Question, Value> exchange) {
      this.exchange = exchange;
      this.requests = new Request[exchange.items().size()];
      this.outcomes = (Outcome<Value>[]) new Outcome<?>[requests.length];
      this.pending = requests.length;
    }

    void submit(SystemQueue<Question, Value> queue) {
      RequesterBurst burst = requester.begin();
      Priority priority = exchange.isInteractive() ? Priority.INTERACTIVE : Priority.BACKGROUND;
      long deadline = exchange.deadlineNanos();
      for (int i = 0; i < requests.length; i++) {
        int index = i;
        requests[i] =
            queue.submit(
                exchange.items().get(i).key(),
                priority,
                deadline,
                ticker.read(),
                burst,
                (p, outcome, delayed) -> p.ended(index, outcome),
                this);
        if (requests[i] == null) {
          ended(
              i,
              new Failure<>(Failure.Reason.OVERLOADED, "too many requests are pending; try again"));
        }
      }
      burst.end();
    }

    private void ended(int index, Outcome<Value> outcome) {
      outcomes[index] = outcome;
      if (--pending == 0 && !over) {
        over = true;
        exchange.answer(
            new Answer.Items<>(
                Arrays.stream(outcomes).<Answer.Item<Value>>map(Answer.Item.Done::new).toList()));
      }
    }

    /** Ends it in nothing: what is still wanted is asked again. */
    void takeBack() {
      if (over || !isRepeatable(exchange.items().get(0).key())) {
        return; // of what is sent once only its outcome tells
      }
      over = true;
      List<Answer.Item<Value>> items = new ArrayList<>(requests.length);
      for (Outcome<Value> outcome : outcomes) {
        items.add(outcome == null ? new Answer.Item.Again<>() : new Answer.Item.Done<>(outcome));
      }
      exchange.answer(new Answer.Items<>(items));
      for (Request request : requests) {
        if (request != null) {
          request.cancel();
        }
      }
    }

    Set<Outcome<Value>> outcomes() {
      Set<Outcome<Value>> all = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Outcome<Value> outcome : outcomes) {
        if (outcome != null) {
          all.add(outcome);
        }
      }
      return all;
    }
  }

  @Override
  public void start(Exchange<Question, Value> exchange) {
    if (!passesOn) {
      asked.start(exchange);
      return;
    }
    if (!passesWrites && !isRepeatable(exchange.items().get(0).key())) {
      exchange.answer(
          new Answer.NotAsked<>(new Failure<>(Failure.Reason.UNREACHABLE, system + NOT_DONE)));
      return;
    }
    Passed one = new Passed(exchange);
    passed.put(exchange, one);
    one.submit(other.get());
  }

  /** Of what the back end was given, which asks once more before it sends; by any thread. */
  @Override
  public Failure<Value> refusal(Exchange<Question, Value> exchange) {
    return asked.refusal(exchange);
  }

  @Override
  public void taken(Exchange<Question, Value> exchange) {
    Passed one = passed.remove(exchange);
    takenIn = one == null ? Set.of() : one.outcomes();
    if (one == null) {
      asked.taken(exchange);
    }
  }

  @Override
  public void abandoned(Exchange<Question, Value> exchange) {
    Passed one = passed.get(exchange);
    if (one == null) {
      asked.abandoned(exchange);
    } else {
      one.takeBack();
    }
  }

  @Override
  public boolean repeat(Exchange<Question, Value> exchange) {
    return !passed.containsKey(exchange) && asked.repeat(exchange);
  }

  // --- as the back end says

  @Override
  public Object kind(Question key) {
    return asked.kind(key);
  }

  @Override
  public boolean isRepeatable(Question key) {
    return asked.isRepeatable(key);
  }

  @Override
  public boolean concerns(Question write, Question key) {
    return asked.concerns(write, key);
  }

  @Override
  public Answer.Item<Value> joined(Question key, List<Object> found) {
    return asked.joined(key, found);
  }

  @Override
  public void ended(Question key) {
    asked.ended(key);
  }

  @Override
  public String silence() {
    return asked.silence();
  }

  @Override
  public String silence(Question key) {
    return asked.silence(key);
  }

  @Override
  public List<String> progress() {
    return asked.progress();
  }

  @Override
  public List<String> notes() {
    return asked.notes();
  }
}
