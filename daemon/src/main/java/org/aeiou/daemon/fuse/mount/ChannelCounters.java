package org.aeiou.daemon.fuse.mount;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.fuse.Opcode;

/** What every channel counts. Any thread may add; the sums are read for people. */
public class ChannelCounters {
  /** Of the room {@code channel}; a channel adds its own. */
  protected final MetricSet metrics = new MetricSet();

  public final LongAdder errors = metrics.counter("errors", "Requests answered with an error.");

  public final LongAdder hits =
      metrics.counter(
          "hits",
          "Requests that ask for content or names, or write, answered inside the submitting call.");

  public final LongAdder misses =
      metrics.counter(
          "misses", "Requests that ask for content or names, or write, answered later.");

  public final LongAdder interrupted =
      metrics.counter(
          "interrupted", "Requests answered EINTR because the requester was sent a signal.");

  public final LongAdder faults =
      metrics.counter("faults", "Exceptions out of the file system or the channel.");

  public final LongAdder badNames =
      metrics.counter(
          "bad-names", "Names left out of a listing because no directory can have them.");

  public final LongAdder partsRefused =
      metrics.counter(
          "write-parts-refused",
          "Writes refused as parts of a value: appended, too long, or of a memory mapping.");

  private final Map<Opcode, LongAdder> requests = new EnumMap<>(Opcode.class);

  /**
   * Nothing counted yet.
   *
   * @param served the requests that this channel may see
   */
  protected ChannelCounters(Set<Opcode> served) {
    served.forEach(opcode -> requests.put(opcode, requests(opcode.word())));
  }

  /** A counter of one kind of request. */
  protected final LongAdder requests(String operation) {
    return metrics.counter("requests", "operation", operation, "Requests that came, by operation.");
  }

  /**
   * Counts a request.
   *
   * @param opcode one of those that the channel said it may see
   */
  public final void request(Opcode opcode) {
    requests.get(opcode).increment();
  }

  /** All of it, described. */
  public final MetricSet metrics() {
    return metrics;
  }
}
