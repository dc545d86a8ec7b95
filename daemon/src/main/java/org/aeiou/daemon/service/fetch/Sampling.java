package org.aeiou.daemon.service.fetch;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;

/**
 * When counters are read again, of which a rate is wanted and one reading is not enough.
 *
 * <p>What is due at about the same time of a system is asked in one burst, so that it shares
 * packets. A reader that did not wait long enough has the counter read on for a while, so that
 * there is a number when it asks again.
 */
public final class Sampling {

  /** Runs tasks later; short ones, that do not wait. */
  @FunctionalInterface
  public interface Timer {
    /** Runs a task once, so many nanoseconds from now and no earlier. */
    void after(long nanos, Runnable task);
  }

  /** What is due within so long is asked together. */
  private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** For so long a counter is read on: two renewals of most systems. */
  private static final long READ_ON_NANOS = TimeUnit.SECONDS.toNanos(150);

  private final Ticker ticker;
  private final Timer timer;
  private final Map<Due, List<Consumer<RequesterBurst>>> due = new ConcurrentHashMap<>();
  private final LongAdder waited = new LongAdder();
  private final LongAdder without = new LongAdder();
  private final LongAdder readOn = new LongAdder();

  private record Due(Endpoint endpoint, Requester requester, long round) {
    // By identity: an endpoint is a record of large things.
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof Due that
          && endpoint == that.endpoint
          && requester == that.requester
          && round == that.round;
    }

    @Override
    public int hashCode() {
      return (System.identityHashCode(endpoint) * 31 + System.identityHashCode(requester)) * 31
          + Long.hashCode(round);
    }
  }

  Sampling(Ticker ticker, Timer timer) {
    this.ticker = ticker;
    this.timer = timer;
  }

  /** Counts what was waited for. */
  void countIn(MetricSet metrics) {
    metrics.counter(
        "rates-waited",
        "",
        Unit.COUNT,
        "Times that the reader of a rate was made to wait for one more reading of its counter.",
        waited::sum);
    metrics.counter(
        "rates-without-number",
        "",
        Unit.COUNT,
        "Reads of rates that ended without a number.",
        without::sum);
    metrics.counter(
        "rates-read-on",
        "",
        Unit.COUNT,
        "Readings of counters behind a read of a rate that had ended without a number.",
        readOn::sum);
  }

  /** How long until another reading may bring a number, of which this is not one yet. */
  long nanosUntilNext(Derived.Missing missing, long takenNanos) {
    return Math.max(1, takenNanos + missing.againNanos() - ticker.read());
  }

  /**
   * How long until a counter may be asked again that is read for another reader, or was until just
   * now; 0 if it may be asked.
   */
  long nanosUntilNext(Endpoint endpoint, Question question) {
    Slot slot = endpoint.cache().find(question);
    Outcome<Value> held = slot == null ? null : slot.held();
    Derived derived = Derived.of(held);
    if (derived == null || derived.missing() == null || derived.missing().againNanos() < 0) {
      return 0;
    }
    return Math.max(0, Slot.takenNanos(held) + derived.missing().againNanos() - ticker.read());
  }

  /** Asks again then, in a burst with what else is due of the system for the requester. */
  void after(long nanos, Endpoint endpoint, Requester requester, Consumer<RequesterBurst> ask) {
    waited.increment();
    // Upwards: a reading that came too early would be of no use.
    long round = (ticker.read() + nanos + TOGETHER_NANOS - 1) / TOGETHER_NANOS;
    Due when = new Due(endpoint, requester, round);
    due.compute(
        when,
        (any, known) -> {
          List<Consumer<RequesterBurst>> all = known == null ? new ArrayList<>() : known;
          if (known == null) {
            timer.after(round * TOGETHER_NANOS - ticker.read(), () -> ask(when));
          }
          all.add(ask);
          return all;
        });
  }

  private void ask(Due when) {
    List<Consumer<RequesterBurst>> all = due.remove(when);
    RequesterBurst burst = when.requester.begin();
    all.forEach(each -> each.accept(burst));
    burst.end();
  }

  /** A reader goes without a number: the counter is read on for when it comes again. */
  void goOn(Endpoint endpoint, Question question, Freshness freshness, Requester requester) {
    without.increment();
    Slot slot = endpoint.cache().find(question);
    if (slot != null && slot.claimRefresh()) {
      new ReadingOn(endpoint, question, freshness, requester, slot).again();
    }
  }

  /** A read ended without a number, and none is to be had. */
  void ended() {
    without.increment();
  }

  /** One counter that is read on. */
  private final class ReadingOn {
    private static final Closure<Value, ReadingOn> ANSWERED =
        (readingOn, outcome, delayed) -> readingOn.answered(outcome);

    private final long endNanos = ticker.read() + READ_ON_NANOS;
    private final Endpoint endpoint;
    private final Question question;
    private final Freshness freshness;
    private final Requester requester;
    private final Slot slot;

    ReadingOn(
        Endpoint endpoint, Question question, Freshness freshness, Requester requester, Slot slot) {
      this.endpoint = endpoint;
      this.question = question;
      this.freshness = freshness;
      this.requester = requester;
      this.slot = slot;
    }

    void again() {
      long nanos = nanosUntilNext(endpoint, question);
      if (nanos == 0 || ticker.read() + nanos - endNanos > 0) {
        slot.refreshed();
      } else {
        after(nanos, endpoint, requester, this::ask);
      }
    }

    private void ask(RequesterBurst burst) {
      readOn.increment();
      Slot opened = endpoint.cache().open(question, freshness, slot);
      Request request =
          endpoint
              .queue()
              .submit(
                  question,
                  Priority.BACKGROUND,
                  ticker.read() + endpoint.patienceNanos(),
                  burst,
                  ANSWERED,
                  this);
      if (request == null) {
        opened.answered();
        slot.refreshed();
      }
    }

    private void answered(Outcome<Value> outcome) {
      slot.answered();
      Derived derived = Derived.of(outcome);
      if (derived == null || derived.missing() == null) {
        slot.refreshed();
      } else {
        again();
      }
    }
  }
}
