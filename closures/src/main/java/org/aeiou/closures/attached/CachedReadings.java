package org.aeiou.closures.attached;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CanonicalPath;
import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.TableReader;
import org.aeiou.closures.shared.table.ValueTable;

/**
 * What the value table has, and what was made of it: as long as the sequence of a slot is the same,
 * so is the reading. Any thread may call any method.
 */
final class CachedReadings {
  /** How many paths are remembered, in whatever spelling they are asked for. */
  private static final int MOST_KNOWN = 1 << 18;

  /** After how long a stale reading is asked for again, if asking did not help. */
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final TableReader table;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  CachedReadings(TableReader table, Ticker ticker, InstantSource clock) {
    this.table = table;
    this.ticker = ticker;
    this.clock = clock;
  }

  /** What was found of a path. */
  static final class Known {
    final Reading<byte[]> reading;
    private final TableReader.Place place;

    /** When it is to be asked for: first when it is stale. */
    private volatile long askNanos;

    Known(Reading<byte[]> reading, TableReader.Place place) {
      this.reading = reading;
      this.place = place;
      askNanos = place.entry().freshUntilNanos();
    }
  }

  /** What is cached of an attribute, fresh or stale; null if nothing usable by now. */
  Known find(String path, long nowNanos) {
    Known found = known.get(path);
    if (found == null || table.sequence(found.place.at()) != found.place.sequence()) {
      found = look(path);
      if (found == null) {
        return null;
      }
    }
    return nowNanos - found.place.entry().usableUntilNanos() >= 0 ? null : found;
  }

  private Known look(String path) {
    TableReader.Place place = table.locate(CanonicalPath.of(path));
    if (place == null || place.entry().kind() != TableKind.READING) {
      known.remove(path);
      return null;
    }
    ValueTable.Entry entry = place.entry();
    Known found =
        new Known(
            Receiver.reading(
                entry.value(), entry.takenMillis(), entry.changedMillis(), ticker, clock),
            place);
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.put(path, found);
    return found;
  }

  /**
   * Whether a reading is stale and to be asked for behind the back of the program: once, and once
   * more if that takes long.
   */
  static boolean isToBeAskedFor(Known found, long nowNanos) {
    if (nowNanos - found.askNanos < 0) {
      return false;
    }
    // Benign race: two threads may ask for the same one.
    found.askNanos = nowNanos + ASK_AGAIN_NANOS;
    return true;
  }
}
