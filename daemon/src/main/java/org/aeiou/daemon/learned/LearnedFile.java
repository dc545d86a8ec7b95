package org.aeiou.daemon.learned;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.exchange.Learned;

/**
 * The text that is kept: a line for each system, with its name, its address, when it last answered,
 * and then {@code key=value}, with a tab between them.
 *
 * <pre>
 *   aeiou learned 1
 *   core1⇥10.0.0.1:161⇥2026-11-22T09:00:00Z⇥batch=12/600⇥in_flight=1/1200⇥gap_us=50000/600⇥rtt_us=2100/300⇥object_id=1.3.6.1.4.1.9.1.1
 *   end 1
 * </pre>
 *
 * A limit has behind it for how many seconds it is trusted, a round-trip time how much it varies. A
 * tab, a line end or a percent sign in a name is written as in a URL. The number of lines at the
 * end tells whether all of it is there.
 */
final class LearnedFile {
  private static final String FIRST = "aeiou learned 1";
  private static final String LAST = "end ";
  private static final Splitter TABS = Splitter.on('\t');

  private LearnedFile() {}

  /** What is wrong with a text, in words. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  static String written(Collection<LearnedRecord> records) {
    StringBuilder text = new StringBuilder(FIRST).append('\n');
    for (LearnedRecord record : records) {
      text.append(plain(record.system())).append('\t');
      text.append(plain(record.address())).append('\t').append(record.at());
      Learned limits = record.limits();
      put(text, "batch", limits.batch(), 1);
      put(text, "in_flight", limits.inFlight(), 1);
      put(text, "gap_us", limits.gapNanos(), 1000);
      if (limits.roundTripNanos() >= 0) {
        text.append("\trtt_us=").append(limits.roundTripNanos() / 1000);
        text.append('/').append(limits.variationNanos() / 1000);
      }
      record
          .facts()
          .forEach((key, value) -> text.append('\t').append(key).append('=').append(plain(value)));
      text.append('\n');
    }
    return text.append(LAST).append(records.size()).append('\n').toString();
  }

  private static void put(StringBuilder text, String key, Learned.Bound bound, long unit) {
    if (bound != null) {
      text.append('\t').append(key).append('=').append(bound.value() / unit);
      text.append('/').append(bound.trusted().toSeconds());
    }
  }

  private static String plain(String text) {
    return text.replace("%", "%25").replace("\t", "%09").replace("\n", "%0A").replace("\r", "%0D");
  }

  /**
   * Reads a text.
   *
   * @throws UnusableException if it is another one, or not all of it is there; says what
   */
  static List<LearnedRecord> read(String text) throws UnusableException {
    Iterator<String> lines = Splitter.on('\n').split(text).iterator();
    if (!lines.next().equals(FIRST)) {
      throw new UnusableException("line 1: expected '" + FIRST + "'");
    }
    List<LearnedRecord> records = new ArrayList<>();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith(LAST) && line.indexOf('\t') < 0) {
        if (!line.equals(LAST + records.size())) {
          break;
        }
        return records;
      }
      try {
        records.add(record(TABS.split(line).iterator()));
      } catch (RuntimeException e) {
        throw new UnusableException(
            "line " + (records.size() + 2) + ": is not what was learned of a system");
      }
    }
    throw new UnusableException("ends after " + records.size() + " systems, too soon");
  }

  private static LearnedRecord record(Iterator<String> cells) {
    String system = read(cells);
    String address = read(cells);
    Instant at = instant(cells.next());
    Map<String, String> facts = new HashMap<>();
    Learned.Bound batch = null;
    Learned.Bound inFlight = null;
    Learned.Bound gap = null;
    long roundTrip = -1;
    long variation = 0;
    while (cells.hasNext()) {
      String cell = cells.next();
      int equals = cell.indexOf('=');
      String value = cell.substring(equals + 1);
      switch (cell.substring(0, equals)) {
        case "batch" -> batch = bound(value, 1);
        case "in_flight" -> inFlight = bound(value, 1);
        case "gap_us" -> gap = bound(value, 1000);
        case "rtt_us" -> {
          roundTrip = 1000 * number(value.substring(0, value.indexOf('/')));
          variation = 1000 * number(value.substring(value.indexOf('/') + 1));
        }
        default -> facts.put(cell.substring(0, equals), decoded(value));
      }
    }
    Learned limits = new Learned(batch, inFlight, gap, roundTrip, variation);
    return new LearnedRecord(system, address, at, limits, facts);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Learned.Bound bound(String text, long unit) {
    int slash = text.indexOf('/');
    return new Learned.Bound(
        unit * number(text.substring(0, slash)),
        Duration.ofSeconds(number(text.substring(slash + 1))));
  }

  /** Not negative, and small enough for what is made of it. */
  private static long number(String text) {
    long number = Long.parseLong(text);
    if (number < 0 || number > 1_000_000_000_000L) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static String read(Iterator<String> cells) {
    return decoded(cells.next());
  }

  private static String decoded(String text) {
    return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
