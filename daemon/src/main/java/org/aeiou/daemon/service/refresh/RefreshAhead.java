package org.aeiou.daemon.service.refresh;

import com.google.common.base.Ticker;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;

/**
 * Refreshes what is watched, or read regularly, before it is stale: in as few packets as there can
 * be, behind everything that a reader waits for, and as often as its time to live says, however
 * many read it. Ends when the interest does. Any thread may call any method.
 */
public final class RefreshAhead {
  /** Two readers that come with so much time between them have nothing to do with each other. */
  private static final long LONGEST_PERIOD_NANOS = 3_600_000_000_000L;

  private static final Closure<Value, Slot> REFRESHED =
      (slot, outcome, delayed) -> slot.refreshed();

  private final Requester requester;
  private final ObjLongConsumer<Runnable> delays;
  private final Ticker ticker;
  private final ConcurrentHashMap<ReadingCache, RefreshedSystem> systems =
      new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final LongAdder asked = new LongAdder();
  private final LongAdder used = new LongAdder();
  private final LongAdder wasted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder behind = new LongAdder();
  private final MetricSet metrics = new MetricSet();
  private volatile int most;

  /**
   * Refreshes nothing ahead until {@link #most} says how much.
   *
   * @param requester on whose behalf
   * @param delays runs something after so many nanoseconds
   * @param ticker the one that readings are taken by
   */
  public RefreshAhead(Requester requester, ObjLongConsumer<Runnable> delays, Ticker ticker) {
    this.requester = requester;
    this.delays = delays;
    this.ticker = ticker;
    metrics.counter(
        "behind",
        "",
        Unit.COUNT,
        "Stale readings that were served and refreshed behind the reader's back.",
        behind::sum);
    metrics.counter(
        "asked", "", Unit.COUNT, "Values that were refreshed before they were stale.", asked::sum);
    metrics.counter(
        "used",
        "",
        Unit.COUNT,
        "Values refreshed ahead that were watched, or that a reader was seen to read.",
        used::sum);
    metrics.counter(
        "wasted",
        "",
        Unit.COUNT,
        "Values refreshed ahead that no reader was seen to read.",
        wasted::sum);
    metrics.counter(
        "refused",
        "",
        Unit.COUNT,
        "Values that were not kept fresh, as too many of their system are.",
        refused::sum);
    metrics.gauge(
        "kept",
        Unit.COUNT,
        "Values that are kept fresh.",
        () -> systems.values().stream().mapToLong(RefreshedSystem::size).sum());
  }

  /** What was refreshed ahead, and what became of it. */
  public MetricSet metrics() {
    return metrics;
  }

  /**
   * Sets the bound, from now on.
   *
   * @param values how many values of one system may be kept fresh; 0 for none
   */
  public void most(int values) {
    most = values;
    if (values == 0) {
      systems.values().forEach(RefreshedSystem::end);
      systems.clear();
    }
  }

  /** Refreshes a stale reading that is being served, unless that is under way. */
  public void behind(Requester reader, Endpoint endpoint, Slot slot, long now) {
    if (slot.claimRefresh()) {
      behind.increment();
      submit(endpoint, slot, reader.alone(), now);
    }
  }

  /** A reader finds a reading that is stale, or expired. */
  public void late(Endpoint endpoint, Slot slot, Freshness freshness, long now) {
    if (most == 0) {
      return;
    }
    if (slot.interest() instanceof Interest known) {
      boolean atOnce = known.isAtOnce(now);
      if (known.late(freshness, now)) {
        keep(endpoint, known, atOnce);
      }
    } else {
      long before = slot.lateAt(now);
      long period = now - before;
      if (before != Slot.NEVER
          && period >= freshness.ttlNanos() / 2
          && period < LONGEST_PERIOD_NANOS) {
        Interest interest = new Interest(this, slot, freshness, before);
        interest.late(freshness, now);
        slot.interest(interest);
      }
    }
  }

  /** Something will be read at least until then, by as many as there may be. */
  public void watched(Endpoint endpoint, Slot slot, Freshness freshness, long untilNanos) {
    if (most == 0) {
      return;
    }
    Interest interest =
        slot.interest() instanceof Interest known
            ? known
            : new Interest(this, slot, freshness, ticker.read());
    slot.interest(interest);
    interest.watched(freshness, untilNanos);
    keep(endpoint, interest, false);
  }

  private void keep(Endpoint endpoint, Interest interest, boolean atOnce) {
    Boolean kept = null;
    while (kept == null) {
      RefreshedSystem system =
          systems.computeIfAbsent(
              endpoint.cache(),
              cache -> new RefreshedSystem(this, endpoint, numbers.getAndIncrement()));
      kept = system.add(interest, endpoint, most, atOnce);
    }
    if (!kept) {
      refused.increment();
    }
  }

  // --- for the lines of systems

  long now() {
    return ticker.read();
  }

  void after(long nanos, Runnable task) {
    delays.accept(task, nanos);
  }

  RequesterBurst begin() {
    return requester.begin();
  }

  void asked(Endpoint endpoint, Slot slot, RequesterBurst burst) {
    if (slot.claimRefresh()) {
      asked.increment();
      submit(endpoint, slot, burst, ticker.read());
    }
  }

  void used(int refreshes) {
    used.add(refreshes);
  }

  void wasted(int refreshes) {
    wasted.add(refreshes);
  }

  /** Nothing of a system is kept fresh any more; called with its monitor held. */
  void ended(RefreshedSystem system) {
    systems.remove(system.cache(), system);
  }

  private static void submit(Endpoint endpoint, Slot slot, RequesterBurst burst, long now) {
    Request request =
        endpoint
            .queue()
            .submit(
                slot.question(),
                slot,
                Priority.BACKGROUND,
                now + endpoint.patienceNanos(slot.question()),
                now,
                burst,
                REFRESHED,
                slot);
    if (request == null) {
      slot.refreshed();
    }
  }
}
