package org.aeiou.daemon.service.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.fetch.AllRequests;
import org.aeiou.daemon.service.fetch.CachedFetch;
import org.aeiou.daemon.service.fetch.CompositeRequest;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.View;

/**
 * One write: finds the row, reads what is there together with the label that proves the row, sets,
 * and reads back. Until the question that sets is sent, nothing has happened; it is sent once.
 */
final class WriteRequest<C> extends CompositeRequest<Written, C> {
  private final CachedFetch fetch;

  private final Ticker ticker;
  private final MonitoredSystem system;
  private final List<Checked> checked;
  private final Requester requester;
  private final Ended ended;

  private List<AttributeFile.Place> places = List.of();
  private List<Outcome<Value>> before = List.of();
  private boolean isLocatedAgain;
  private int steps;

  /** Whether the question that sets was handed to the scheduler. */
  private volatile boolean submitted;

  /**
   * An assignment that passed the check.
   *
   * @param text what is to be written, without a newline
   */
  record Checked(AttributeFile file, String text, Value.Single value) {}

  /** Is told how it ended. */
  interface Ended {
    void ended(Outcome<Written> outcome, boolean sent);
  }

  WriteRequest(
      CachedFetch fetch,
      Ticker ticker,
      List<Checked> checked,
      Requester requester,
      Ended ended,
      Closure<Written, C> closure,
      C context) {
    super(closure, context);
    this.fetch = fetch;
    this.ticker = ticker;
    this.system = checked.get(0).file().system();
    this.checked = checked;
    this.requester = requester;
    this.ended = ended;
  }

  Request start() {
    locate();
    return this;
  }

  // --- where it is

  private void locate() {
    Question.Walk locator = checked.get(0).file().locator();
    Endpoint endpoint = system.endpoint();
    if (endpoint == null) {
      end(gone("was taken out of the configuration"));
    } else if (locator == null) {
      located(null, null, false);
    } else {
      pending(
          ++steps,
          fetch.ask(
              system,
              View.NORMAL,
              null,
              locator,
              endpoint.lifetimes().ofDirectories(),
              requester.alone(),
              this::located,
              null));
    }
  }

  private void located(Void none, Outcome<Value> rows, boolean delayed) {
    if (rows instanceof Failure<Value> failure) {
      end(unsent(failure));
      return;
    }
    List<AttributeFile.Place> found = new ArrayList<>(checked.size());
    for (Checked each : checked) {
      AttributeFile.Place place = each.file().place(rows);
      if (place == null) {
        end(gone("no longer has this row"));
        return;
      }
      if (place.question() == null) {
        end(new Failure<>(Reason.NOT_WRITABLE, "this row has no " + each.file().name()));
        return;
      }
      found.add(place);
    }
    places = found;
    readAll(true, this::readBefore);
  }

  // --- what is there

  /**
   * Asks for all of it anew, and hands over the outcomes in their order.
   *
   * @param awaited whether the requester waits for it, and may withdraw it
   */
  private void readAll(boolean awaited, Consumer<List<Outcome<Value>>> then) {
    Endpoint endpoint = system.endpoint();
    if (endpoint == null) {
      then.accept(List.of());
      return;
    }
    int number = ++steps;
    Outcome<Value>[] outcomes = outcomes(checked.size());
    AtomicInteger missing = new AtomicInteger(checked.size());
    RequesterBurst burst = requester.begin();
    Request[] requests = new Request[checked.size()];
    for (int i = 0; i < requests.length; i++) {
      int at = i;
      AttributeFile file = checked.get(i).file();
      requests[i] =
          fetch.ask(
              system,
              View.UNCACHED,
              file,
              places.get(i).question(),
              file.freshness(endpoint.lifetimes()),
              burst,
              (none, outcome, delayed) -> {
                outcomes[at] = outcome;
                // The atomic decrement publishes this thread's outcome to the one that takes all.
                if (missing.decrementAndGet() == 0) {
                  then.accept(List.of(outcomes));
                }
              },
              null);
    }
    if (awaited) {
      pending(number, new AllRequests(requests));
    }
    burst.end();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // no array of a generic type can be made
  private static Outcome<Value>[] outcomes(int count) {
    return new Outcome[count];
  }

  private void readBefore(List<Outcome<Value>> outcomes) {
    if (outcomes.isEmpty()) {
      end(gone("was taken out of the configuration"));
      return;
    }
    for (int i = 0; i < outcomes.size(); i++) {
      // What cannot be read can be written perhaps, but not without knowing to which row.
      if (outcomes.get(i) instanceof Failure<Value> failure
          && (failure.reason() != Reason.BAD_ANSWER || places.get(i).label() != null)) {
        end(unsent(failure));
        return;
      }
      if (!isProved(i, outcomes.get(i))) {
        if (isLocatedAgain) {
          end(gone("no longer has this row"));
        } else {
          isLocatedAgain = true;
          forgetPlaces();
          locate();
        }
        return;
      }
    }
    before = outcomes;
    set();
  }

  /** Whether a row is still the one that is meant. */
  private boolean isProved(int i, Outcome<Value> outcome) {
    Value label = places.get(i).label();
    return label == null
        || (outcome instanceof Reading<Value> reading
            && reading.value() instanceof Value.Guarded guarded
            && label.equals(guarded.guard()));
  }

  private void forgetPlaces() {
    Endpoint endpoint = system.endpoint();
    if (endpoint != null) {
      endpoint.cache().invalidate(checked.get(0).file().locator());
      places.forEach(place -> endpoint.cache().invalidate(place.question()));
    }
  }

  // --- what is written

  private void set() {
    Endpoint endpoint = system.endpoint();
    Failure<Written> refusal = endpoint == null ? gone("was taken out of the configuration") : null;
    for (Checked each : checked) {
      // The configuration may have been read anew since it was checked.
      refusal = refusal == null ? AttributeWrites.refusal(each.file()) : refusal;
    }
    if (refusal != null) {
      end(refusal);
      return;
    }
    List<Question.Assignment> assignments = new ArrayList<>(checked.size());
    for (int i = 0; i < checked.size(); i++) {
      Question.Guarded question = places.get(i).question();
      assignments.add(
          new Question.Assignment(question.oid(), question.guard(), checked.get(i).value()));
    }
    Question.Set set = new Question.Set(assignments, this::answered);
    long now = ticker.read();
    submitted = true;
    Request request =
        endpoint
            .queue()
            .submit(
                set,
                Priority.INTERACTIVE,
                now + endpoint.patienceNanos(),
                requester.alone(),
                this::wasSet,
                set);
    if (request == null) {
      submitted = false;
      end(new Failure<>(Reason.OVERLOADED, "too many requests are pending; nothing was written"));
      return;
    }
    pending(++steps, request);
  }

  private void wasSet(Question.Set set, Outcome<Value> outcome, boolean delayed) {
    if (!(outcome instanceof Failure<Value> failure)) {
      readAll(true, this::readBack);
      return;
    }
    if (failure.reason() == Reason.TIMEOUT) {
      // Step 1 has heard of no answer, so that what is known is to be forgotten here.
      Endpoint endpoint = system.endpoint();
      if (endpoint != null) {
        endpoint.cache().written(set);
      }
      readAll(false, outcomes -> {});
    }
    end(Failure.as(failure));
  }

  /**
   * The system answered; perhaps too late for this request, and then it is read back all the same.
   */
  private void answered() {
    if (isDone()) {
      readAll(false, outcomes -> {});
    }
  }

  // --- what became of it

  private void readBack(List<Outcome<Value>> after) {
    List<Written.Change> changes = new ArrayList<>(checked.size());
    for (int i = 0; i < checked.size(); i++) {
      Outcome<Value> now = after.isEmpty() ? null : after.get(i);
      changes.add(
          new Written.Change(
              checked.get(i).file(),
              text(i, before.get(i)),
              now == null || !isOfRow(i, now) ? null : text(i, now)));
    }
    end(Reading.of(new Written(changes), ticker.read(), 0));
  }

  /** As {@link #isProved}, where the label itself may be what was written. */
  private boolean isOfRow(int i, Outcome<Value> now) {
    Question.Guarded question = places.get(i).question();
    return isProved(i, now)
        || (now instanceof Reading<Value>
            && checked.stream().anyMatch(each -> isGuardOf(question, each)));
  }

  private boolean isGuardOf(Question.Guarded question, Checked each) {
    return places.get(checked.indexOf(each)).question().oid().equals(question.guard());
  }

  /** What a value reads as; null if there is none. */
  private String text(int i, Outcome<Value> outcome) {
    Value value = outcome instanceof Reading<Value> reading ? reading.value() : null;
    if (value instanceof Value.Guarded guarded) {
      value = guarded.value();
    }
    return value == null
        ? null
        : new String(
            checked.get(i).file().attribute().syntax().render(value, system.charset()), UTF_8);
  }

  private void end(Outcome<Written> outcome) {
    if (!isDone()) {
      ended.ended(outcome, submitted);
    }
    finish(outcome, true);
  }

  private Failure<Written> gone(String how) {
    return new Failure<>(Reason.UNKNOWN_NAME, system.name() + " " + how + "; nothing was written");
  }

  /**
   * A failure before anything was sent: of a write a time-out would say that it may have happened.
   */
  private static Failure<Written> unsent(Failure<Value> failure) {
    Reason reason = failure.reason() == Reason.TIMEOUT ? Reason.UNREACHABLE : failure.reason();
    return new Failure<>(reason, failure.message() + "; nothing was written");
  }
}
