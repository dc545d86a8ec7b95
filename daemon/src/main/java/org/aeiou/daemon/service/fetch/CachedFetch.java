package org.aeiou.daemon.service.fetch;

import com.google.common.base.Ticker;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.tree.Endpoint;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/**
 * One question to one system: from the cache inside the call, or through the scheduler. The one
 * place where a hit is told from a miss.
 */
public final class CachedFetch {
  /** Listing a large table takes many exchanges, one after another; this is for all of them. */
  static final long WALK_PATIENCE_NANOS = 60_000_000_000L;

  private static final String TOO_MUCH = "too many requests are pending; try again";

  private static final Closure<Value, Slot> REFRESHED =
      (slot, outcome, delayed) -> slot.refreshed();

  private final SilentSystemProbes probes;
  private final Ticker ticker;

  public CachedFetch(SilentSystemProbes probes, Ticker ticker) {
    this.probes = probes;
    this.ticker = ticker;
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
    if (view != View.UNCACHED) {
      Outcome<Value> cached =
          cached(burst.requester(), endpoint, view, dependent, question, freshness, asked);
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
    if (!endpoint.queue().hasRoom(burst.requester())) {
      // Before a slot is opened, for which another one may have to go.
      return refuse(closure, context, Failure.Reason.OVERLOADED, TOO_MUCH);
    }
    probes.asked(burst.requester(), system, endpoint);
    Slot slot = endpoint.cache().open(question, freshness);
    if (dependent != null) {
      slot.note(dependent);
    }
    Request request =
        endpoint
            .queue()
            .submit(
                question,
                Priority.INTERACTIVE,
                deadline(endpoint, question),
                asked,
                burst,
                Asked::ended,
                new Asked<>(slot, closure, context));
    if (request != null) {
      return request;
    }
    slot.answered();
    return refuse(closure, context, Failure.Reason.OVERLOADED, TOO_MUCH);
  }

  /** What the requester gave with a question, and the slot that waits for the answer. */
  private record Asked<C>(Slot slot, Closure<Value, C> closure, C context) {
    void ended(Outcome<Value> outcome, boolean delayed) {
      slot.answered();
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
      Question question,
      Freshness freshness,
      long now) {
    Slot slot = endpoint.cache().find(question);
    Outcome<Value> outcome = slot == null ? null : slot.outcome();
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
        if (view != View.CACHED && slot.claimRefresh()) {
          refresh(requester, endpoint, question, slot);
        }
        return outcome;
      }
      default -> {
        return null;
      }
    }
  }

  private void refresh(Requester requester, Endpoint endpoint, Question question, Slot slot) {
    Request request =
        endpoint
            .queue()
            .submit(
                question,
                Priority.BACKGROUND,
                deadline(endpoint, question),
                requester.alone(),
                REFRESHED,
                slot);
    if (request == null) {
      slot.refreshed();
    }
  }

  private long deadline(Endpoint endpoint, Question question) {
    return ticker.read()
        + (question instanceof Question.Walk ? WALK_PATIENCE_NANOS : endpoint.patienceNanos());
  }

  private static <C> Request refuse(
      Closure<Value, C> closure, C context, Failure.Reason reason, String message) {
    closure.run(context, new Failure<>(reason, message), false);
    return Request.IMMEDIATE;
  }
}
