package org.aeiou.daemon.cluster.remote;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.cluster.message.Frame.Wanted;

/**
 * Which slots' owners this member listens to: those that it asked for something that is of use
 * still. Any thread; none waits.
 */
final class SlotInterest {
  /** As long as an owner tells of changes, and a little longer. */
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(75);

  /** What is of use for longer is asked again before that, where it is of interest. */
  private static final long MOST_NANOS = TimeUnit.HOURS.toNanos(1);

  private final IntFunction<Closeable> subscribe;
  private final Map<Integer, Subscription> subscriptions = new ConcurrentHashMap<>();

  /** One slot that is listened to. */
  private static final class Subscription {
    final Closeable subscribed;

    /** Benign race: what is lost is the difference of two requests. */
    volatile long untilNanos;

    Subscription(Closeable subscribed) {
      this.subscribed = subscribed;
    }
  }

  SlotInterest(IntFunction<Closeable> subscribe, RemoteCounters counters) {
    this.subscribe = subscribe;
    counters.metrics.gauge(
        "slotsHeard",
        Unit.COUNT,
        "Slots whose owners are listened to, as something was asked of them lately.",
        subscriptions::size);
  }

  /** Something is asked of the owner of a slot. */
  void asked(int slot, List<Wanted> wanted, long nowNanos) {
    long keep = 0;
    for (Wanted one : wanted) {
      keep = Math.max(keep, one.keepMillis());
    }
    long nanos = Math.min(MOST_NANOS, LEAST_NANOS + TimeUnit.MILLISECONDS.toNanos(keep));
    Subscription known = subscriptions.get(slot);
    if (known == null) {
      known =
          subscriptions.computeIfAbsent(slot, index -> new Subscription(subscribe.apply(index)));
      known.untilNanos = nowNanos + nanos;
    } else if (nowNanos + nanos - known.untilNanos > 0) {
      known.untilNanos = nowNanos + nanos;
    }
  }

  /** Listens no more to those of which nothing is of use. */
  void sweep(long nowNanos) {
    for (Integer slot : subscriptions.keySet()) {
      subscriptions.computeIfPresent(
          slot,
          (index, one) -> {
            if (one.untilNanos - nowNanos > 0) {
              return one;
            }
            close(one);
            return null;
          });
    }
  }

  void close() {
    subscriptions.values().forEach(SlotInterest::close);
    subscriptions.clear();
  }

  private static void close(Subscription one) {
    try {
      one.subscribed.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
