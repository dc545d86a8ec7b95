package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.daemon.attach.request.Operations;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients' turns. A turn has a time and not a number of requests, as one request may list
 * thousands of names. Used by the server's thread.
 */
final class ClientTurns {
  private static final Logger LOG = LoggerFactory.getLogger(ClientTurns.class);

  /** How long the turns of all clients that have work take together, and one takes at least. */
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long LEAST_TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** What of a client is sent off together at the most. */
  private static final int MOST_TOGETHER = 1024;

  private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * After so many requests that were refused as overloaded a client rests. A client that asks again
   * at once would take a processor, and fill the heap with garbage.
   */
  private static final int MOST_TOO_MANY = 64;

  private static final int REST_MILLIS = 10;

  private final Connections connections;
  private final Operations operations;
  private final AttachCounters counters;
  private final Consumer<Event> events;
  private final Ticker ticker;

  /** How many clients had work the last time. */
  private int busy = 1;

  ClientTurns(
      Connections connections,
      Operations operations,
      AttachCounters counters,
      Consumer<Event> events,
      Ticker ticker) {
    this.events = events;
    this.connections = connections;
    this.operations = operations;
    this.counters = counters;
    this.ticker = ticker;
  }

  /** A turn for each client; false if none had work. */
  boolean takeAll() {
    long turn = Math.max(LEAST_TURN_NANOS, ROUND_NANOS / Math.max(1, busy));
    busy = 0;
    for (Connection each : connections.all()) {
      boolean hasEnded = endPassed(each);
      boolean hasWork = hasWork(each);
      if (hasWork) {
        take(each, turn);
      }
      busy += hasWork || hasEnded ? 1 : 0;
    }
    return busy > 0;
  }

  /** Ends requests whose deadlines have passed, also of a client that rests. */
  private boolean endPassed(Connection each) {
    try {
      return each.isClient() && each.client().endPassed();
    } catch (RuntimeException | Error e) {
      failed(each, e);
      return false;
    }
  }

  boolean oneHasWork() {
    return connections.all().stream().anyMatch(this::hasWork);
  }

  /**
   * For how many milliseconds there is nothing to do but what the sockets say.
   *
   * @param most what it returns at the most
   */
  int millisToNext(int most) {
    long now = ticker.read();
    long millis = most;
    for (Connection each : connections.all()) {
      if (each.rests(now)) {
        millis = Math.min(millis, REST_MILLIS);
      }
      if (each.isClient()) {
        long nanos = each.client().nanosToDeadline();
        // Rounded up: to wake before it has passed would be to wake twice.
        millis = Math.min(millis, TimeUnit.NANOSECONDS.toMillis(nanos) + (nanos > 0 ? 1 : 0));
      }
    }
    return (int) millis;
  }

  private boolean hasWork(Connection each) {
    try {
      return each.hasWork() && !each.rests(ticker.read());
    } catch (BrokenClient e) {
      broken(each, e);
      return false;
    }
  }

  private void broken(Connection each, BrokenClient e) {
    counters.broken.increment();
    events.accept(Events.attach("cut-off", each.uid, each.process(), e.getMessage()));
    connections.dismiss(each, Posix.EPROTO, e.getMessage());
  }

  private void take(Connection each, long turnNanos) {
    try {
      takeTurn(each, ticker.read(), turnNanos);
    } catch (BrokenClient e) {
      broken(each, e);
    } catch (RuntimeException | Error e) {
      failed(each, e);
    }
  }

  private void failed(Connection each, Throwable e) {
    Fatal.rethrow(e);
    counters.faults.increment();
    LOG.error("Serving {} failed, it is detached", each.program(), e);
    connections.dismiss(each, Posix.EIO, "serving it failed; see the daemon's log");
  }

  private void takeTurn(Connection each, long now, long turnNanos) throws BrokenClient {
    long end = now + turnNanos;
    runParts(each, end);
    if (each.taken == 0) {
      each.begunNanos = now;
    }
    SubmissionRing submissions = each.client().submissions();
    int waiting = submissions.waiting();
    boolean tooMany = false;
    while (waiting > 0 && !tooMany && end - ticker.read() > 0) {
      operations.take(each.client(), each.burst, each);
      counters.submissions.increment();
      tooMany = each.client().hadTooMany(MOST_TOO_MANY);
      if (++each.taken >= MOST_TOGETHER) {
        // The scheduler goes on with these while this thread takes more.
        each.sendButLast();
        if (each.taken > MOST_TOGETHER / 2) {
          each.send();
        }
      }
      if (--waiting == 0) {
        // What came meanwhile may be asked of the same system.
        submissions.taken();
        waiting = submissions.waiting();
      }
    }
    submissions.taken();
    each.client().count();
    if (tooMany) {
      each.rest(ticker.read() + TimeUnit.MILLISECONDS.toNanos(REST_MILLIS));
      counters.rests.increment();
    }
    if (waiting == 0 || tooMany || end - each.begunNanos > TOGETHER_NANOS) {
      each.send();
    }
  }

  /** Goes on with what takes several turns. */
  private void runParts(Connection each, long end) {
    while (end - ticker.read() > 0) {
      Runnable part = each.nextPart();
      if (part == null) {
        return;
      }
      part.run();
    }
  }
}
