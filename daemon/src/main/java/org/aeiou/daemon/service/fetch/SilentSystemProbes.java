package org.aeiou.daemon.service.fetch;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;

/**
 * Finds out which systems are silent side by side, where a reader goes through them.
 *
 * <p>A system that was never heard of, or is due to be asked again, costs its first reader a
 * time-out if it is silent. So a request to such a system looks at the systems before it in the
 * order of names, in which a reader goes through a directory. If some of them are silent, those
 * behind it of which nothing is known are asked in the background: eight for each silent one, 64 at
 * the most. Where all systems answer, or one is read alone, nothing is asked that no reader wants
 * to know.
 */
public final class SilentSystemProbes {
  private static final int LOOK_BACK = 8;
  private static final int AHEAD_FOR_EACH = 8;
  private static final int MOST_AHEAD = 64;
  private static final long LOOK_AGAIN_NANOS = 500_000_000L;

  private static final Closure<Value, Slot> ANSWERED = (slot, outcome, delayed) -> slot.answered();

  private final Network network;
  private final LongAdder ahead = new LongAdder();

  /** For whom it was looked last: a reader asks a system many questions at once. Benign race. */
  private volatile Look last = new Look(null, 0);

  private record Look(MonitoredSystem system, long nanos) {
    boolean covers(MonitoredSystem asked, long now) {
      return asked == system && now - nanos < LOOK_AGAIN_NANOS;
    }
  }

  public SilentSystemProbes(Network network) {
    this.network = network;
  }

  /** How many systems were asked ahead. */
  public long ahead() {
    return ahead.sum();
  }

  /** A system is about to be asked. Costs a look at its health, unless that is not known. */
  public void asked(Requester requester, MonitoredSystem system, Endpoint endpoint, long now) {
    Health health = endpoint.queue().health();
    if (!isUnknown(health, now) || last.covers(system, now)) {
      return;
    }
    last = new Look(system, now);
    int silent = isSilent(health) ? 1 : 0;
    for (MonitoredSystem before : network.before(system, LOOK_BACK)) {
      Endpoint its = before.endpoint();
      silent += its != null && isSilent(its.queue().health()) ? 1 : 0;
    }
    if (silent > 0) {
      int most = Math.min(MOST_AHEAD, silent * AHEAD_FOR_EACH);
      network.after(system, most).forEach(next -> askAhead(requester, next, now));
    }
  }

  private static boolean isSilent(Health health) {
    return health.breaker() != Health.BreakerState.CLOSED;
  }

  /** Whether it is not known to answer or not, and no request is about to tell. */
  private static boolean isUnknown(Health health, long now) {
    boolean open = health.breaker() == Health.BreakerState.CLOSED && health.rttNanos() < 0;
    return (open || health.isDue(now)) && health.inFlight() + health.queued() == 0;
  }

  private void askAhead(Requester requester, MonitoredSystem system, long now) {
    Endpoint endpoint = system.endpoint();
    if (endpoint == null || !isUnknown(endpoint.queue().health(), now)) {
      return;
    }
    Question question = network.signOfLife();
    Slot slot = endpoint.cache().open(question, endpoint.lifetimes().ofDirectories());
    Request request =
        endpoint
            .queue()
            .submit(
                question,
                Priority.BACKGROUND,
                now + endpoint.patienceNanos(),
                requester.alone(),
                ANSWERED,
                slot);
    if (request == null) {
      slot.answered();
    } else {
      ahead.increment();
    }
  }
}
