package org.aeiou.daemon.service.fetch;

import com.google.common.base.Ticker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;

/**
 * Reads again what a system says has changed, so that everything that depends on it learns of it by
 * a reading, and by nothing else.
 *
 * <p>Of one question there is at most one reading under way, and at most one more after it: an
 * answer that was asked for before the last word of the system is not kept, and then the question
 * is asked once more. That bounds what a storm of notifications makes of the network.
 *
 * <p>Any thread may call any method.
 */
public final class Rereads {
  /** How many questions may wait to be answered again; more are read when they are asked for. */
  private static final int MOST = 20_000;

  private final MetricSet metrics = new MetricSet();
  private final Requester requester;
  private final Ticker ticker;
  private final Set<Slot> underWay = ConcurrentHashMap.newKeySet();
  private final Closure<Value, Reread> ended = (reread, outcome, delayed) -> reread.ended(outcome);

  private final LongAdder invalidated =
      metrics.counter("invalidated", "Answers that were thrown away because of a notification.");
  private final LongAdder read =
      metrics.counter("reread", "Questions that were asked again because of a notification.");
  private final LongAdder joined =
      metrics.counter(
          "coalesced",
          "Questions that were to be asked again because of a notification, and were being asked"
              + " again already.");
  private final LongAdder overtaken =
      metrics.counter(
          "overtaken",
          "Questions that were asked once more, because the answer had been asked for before the"
              + " notification.");
  private final LongAdder failed =
      metrics.counter(
          "failed", "Questions that were asked again because of a notification in vain.");
  private final LongAdder refused =
      metrics.counter(
          "refused",
          "Questions that were not asked again after a notification, as too much was pending.");

  /**
   * Reads as a requester of its own, so that its reads are queued and limited apart from those of
   * users.
   */
  public Rereads(Requester requester, Ticker ticker) {
    this.requester = requester;
    this.ticker = ticker;
    metrics.gauge(
        "under-way",
        Unit.COUNT,
        "Questions that are being asked again because of a notification.",
        underWay::size);
  }

  /** What it threw away, and what it read again. */
  public MetricSet metrics() {
    return metrics;
  }

  /**
   * Serves no more what a system answered to some questions, and asks again those that it had
   * answered.
   *
   * @param which what the answers of may have changed
   * @param onlyWatched whether only those are asked again that are watched
   */
  public void readAgain(Endpoint endpoint, Predicate<Question> which, boolean onlyWatched) {
    long now = ticker.read();
    Priority priority = onlyWatched ? Priority.BACKGROUND : Priority.INTERACTIVE;
    RequesterBurst burst = requester.begin();
    endpoint
        .cache()
        .overtake(
            which,
            (question, slot) -> {
              invalidated.increment();
              if (!onlyWatched || slot.isWatched(now)) {
                begin(endpoint, question, slot, priority, burst);
              }
            });
    burst.end();
  }

  private void begin(
      Endpoint endpoint, Question question, Slot slot, Priority priority, RequesterBurst burst) {
    if (underWay.size() >= MOST) {
      refused.increment();
    } else if (!underWay.add(slot)) {
      // Its answer is not kept: then it is asked once more.
      joined.increment();
    } else {
      new Reread(endpoint, question, slot, priority).ask(burst);
    }
  }

  private final class Reread {
    private final Endpoint endpoint;
    private final Question question;
    private final Slot slot;
    private final Priority priority;

    Reread(Endpoint endpoint, Question question, Slot slot, Priority priority) {
      this.endpoint = endpoint;
      this.question = question;
      this.slot = slot;
      this.priority = priority;
    }

    void ask(RequesterBurst burst) {
      if (!slot.askAgain()) {
        underWay.remove(slot); // it has left the cache: what it was is read when it is asked for
        return;
      }
      read.increment();
      long now = ticker.read();
      Request request =
          endpoint
              .queue()
              .submit(
                  question,
                  slot,
                  priority,
                  now + endpoint.patienceNanos(),
                  now,
                  burst,
                  ended,
                  this);
      if (request == null) {
        slot.answered();
        underWay.remove(slot);
        refused.increment();
      }
    }

    void ended(Outcome<Value> outcome) {
      slot.answered();
      // Before looking: a notification that comes from now on begins anew.
      underWay.remove(slot);
      if (outcome instanceof Failure) {
        failed.increment();
      } else if (slot.outcome() == null && underWay.add(slot)) {
        overtaken.increment();
        ask(requester.alone());
      }
    }
  }
}
