package org.aeiou.daemon.service.fetch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.ahead.ReadAhead;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.View;

/**
 * Reading an attribute: finds the row first, if it is in one, then reads the value together with
 * the label that proves the row is still the one meant. If it is not, the table was renumbered: the
 * row is looked for once more.
 */
public final class AttributeRead<C> extends CompositeRequest<Value, C> {
  private final CachedFetch fetch;
  private final AttributeFile file;
  private final Freshness freshness;
  private final RequesterBurst burst;
  private final ReadAhead ahead;
  private AttributeFile.Place place;
  private boolean walkedAgain;
  private boolean delayed;
  private int steps;
  private long startNanos;

  /**
   * A read.
   *
   * @param ahead what a miss brings along; null for nothing
   */
  public AttributeRead(
      CachedFetch fetch,
      ReadAhead ahead,
      AttributeFile file,
      Freshness freshness,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    super(closure, context);
    this.fetch = fetch;
    this.ahead = ahead;
    this.file = file;
    this.freshness = freshness;
    this.burst = burst;
  }

  public Request start() {
    if (file.isDerived()) {
      startNanos = fetch.ticker().read();
    }
    locate();
    return submitted();
  }

  private void locate() {
    if (file.locator() == null) {
      located(null, null, false);
      return;
    }
    Endpoint endpoint = file.system().endpoint();
    if (endpoint == null) {
      gone();
      return;
    }
    int step = ++steps;
    pending(
        step,
        fetch.ask(
            file.system(),
            file.view(),
            null,
            file.locator(),
            endpoint.lifetimes().ofDirectories(),
            delayed ? burst.requester().alone() : burst,
            this::located,
            null));
  }

  private void located(Void context, Outcome<Value> rows, boolean late) {
    delayed |= late;
    if (rows instanceof Failure<Value> failure) {
      fail(failure, delayed);
      return;
    }
    place = file.place(rows);
    if (place == null) {
      gone();
      return;
    }
    if (place.question() == null) {
      // As the walk says that was located by.
      Reading<Value> walk = (Reading<Value>) rows;
      finish(new Absent<>(walk.takenNanos(), walk.takenMillis()), delayed);
      return;
    }
    if (file.isDerived()) {
      askOrWait();
    } else if (ahead == null) {
      ask(rows, delayed ? burst.requester().alone() : burst);
    } else {
      RequesterBurst together = burst.requester().begin();
      ask(rows, together);
      together.end();
    }
  }

  private void ask(Outcome<Value> rows, RequesterBurst with) {
    int step = ++steps;
    Question.Guarded question = place.question();
    Request asked =
        fetch.ask(
            file.system(), file.view(), file, question, freshness, with, this::answered, null);
    pending(step, asked);
    if (ahead != null && asked != Request.IMMEDIATE) {
      ahead.missed(file, rows, question, with);
    }
  }

  private void answered(Void context, Outcome<Value> outcome, boolean late) {
    delayed |= late;
    if (outcome instanceof Failure<Value> failure) {
      noteFailure(failure);
      finish(outcome, delayed);
    } else if (place.label() == null) {
      found(outcome);
    } else if (outcome instanceof Reading<Value> reading
        && reading.value() instanceof Value.Guarded guarded
        && place.label().equals(guarded.guard())) {
      found(guarded.outcome(reading));
    } else if (walkedAgain) {
      gone();
    } else {
      walkedAgain = true;
      forgetPlace();
      locate();
    }
  }

  private void found(Outcome<Value> outcome) {
    Derived derived = file.isDerived() ? Derived.of(outcome) : null;
    if (derived == null || derived.missing() == null) {
      finish(outcome, delayed);
    } else if (derived.missing().againNanos() < 0) {
      fetch.sampling().ended();
      without(derived.missing().why(), outcome);
    } else {
      waitFor(
          fetch.sampling().nanosUntilNext(derived.missing(), Slot.takenNanos(outcome)), outcome);
    }
  }

  /** A counter that was just read for another reader is not read at once again. */
  private void askOrWait() {
    Endpoint endpoint = file.system().endpoint();
    long nanos =
        endpoint == null || file.view() == View.CACHED
            ? 0
            : fetch.sampling().nanosUntilNext(endpoint, place.question());
    if (nanos > 0) {
      delayed = true;
      waitFor(nanos, endpoint.cache().find(place.question()).held());
    } else {
      ask(null, delayed ? burst.requester().alone() : burst);
    }
  }

  /** Asks again in so long, unless that is longer than a reader waits. */
  private void waitFor(long nanos, Outcome<Value> last) {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint == null) {
      gone();
      return;
    }
    // The rest is for the last answer.
    long endNanos = startNanos + endpoint.patienceNanos() / 4 * 3;
    if (fetch.ticker().read() + nanos - endNanos > 0) {
      fetch.sampling().goOn(endpoint, place.question(), freshness, burst.requester());
      Derived derived = Derived.of(last);
      without(
          (derived == null ? "there is no number yet" : derived.missing().why())
              + "; the counter is read on, ask again later",
          last);
      return;
    }
    Pause pause = new Pause();
    pending(++steps, pause);
    fetch.sampling().after(nanos, endpoint, burst.requester(), pause::over);
  }

  private void without(String why, Outcome<Value> last) {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint != null) {
      endpoint
          .cache()
          .failed(
              place.question(),
              new Failure<>(Failure.Reason.BAD_ANSWER, file.system().name() + ": " + why));
    }
    Reading<Value> reading = (Reading<Value>) last;
    finish(new Absent<>(reading.takenNanos(), reading.takenMillis()), delayed);
  }

  /** The time until a counter is read again. */
  private final class Pause implements Request {
    private final AtomicBoolean ended = new AtomicBoolean();

    void over(RequesterBurst with) {
      if (ended.compareAndSet(false, true)) {
        delayed = true;
        ask(null, with);
      }
    }

    @Override
    public void cancel() {
      if (ended.compareAndSet(false, true)) {
        finish(
            new Failure<>(Failure.Reason.CANCELLED, "withdrawn before there was a number"), true);
      }
    }

    @Override
    public boolean isDone() {
      return ended.get();
    }
  }

  private void noteFailure(Failure<Value> failure) {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint != null) {
      endpoint.cache().failed(place.question(), failure);
    }
  }

  private void forgetPlace() {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint != null) {
      endpoint.cache().invalidate(file.locator());
      endpoint.cache().invalidate(place.question());
    }
  }

  private void gone() {
    finish(
        new Failure<>(
            Failure.Reason.UNKNOWN_NAME, file.system().name() + " no longer has this row"),
        delayed);
  }
}
