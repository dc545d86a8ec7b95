package org.aeiou.closures.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.shard.Mail;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.User;

/**
 * One exchange, from its start to its answer: the {@link Exchange} the back end holds, the mail
 * that brings the answer, and the timer first of its time-out, then of the backoff before its
 * fetches are tried again (one timer for all of them, so that they travel together again).
 *
 * <p>All but {@link #answer} and the getters of {@link Exchange} is for the owner of the system.
 */
final class ExchangeInFlight<K, V> extends Messages.Asking
    implements Exchange<K, V>, Fetch.Attempt {
  private static final VarHandle ANSWER;

  /** Stands where an answer was, so that another one is known to be a duplicate. */
  private static final Answer<?> TAKEN = new Answer.TooBig<>();

  static {
    try {
      ANSWER = MethodHandles.lookup().findVarHandle(ExchangeInFlight.class, "answer", Answer.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private enum State {
    IN_FLIGHT,
    BACKING_OFF,
    ENDED
  }

  private final ShardQueue<K, V> queue;
  private final List<Fetch<K, V>> fetches;
  private final List<Item<K>> items;
  private final Exchanger<K, V> exchanger;
  private final User user;
  private final int attempt;
  private final long timeoutNanos;
  private final int room;

  /** Which of the system's exchanges it is, in the order of their starts. */
  private final long number;

  private final Messages messages;

  private State state = State.IN_FLIGHT;

  /** How many of its fetches wait for the end of its backoff. */
  private int backingOff;

  @SuppressWarnings("unused") // through ANSWER
  private volatile Answer<V> answer;

  ExchangeInFlight(
      ShardQueue<K, V> queue, List<Fetch<K, V>> fetches, int room, long number, long startNanos) {
    this.queue = queue;
    this.number = number;
    this.exchanger = queue.callbacks().exchanger();
    this.fetches = fetches;
    this.timeoutNanos = queue.signs().timeoutNanos();
    this.room = room;
    this.user = fetches.get(0).whole.first().requester.user();
    this.messages = new Messages(queue, this, fetches.get(0).kind == null, startNanos);
    List<Item<K>> asked = new ArrayList<>(fetches.size());
    int failed = 0;
    for (Fetch<K, V> fetch : fetches) {
      fetch.phase = Fetch.Phase.IN_FLIGHT;
      fetch.attempt = this;
      asked.add(new Item<>(fetch.key, fetch.continuation));
      failed = Math.max(failed, fetch.failedAttempts);
    }
    this.items = Collections.unmodifiableList(asked);
    this.attempt = failed + 1;
  }

  @Override
  public List<Item<K>> items() {
    return items;
  }

  @Override
  public long timeoutNanos() {
    return timeoutNanos;
  }

  @Override
  public int room() {
    return room;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Failure<V> refusal() {
    return exchanger.refusal(this);
  }

  @Override
  public boolean answer(Answer<V> given) {
    Answer<V> taken = given == null ? noAnswer() : given;
    // The first one wins. Nothing is published here: the push below does that.
    if (!ANSWER.compareAndSet(this, null, taken)) {
      queue.shard().counters().duplicates.increment();
      return false;
    }
    // A closed shard takes no answers: all its requests have ended in STOPPED.
    return queue.shard().mailbox().push(this);
  }

  @Override
  public void answeredInPart() {
    queue.shard().mailbox().push(new AnsweredInPart());
  }

  /** The news that the system answered in part. */
  private final class AnsweredInPart extends Mail {
    @Override
    protected void receive() {
      queue.count(SchedulerCounter.PARTS);
      if (queue.isClosed()) {
        return;
      }
      messages.answered();
      queue.askedOnceMore();
      if (state == State.IN_FLIGHT) {
        queue.shard().wheel().remove(ExchangeInFlight.this);
        messages.beginAnew();
      }
    }
  }

  /** The answer arrives at the shard. */
  @Override
  @SuppressWarnings("unchecked") // only this class writes it, and TAKEN only after this
  protected void receive() {
    Answer<V> given = (Answer<V>) ANSWER.getAndSet(this, TAKEN);
    boolean late = state != State.IN_FLIGHT;
    queue.callbacks().taken(this);
    queue.shard().touch(queue);
    if (late) {
      queue.count(SchedulerCounter.LATE);
    } else {
      leave();
    }
    if (queue.isClosed()) {
      return;
    }
    if (given instanceof Answer.NotAsked<V> none) {
      new AnswerHandler<>(queue, this).notAsked(none.failure());
      return;
    }
    noteWrite();
    if (given instanceof Answer.Failed<V> failed) {
      queue.count(SchedulerCounter.FAILED_ANSWERS);
      onFailed(failed, late);
    } else {
      messages.answered();
      if (given instanceof Answer.Items<V> answered) {
        new AnswerHandler<>(queue, this).items(answered.items(), late);
      } else {
        new AnswerHandler<>(queue, this).tooBig(late);
      }
    }
  }

  /** The time-out passed, or the backoff after it. */
  @Override
  protected void fire() {
    if (state == State.BACKING_OFF) {
      state = State.ENDED;
      requeue();
      queue.shard().touch(queue);
      return;
    }
    if (messages.mayStillBeAnswered()) {
      messages.overdue();
      return;
    }
    leave();
    queue.timedOut();
    if (queue.isClosed()) {
      return;
    }
    noteWrite();
    messages.takeForLost();
    queue.learned().batch().unanswered(items.size());
    Failure<V> timeout =
        queue
            .failures()
            .timeout(attempt, timeoutNanos, queue.callbacks().silence(fetches.get(0).key));
    queue.unheard(timeout);
    tryAgain(isRepeatable() ? timeout : queue.failures().noVerdict(timeout), false);
  }

  @Override
  boolean isRepeatable() {
    return fetches.get(0).repeatable;
  }

  /** What is not repeatable may have happened now, if it has not before. */
  private void noteWrite() {
    if (!isRepeatable()) {
      queue.wrote(fetches.get(0).key);
    }
  }

  long number() {
    return number;
  }

  @Override
  public void release() {
    if (--backingOff == 0 && state == State.BACKING_OFF) {
      state = State.ENDED;
      queue.shard().wheel().remove(this);
    }
  }

  /** Looks from the last to the first: mostly the first are withdrawn first. */
  @Override
  public void abandoned() {
    for (int i = fetches.size() - 1; i >= 0; i--) {
      if (fetches.get(i).whole.hasWaiters() && holds(fetches.get(i))) {
        return;
      }
    }
    queue.callbacks().abandoned(this);
  }

  @Override
  public boolean isInteractive() {
    for (Fetch<K, V> fetch : fetches) {
      if (fetch.whole.interactive) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long deadlineNanos() {
    long latest = queue.shard().now();
    for (Fetch<K, V> fetch : fetches) {
      PendingRequest<K, V> waiter = fetch.whole.first();
      for (; waiter != null; waiter = waiter.later) {
        if (!waiter.hasDeadline()) {
          return Long.MAX_VALUE;
        }
        latest = waiter.deadlineNanos() - latest > 0 ? waiter.deadlineNanos() : latest;
      }
    }
    return latest;
  }

  @Override
  boolean repeat() {
    return queue.callbacks().repeat(this);
  }

  /** The message that asks, and those that repeat it. */
  Messages messages() {
    return messages;
  }

  @Override
  int size() {
    return items.size();
  }

  @Override
  boolean isInFlight() {
    return state == State.IN_FLIGHT;
  }

  /** Whose exchange it is: the user whose turn it was. */
  User user() {
    return user;
  }

  List<Fetch<K, V>> fetches() {
    return fetches;
  }

  /** Whether {@code fetch} still depends on this exchange. */
  boolean holds(Fetch<K, V> fetch) {
    return fetch.attempt == this;
  }

  /** Puts those that still depend on this exchange back to the front of the queue, in order. */
  void requeue() {
    for (int i = fetches.size() - 1; i >= 0; i--) {
      Fetch<K, V> fetch = fetches.get(i);
      if (holds(fetch)) {
        queue.fetches().askNext(fetch);
      }
    }
  }

  /** It is no longer in flight. */
  void leave() {
    state = State.ENDED;
    queue.shard().wheel().remove(this);
    queue.ended(this);
  }

  private void onFailed(Answer.Failed<V> failed, boolean late) {
    Reason reason = failed.failure().reason();
    if (reason == Reason.TIMEOUT || reason == Reason.UNREACHABLE) {
      // The back end says it, not the system: no sign of life.
      if (!late) {
        queue.unheard(failed.failure());
      }
    } else if (reason != Reason.BAD_REQUEST && reason != Reason.STOPPED) {
      messages.answered();
      queue.signs().failed(failed.failure().message());
    } // else it was not sent: the system is not to blame, nor known to answer
    if (!failed.retry()) {
      new AnswerHandler<>(queue, this).all(failed.failure());
    } else if (!late) {
      tryAgain(failed.failure(), true);
    }
  }

  /**
   * Lets what may be tried again back off, and ends the rest in {@code failure}.
   *
   * @param answered whether the failure is an answer, which step 1 gets to see
   */
  private void tryAgain(Failure<V> failure, boolean answered) {
    int failedAttempts = 0;
    boolean givenUp = false;
    for (int i = 0; i < items.size(); i++) {
      Fetch<K, V> fetch = fetches.get(i);
      if (!holds(fetch)) {
        continue;
      }
      fetch.failedAttempts++;
      queue.fetches().oneAtATime(fetch);
      if (!fetch.whole.hasWaiters()) {
        queue.fetches().askNext(fetch);
      } else if (fetch.failedAttempts > queue.signs().retries(fetch)) {
        queue
            .fetches()
            .end(fetch, answered ? queue.callbacks().arrived(fetch, failure, false) : failure);
        givenUp = true;
      } else if (queue.signs().breaker().state() == Health.BreakerState.OPEN) {
        queue.fetches().end(fetch, queue.signs().breaker().silent());
      } else {
        queue.fetches().backOff(fetch);
        backingOff++;
        failedAttempts = Math.max(failedAttempts, fetch.failedAttempts);
      }
    }
    if (givenUp) {
      queue.gaveUp(failure);
    }
    if (backingOff > 0) {
      state = State.BACKING_OFF;
      Shard shard = queue.shard();
      shard.wheel().add(this, shard.now() + queue.retryDelay(failedAttempts));
    }
  }

  private Answer<V> noAnswer() {
    return new Answer.Failed<>(
        queue.failures().badAnswer("the back end gave null, expected an answer"), false);
  }
}
