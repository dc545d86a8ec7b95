package org.aeiou.daemon.kernel.model;

import com.google.common.base.Ticker;
import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.kernel.coherence.Times;

/**
 * What may happen next in a simulated world, in an order that a random number decides, and its
 * clock. What the kernel has to do on its own happens soon; people and agents take their time.
 */
final class ModelEvents extends Ticker {
  /**
   * For no longer than this does a thread of the kernel wait for its processor; twice between a
   * reply and its next request, and a third time until that is taken from the queue. In most worlds
   * it is quicker.
   */
  private static final long LATEST_NANOS = Times.REPLY * 3 / 10;

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** Whether to print what happens, for one world that went wrong. */
  private static final boolean TRACED = Boolean.getBoolean("aeiou.model.trace");

  private record Event(Runnable what, long fromNanos, long byNanos) {}

  final Random random;
  private final long soonNanos;
  private final List<Event> events = new ArrayList<>();
  private long nowNanos = TimeUnit.HOURS.toNanos(1);

  ModelEvents(long seed) {
    random = new Random(seed);
    soonNanos = random.nextInt(3) == 0 ? LATEST_NANOS : QUICK_NANOS;
  }

  @FormatMethod
  void trace(String format, Object... what) {
    if (TRACED) {
      System.out.printf(
          "%9.3f ms  %s%n", (nowNanos % 3_600_000_000_000L) / 1e6, format.formatted(what));
    }
  }

  @Override
  public long read() {
    return nowNanos;
  }

  /** Something that the kernel does before long. */
  void soon(Runnable what) {
    events.add(new Event(what, nowNanos, nowNanos + soonNanos));
  }

  /** Something that a clock makes happen. */
  void after(long nanos, Runnable what) {
    events.add(new Event(what, nowNanos + nanos, nowNanos + nanos + soonNanos));
  }

  /** Something that happens at any time. */
  void anyTime(Runnable what) {
    events.add(new Event(what, nowNanos, Long.MAX_VALUE));
  }

  /** Lets one of the things that may happen happen; false if there is none. */
  boolean happen() {
    if (events.isEmpty()) {
      return false;
    }
    int index = random.nextInt(events.size());
    Event event = events.get(index);
    if (event.fromNanos > nowNanos) {
      pass(event.fromNanos - nowNanos);
    } else {
      events.set(index, events.get(events.size() - 1));
      events.remove(events.size() - 1);
      event.what.run();
    }
    return true;
  }

  /** Lets time pass; what has to happen meanwhile happens first. */
  void pass(long nanos) {
    long until = nowNanos + nanos;
    while (true) {
      Event first = null;
      for (Event event : events) {
        if (event.byNanos < until && (first == null || event.byNanos < first.byNanos)) {
          first = event;
        }
      }
      if (first == null) {
        nowNanos = until;
        return;
      }
      nowNanos = Math.max(nowNanos, first.byNanos);
      events.remove(first);
      first.what.run();
    }
  }
}
