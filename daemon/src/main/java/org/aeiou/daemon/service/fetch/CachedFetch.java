package org.aeiou.daemon.service.fetch;

import com.google.common.base.Ticker;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.refresh.RefreshAhead;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/**
 * One question to one system: from the cache inside the call, or through the scheduler. The one
 * place where a hit is told from a miss.
 */
public final class CachedFetch {
  private static final String TOO_MUCH = "too many requests are pending; try again";

  private static final Closure<Value, Waiting> ENDED =
      (waiting, outcome, delayed) -> waiting.ended(outcome, delayed);

  private final SilentSystemProbes probes;
  private final RefreshAhead refresh;
  private final Ticker ticker;
  private final Sampling sampling;

  /**
   * A fetch.
   *
   * @param timer for what is to be read again
   */
  public CachedFetch(
      SilentSystemProbes probes, RefreshAhead refresh, Ticker ticker, Sampling.Timer timer) {
    this.probes = probes;
    this.refresh = refresh;
    this.ticker = ticker;
    this.sampling = new Sampling(ticker, timer);
  }

  /** Adds what it counts. */
  public void countIn(MetricSet metrics) {
    sampling.countIn(metrics);
  }

  Sampling sampling() {
    return sampling;
  }

  Ticker ticker() {
    return ticker;
  }

  /**
   * Asks a question. A usable reading in the cache runs the closure inside the call; so does a
   * refusal, when there is no way to ask: the system is gone, only a cached reading was wanted, or
   * too much is pending.
   *
   * @param dependent what changes with the answer; null if no observer need be told
   */
  public <C> Request ask(
      MonitoredSystem system,
      View view,
      Node dependent,
      Question question,
      Freshness freshness,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return ask(system, view, dependent, question, freshness, burst, closure, context, null);
  }

  /**
   * Reads an attribute that is always in the same place, as {@link #ask} does: nothing has to be
   * found before, or proved after.
   */
  public <T, C> Request read(
      AttributeFile file, Freshness freshness, RequesterBurst burst, ScalarRead<T, C> read) {
    return ask(
        file.system(),
        file.view(),
        file,
        file.place(null).question(),
        freshness,
        burst,
        ScalarRead::answered,
        read,
        read);
  }

  /** What waits for the answer to a question, with the slot that the answer is kept in. */
  abstract static class Waiting {
    private Slot slot;

    final void ended(Outcome<Value> outcome, boolean delayed) {
      slot.answered();
      answered(outcome, delayed);
    }

    abstract void answered(Outcome<Value> outcome, boolean delayed);
  }

  /**
   * Asks a question.
   *
   * @param waiting what waits if the answer is not there; null to make it of the closure
   */
  private <C> Request ask(
      MonitoredSystem system,
      View view,
      Node dependent,
      Question question,
      Freshness freshness,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context,
      Waiting waiting) {
    Endpoint endpoint = system.endpoint();
    if (endpoint == null) {
      return refuse(
          closure,
          context,
          Failure.Reason.UNKNOWN_NAME,
          system.name() + " was taken out of the configuration");
    }
    // Before the look into the cache: what comes in behind it has come since it was asked.
    long asked = ticker.read();
    ReadingCache cache = endpoint.cache();
    Slot known =
        dependent instanceof AttributeFile file ? file.slot(cache, question) : cache.find(question);
    if (view != View.UNCACHED) {
      Outcome<Value> cached =
          known == null
              ? null
              : cached(burst.requester(), endpoint, view, dependent, known, freshness, asked);
      if (cached != null) {
        closure.run(context, cached, false);
        return Request.IMMEDIATE;
      }
      if (view == View.CACHED) {
        return refuse(
            closure,
            context,
            Failure.Reason.NOT_CACHED,
            system.name() + ": no reading in the cache");
      }
    }
    if (known == null && !endpoint.queue().hasRoom(burst.requester())) {
      // Before a slot is made, for which another one may have to go.
      return refuse(closure, context, Failure.Reason.OVERLOADED, TOO_MUCH);
    }
    probes.asked(burst.requester(), system, endpoint, asked);
    Slot slot = cache.open(question, freshness, known);
    if (view == View.UNCACHED) {
      slot.demand();
    }
    if (dependent != null) {
      slot.note(dependent);
    }
    Waiting asking = waiting == null ? new Asked<>(closure, context) : waiting;
    asking.slot = slot;
    Request request =
        endpoint
            .queue()
            .submit(
                question,
                slot,
                Priority.INTERACTIVE,
                deadline(asked + endpoint.patienceNanos(question), burst),
                asked,
                burst,
                ENDED,
                asking);
    if (request != null) {
      return request;
    }
    slot.answered();
    return refuse(closure, context, Failure.Reason.OVERLOADED, TOO_MUCH);
  }

  /** The earlier of two times, by their difference, as a ticker may wrap around. */
  private static long deadline(long patience, RequesterBurst burst) {
    long said = burst.deadlineNanos();
    return said != Long.MAX_VALUE && said - patience < 0 ? said : patience;
  }

  /** What the requester gave with a question. */
  private static final class Asked<C> extends Waiting {
    private final Closure<Value, C> closure;
    private final C context;

    Asked(Closure<Value, C> closure, C context) {
      this.closure = closure;
      this.context = context;
    }

    @Override
    void answered(Outcome<Value> outcome, boolean delayed) {
      closure.run(context, outcome, delayed);
    }
  }

  /**
   * The usable outcome in the cache, or null. A stale one is refreshed behind the reader's back,
   * but not for a reader that wants only what is cached.
   */
  private Outcome<Value> cached(
      Requester requester,
      Endpoint endpoint,
      View view,
      Node dependent,
      Slot slot,
      Freshness freshness,
      long now) {
    Outcome<Value> outcome = slot.outcome();
    if (outcome == null) {
      return null;
    }
    slot.use();
    if (dependent != null) {
      slot.note(dependent);
    }
    switch (freshness.at(now - Slot.takenNanos(outcome))) {
      case FRESH -> {
        slot.hit();
        return outcome;
      }
      case STALE -> {
        slot.hit();
        if (view != View.CACHED) {
          refresh.late(endpoint, slot, freshness, now);
          refresh.behind(requester, endpoint, slot, now);
        }
        return outcome;
      }
      default -> {
        if (view != View.CACHED) {
          refresh.late(endpoint, slot, freshness, now);
        }
        return null;
      }
    }
  }

  private static <C> Request refuse(
      Closure<Value, C> closure, C context, Failure.Reason reason, String message) {
    closure.run(context, new Failure<>(reason, message), false);
    return Request.IMMEDIATE;
  }
}
