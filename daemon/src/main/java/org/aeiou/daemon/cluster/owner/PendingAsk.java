package org.aeiou.daemon.cluster.owner;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;

/**
 * What one message asked for, until all of it has its outcome.
 *
 * <p>One thread asks; outcomes come on the thread that owns the system. The count of what is left
 * orders them: the thread that takes it to zero sees all outcomes.
 */
final class PendingAsk implements Request {
  private static final Closure<Value, Waiting> ENDED =
      (waiting, outcome, delayed) -> waiting.ended(outcome);

  /**
   * What several answers of a reply may take together: a member of this program asks for a walk
   * alone, and else for 32 values at once.
   */
  static final long MOST_REPLY_BYTES = 4 << 20;

  private static final long LEAST_KEPT_MILLIS = 1_000;
  private static final long MOST_KEPT_MILLIS = TimeUnit.DAYS.toMillis(1);

  final Asker asker;
  final Frame.Ask ask;
  final OwnedSystem system;
  final SystemChanges changes;

  /** The ownership by which it is answered. */
  final Epoch epoch;

  private final long nowNanos;
  private final long deadlineNanos;
  private final Consumer<PendingAsk> whenDone;
  private final Outcome<Value>[] outcomes;

  /** One more than outcomes that are missing, until all was asked. */
  private final AtomicInteger left = new AtomicInteger(1);

  private Request[] requests = {};
  private volatile boolean isSubmitted;
  private volatile boolean isCancelled;

  /**
   * A message that came now.
   *
   * @param whenDone told once, when all has its outcome
   */
  @SuppressWarnings("unchecked") // an array of outcomes
  PendingAsk(
      Asker asker,
      Frame.Ask ask,
      OwnedSystem system,
      SystemChanges changes,
      Epoch epoch,
      long nowNanos,
      long deadlineNanos,
      Consumer<PendingAsk> whenDone) {
    this.asker = asker;
    this.ask = ask;
    this.system = system;
    this.changes = changes;
    this.epoch = epoch;
    this.nowNanos = nowNanos;
    this.deadlineNanos = deadlineNanos;
    this.whenDone = whenDone;
    this.outcomes = (Outcome<Value>[]) new Outcome<?>[ask.wanted().size()];
  }

  /** Asks all of it. */
  void begin(RemoteWrites writes, OwnerCounters counters) {
    RequesterBurst burst =
        (ask.interactive() ? asker.requester : asker.requester.inBackground()).begin();
    long keptMillis = LEAST_KEPT_MILLIS;
    for (int i = 0; i < outcomes.length; i++) {
      Frame.Wanted wanted = ask.wanted().get(i);
      if (wanted.question() instanceof Question.Set set) {
        writes.add(set, new RemoteWrites.Condition(epoch, deadlineNanos));
        submit(set, null, burst, new Waiting(this, i, null, null));
      } else {
        keptMillis = Math.max(keptMillis, keptMillis(wanted));
        read(i, wanted, burst, counters);
      }
    }
    changes.asked(nowNanos + TimeUnit.MILLISECONDS.toNanos(keptMillis));
    burst.end();
    isSubmitted = true; // publishes the requests to a thread that cancels
    if (isCancelled) {
      cancelRequests();
    }
    countDown();
  }

  private void read(int index, Frame.Wanted wanted, RequesterBurst burst, OwnerCounters counters) {
    Slot known = system.cache().find(wanted.question());
    Outcome<Value> held = known == null ? null : known.outcome();
    long keptNanos = TimeUnit.MILLISECONDS.toNanos(keptMillis(wanted));
    if (held != null && isYoungEnough(held, wanted)) {
      known.use();
      counters.fromCache.increment();
      Interest.in(known, changes).asked(asker, nowNanos + keptNanos, false);
      outcomes[index] = held;
      return;
    }
    Slot slot = system.cache().open(wanted.question(), freshness(wanted, keptNanos), known);
    Interest interest = Interest.in(slot, changes);
    interest.asked(asker, nowNanos + keptNanos, true);
    submit(wanted.question(), slot, burst, new Waiting(this, index, slot, interest));
  }

  private static long keptMillis(Frame.Wanted wanted) {
    return Math.max(LEAST_KEPT_MILLIS, Math.min(wanted.keepMillis(), MOST_KEPT_MILLIS));
  }

  /** How long it is of use to the asker, of which it is fresh for as long as it may be old. */
  private static Freshness freshness(Frame.Wanted wanted, long keptNanos) {
    long mostAge = TimeUnit.MILLISECONDS.toNanos(wanted.mostAgeMillis());
    long fresh = mostAge <= 0 ? keptNanos : Math.min(mostAge, keptNanos);
    return new Freshness(fresh, keptNanos - fresh);
  }

  private boolean isYoungEnough(Outcome<Value> held, Frame.Wanted wanted) {
    long mostMillis = Math.min(wanted.mostAgeMillis(), MOST_KEPT_MILLIS);
    return nowNanos - Slot.takenNanos(held) < TimeUnit.MILLISECONDS.toNanos(mostMillis);
  }

  private void submit(Question question, Slot slot, RequesterBurst burst, Waiting waiting) {
    left.incrementAndGet();
    Request request =
        system
            .queue()
            .submit(
                question,
                slot,
                Priority.INTERACTIVE,
                deadlineNanos,
                nowNanos,
                burst,
                ENDED,
                waiting);
    if (request == null) {
      waiting.ended(
          new Failure<>(
              Failure.Reason.OVERLOADED,
              ask.system() + ": the member that owns it has too many requests pending; try again"));
      return;
    }
    if (requests.length == 0) {
      requests = new Request[outcomes.length];
    }
    requests[waiting.index] = request;
  }

  /** No requester waits for it any more; then it is not answered. */
  @Override
  public void cancel() {
    isCancelled = true;
    if (isSubmitted) {
      cancelRequests();
    }
  }

  private void cancelRequests() {
    for (Request request : requests) {
      if (request != null) {
        request.cancel();
      }
    }
  }

  boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public boolean isDone() {
    return left.get() == 0;
  }

  /**
   * In the order of the questions. What has no room behind the answers before it is a failure: a
   * short message may ask for the same table thousands of times.
   */
  List<Outcome<Value>> outcomes() {
    List<Outcome<Value>> fitting = new ArrayList<>(outcomes.length);
    long bytes = 0;
    for (Outcome<Value> outcome : outcomes) {
      if (outcome instanceof Reading<Value> reading && bytes <= MOST_REPLY_BYTES) {
        boolean isFirst = bytes == 0;
        bytes += reading.value().bytes();
        fitting.add(isFirst || bytes <= MOST_REPLY_BYTES ? outcome : noRoom());
      } else {
        fitting.add(outcome instanceof Reading<Value> ? noRoom() : outcome);
      }
    }
    return fitting;
  }

  private Failure<Value> noRoom() {
    return new Failure<>(
        Failure.Reason.OVERLOADED,
        ask.system() + ": what was asked for at once has no room in one answer; ask in parts");
  }

  boolean hasFailed() {
    for (Outcome<Value> outcome : outcomes) {
      if (outcome instanceof Failure<Value>) {
        return true;
      }
    }
    return false;
  }

  /** Whether something of it was not done here, and nothing that may be done only once. */
  boolean mayBeAskedElsewhere() {
    boolean isMissing = false;
    for (int i = 0; i < outcomes.length; i++) {
      Failure.Reason why = outcomes[i] instanceof Failure<Value> failure ? failure.reason() : null;
      boolean isRefused = why == Failure.Reason.UNREACHABLE;
      if (ask.wanted().get(i).question() instanceof Question.Set && !isRefused) {
        return false;
      }
      isMissing |= isRefused || why == Failure.Reason.STOPPED;
    }
    return isMissing;
  }

  private void countDown() {
    if (left.decrementAndGet() == 0) {
      whenDone.accept(this);
    }
  }

  /** A question of it that was asked; of what is set there is neither slot nor interest. */
  private record Waiting(PendingAsk ask, int index, Slot slot, Interest interest) {
    void ended(Outcome<Value> outcome) {
      if (slot != null) {
        interest.answered(ask.asker);
        slot.answered();
      }
      ask.outcomes[index] = outcome;
      ask.countDown();
    }
  }
}
