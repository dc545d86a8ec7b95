package org.aeiou.daemon.cluster.owner;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;

/** A system's queue that a test answers by hand, on its own thread. */
final class ScriptedQueue implements SystemQueue<Question, Value> {
  private final ReadingCache cache;

  /** What was asked and not answered yet, in order. */
  final List<Pending<?>> pending = new ArrayList<>();

  /** How many requests may be pending. */
  int room = Integer.MAX_VALUE;

  Health.BreakerState breaker = Health.BreakerState.CLOSED;
  long rttNanos = 1;

  /** What runs on the thread that owns the system after what it does now; null: at once. */
  List<Runnable> afterwards;

  ScriptedQueue(ReadingCache cache) {
    this.cache = cache;
  }

  @Override
  public boolean hasRoom(Requester requester) {
    return pending.size() < room;
  }

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return submit(key, null, priority, deadlineNanos, 0, burst, closure, context);
  }

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return submit(key, null, priority, deadlineNanos, askedNanos, burst, closure, context);
  }

  @Override
  public <C> Request submit(
      Question key,
      Object place,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    if (pending.size() >= room) {
      return null;
    }
    Pending<C> request =
        new Pending<>(key, (Slot) place, deadlineNanos, burst.requester(), closure, context);
    pending.add(request);
    return request;
  }

  @Override
  public boolean deliver(Question key, Outcome<Value> outcome) {
    cache.accept(key, outcome);
    return true;
  }

  @Override
  public boolean run(Runnable task) {
    if (afterwards == null) {
      task.run();
      return true;
    }
    return afterwards.add(task);
  }

  List<Question> asked() {
    return pending.stream().<Question>map(request -> request.question).toList();
  }

  /** Answers the oldest request. */
  void answer(Outcome<Value> outcome) {
    pending.remove(0).end(outcome);
  }

  @Override
  public void change(Limits limits, Exchanger<Question, Value> exchanger) {}

  @Override
  public void share(Budget budget) {}

  @Override
  public void learn(Learned known, Runnable then) {}

  @Override
  public Health health() {
    return new Health(breaker, 0, rttNanos, 0, null, 24, 0, pending.size(), List.of(), List.of());
  }

  @Override
  public void close() {}

  final class Pending<C> implements Request {
    final Question question;
    final long deadlineNanos;
    final Requester requester;
    private final Slot slot;
    private final Closure<Value, C> closure;
    private final C context;
    private boolean done;

    Pending(
        Question question,
        Slot slot,
        long deadlineNanos,
        Requester requester,
        Closure<Value, C> closure,
        C context) {
      this.question = question;
      this.slot = slot;
      this.deadlineNanos = deadlineNanos;
      this.requester = requester;
      this.closure = closure;
      this.context = context;
    }

    void end(Outcome<Value> outcome) {
      done = true;
      closure.run(context, slot == null ? outcome : cache.accept(question, slot, outcome), true);
    }

    /** It was withdrawn as it was about to be started. */
    void cancelled() {
      end(new Failure<>(Failure.Reason.CANCELLED, "withdrawn"));
    }

    @Override
    public void cancel() {
      if (pending.remove(this)) {
        end(new Failure<>(Failure.Reason.CANCELLED, "withdrawn"));
      }
    }

    @Override
    public boolean isDone() {
      return done;
    }
  }
}
