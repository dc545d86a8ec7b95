package org.aeiou.daemon.http.live;

import com.google.common.base.Ticker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.aeiou.daemon.http.json.JsonAnswer;
import org.aeiou.daemon.overview.SystemState;

/**
 * How systems are, for streams that show it. A record goes out at the next look when a system
 * comes, goes, or turns; when only its counters have moved, which they do all the time, it waits.
 */
final class LiveSystems {
  /** How old the counters of a system get that is shown. */
  static final long COUNTERS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<List<SystemState>> overview;
  private final Ticker ticker;
  private final Map<String, Shown> byName = new HashMap<>();

  /** The same, by their last change, for all that one stream was not told. */
  private final TreeMap<Long, Shown> byChange = new TreeMap<>();

  private static final class Shown {
    SystemState state;
    byte[] json;
    long change;
    long shownNanos;
  }

  LiveSystems(Supplier<List<SystemState>> overview, Ticker ticker) {
    this.overview = overview;
    this.ticker = ticker;
  }

  /**
   * Looks at all of them.
   *
   * @param numbers gives each change its number
   */
  void look(LongSupplier numbers) {
    long now = ticker.read();
    Set<String> gone = new HashSet<>(byName.keySet());
    for (SystemState state : overview.get()) {
      gone.remove(state.name());
      Shown shown = byName.get(state.name());
      if (shown == null) {
        shown = new Shown();
        byName.put(state.name(), shown);
      } else if (!isToShow(shown, state, now)) {
        continue;
      }
      shown.state = state;
      shown.shownNanos = now;
      change(shown, JsonAnswer.line(state::writeTo), numbers);
    }
    for (String name : gone) {
      Shown shown = byName.get(name);
      if (shown.state != null) {
        shown.state = null;
        change(shown, gone(name), numbers);
      }
    }
  }

  private static boolean isToShow(Shown shown, SystemState now, long nanos) {
    SystemState before = shown.state;
    if (before == null) {
      return true;
    }
    boolean hasTurned =
        before.state() != now.state()
            || before.breaker() != now.breaker()
            || before.sinceMillis() != now.sinceMillis()
            || !Objects.equals(before.lastError(), now.lastError())
            || !Objects.equals(before.address(), now.address());
    return hasTurned || (nanos - shown.shownNanos >= COUNTERS_NANOS && !before.equals(now));
  }

  private static byte[] gone(String name) {
    return JsonAnswer.line(
        json -> {
          json.writeStartObject();
          json.writeStringField("system", name);
          json.writeBooleanField("gone", true);
          json.writeEndObject();
        });
  }

  private void change(Shown shown, byte[] json, LongSupplier numbers) {
    byChange.remove(shown.change);
    shown.json = json;
    shown.change = numbers.getAsLong();
    byChange.put(shown.change, shown);
  }

  /** Puts what is new to a stream into a frame; whether that is all of it. */
  boolean put(Stream stream, Frame frame) {
    if (!stream.showsSystems || byChange.isEmpty() || byChange.lastKey() <= stream.systemsChange) {
      return true;
    }
    if (frame.isFull()) {
      return false;
    }
    frame.beginArray("systems");
    for (Shown shown : byChange.tailMap(stream.systemsChange, false).values()) {
      frame.element(shown.json);
      stream.systemsChange = shown.change;
      if (frame.isFull()) {
        break;
      }
    }
    frame.endArray();
    return byChange.lastKey() <= stream.systemsChange;
  }
}
