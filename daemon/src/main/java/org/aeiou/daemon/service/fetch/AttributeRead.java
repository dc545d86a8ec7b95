package org.aeiou.daemon.service.fetch;

import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.service.ahead.ReadAhead;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Endpoint;

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
    if (ahead == null) {
      ask(rows, delayed ? burst.requester().alone() : burst);
    } else {
      RequesterBurst together = burst.requester().begin();
      ask(rows, together);
      together.end();
    }
  }

  private void ask(Outcome<Value> rows, RequesterBurst with) {
    int step = ++steps;
    Question.Get question = place.question();
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
      finish(outcome, delayed);
    } else if (outcome instanceof Reading<Value> reading
        && reading.value() instanceof Value.Guarded guarded
        && place.label().equals(guarded.guard())) {
      finish(guarded.outcome(reading), delayed);
    } else if (walkedAgain) {
      gone();
    } else {
      walkedAgain = true;
      forgetPlace();
      locate();
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
