package org.aeiou.daemon.learned;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
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

  /** A text with these lines, each of which is {@link #line} of a system. */
  static String written(Collection<String> lines) {
    StringBuilder text = new StringBuilder(FIRST).append('\n');
    lines.forEach(line -> text.append(line).append('\n'));
    return text.append(LAST).append(lines.size()).append('\n').toString();
  }

  static String line(LearnedRecord record) {
    StringBuilder text = new StringBuilder(200);
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
    return text.toString();
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
   * The lines of a text, by the systems' names. What is in a line is not looked at: of ten thousand
   * systems that takes long, and most are asked much later.
   *
   * @throws UnusableException if it is another one, or not all of it is there; says what
   */
  static Map<String, String> lines(String text) throws UnusableException {
    int at = text.indexOf('\n') + 1;
    if (!text.startsWith(FIRST + "\n")) {
      throw new UnusableException("line 1: expected '" + FIRST + "'");
    }
    Map<String, String> lines = new HashMap<>();
    int count = 0;
    for (int end = text.indexOf('\n', at); end >= 0; end = text.indexOf('\n', at)) {
      int tab = text.indexOf('\t', at);
      if (tab < 0 || tab > end) {
        if (text.substring(at).equals(LAST + count + "\n")) {
          return lines;
        }
        throw new UnusableException(
            "line " + (count + 2) + ": is neither what was learned of a system nor the end");
      }
      lines.put(decoded(text.substring(at, tab)), text.substring(at, end));
      count++;
      at = end + 1;
    }
    throw new UnusableException("ends after " + count + " systems, too soon");
  }

  /**
   * Reads a line.
   *
   * @throws UnusableException if it makes no sense
   */
  static LearnedRecord read(String line) throws UnusableException {
    try {
      return record(TABS.split(line).iterator());
    } catch (RuntimeException e) {
      throw new UnusableException("is not what was learned of a system");
    }
  }

  private static LearnedRecord record(Iterator<String> cells) {
    String system = decoded(cells.next());
    String address = decoded(cells.next());
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

  private static String decoded(String text) {
    return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
