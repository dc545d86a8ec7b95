package org.aeiou.daemon.service;

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

/**
 * A system's queue that a test answers by hand, as the scheduler would: cache first, then a delayed
 * closure.
 */
final class HandQueue implements SystemQueue<Question, Value> {
  private final ReadingCache cache;
  private final List<Pending<?>> pending = new ArrayList<>();
  private Health.BreakerState breaker = Health.BreakerState.CLOSED;
  private long openUntilNanos;

  /** What is under way, in words. */
  List<String> progress = List.of();

  private long rttNanos = -1;
  private boolean full;
  private Outcome<Value> overtaking;

  /** By when what was asked last must have ended. */
  long deadlineNanos;

  HandQueue(ReadingCache cache) {
    this.cache = cache;
  }

  /** The system is known to answer. */
  void heard() {
    rttNanos = 1;
  }

  /** The system is known not to answer, and not asked until then. */
  void silentUntil(long nanos) {
    breaker = Health.BreakerState.OPEN;
    openUntilNanos = nanos;
  }

  /** From now on the bound on pending requests is reached. */
  void fill() {
    full = true;
  }

  /** From now on this is the answer to everything, and comes before the submitting call returns. */
  void overtake(Outcome<Value> outcome) {
    overtaking = outcome;
  }

  @Override
  public boolean hasRoom(Requester requester) {
    return !full;
  }

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return submit(key, priority, deadlineNanos, 0, burst, closure, context);
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
    if (full) {
      return null;
    }
    this.deadlineNanos = deadlineNanos;
    Pending<C> request = new Pending<>(key, priority, closure, context);
    if (overtaking != null) {
      request.end(overtaking);
    } else {
      pending.add(request);
    }
    return request;
  }

  @Override
  public boolean deliver(Question key, Outcome<Value> outcome) {
    cache.accept(key, outcome);
    return true;
  }

  /** What was asked and not answered yet, in order. */
  List<Question> asked() {
    return pending.stream().map(Pending::question).toList();
  }

  List<Priority> priorities() {
    return pending.stream().map(Pending::priority).toList();
  }

  /** Answers the oldest request. */
  void answer(Outcome<Value> outcome) {
    pending.remove(0).end(outcome);
  }

  @Override
  public void change(Limits limits, Exchanger<Question, Value> exchanger) {
    throw new UnsupportedOperationException("not asked in another way");
  }

  @Override
  public void share(Budget budget) {
    throw new UnsupportedOperationException("shares none");
  }

  @Override
  public Health health() {
    return new Health(
        breaker, openUntilNanos, rttNanos, 0, null, 24, 0, pending.size(), progress, List.of());
  }

  @Override
  public void learn(Learned known, Runnable then) {
    throw new UnsupportedOperationException("nothing is learned here");
  }

  @Override
  public void close() {}

  private final class Pending<C> implements Request {
    private final Question question;
    private final Priority priority;
    private final Closure<Value, C> closure;
    private final C context;
    private boolean done;

    Pending(Question question, Priority priority, Closure<Value, C> closure, C context) {
      this.question = question;
      this.priority = priority;
      this.closure = closure;
      this.context = context;
    }

    Question question() {
      return question;
    }

    Priority priority() {
      return priority;
    }

    void end(Outcome<Value> outcome) {
      done = true;
      if (question instanceof Question.Set set && !(outcome instanceof Failure)) {
        cache.written(set);
        set.answered();
      }
      closure.run(context, cache.accept(question, outcome), true);
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
