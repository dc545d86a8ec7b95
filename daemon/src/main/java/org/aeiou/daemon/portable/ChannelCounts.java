package org.aeiou.daemon.portable;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What the channel counts. Any thread may add; the sums are read for people. */
final class ChannelCounts {

  /** The file calls that libfuse makes here. */
  enum Operation {
    GETATTR,
    READLINK,
    OPEN,
    READ,
    RELEASE,
    READDIR,
    STATFS,
    GETXATTR,
    LISTXATTR;

    private final String word = name().toLowerCase(java.util.Locale.ROOT);
  }

  private final Map<Operation, LongAdder> requests = new EnumMap<>(Operation.class);

  /** Calls answered with an error number. */
  final LongAdder errors = new LongAdder();

  /** Requests answered inside the submitting call. */
  final LongAdder hits = new LongAdder();

  /** Requests answered later. */
  final LongAdder misses = new LongAdder();

  /** Misses answered {@code EAGAIN} at once because too many threads waited. */
  final LongAdder refused = new LongAdder();

  /** Waits ended because the caller was sent a signal. */
  final LongAdder cancelled = new LongAdder();

  /** Waits ended because the mount did. */
  final LongAdder stopped = new LongAdder();

  /** Exceptions out of the file system or this channel. */
  final LongAdder faults = new LongAdder();

  /** Names left out of a listing because no directory can have them. */
  final LongAdder badNames = new LongAdder();

  final LongAccumulator mostWaiting = new LongAccumulator(Math::max, 0);

  ChannelCounts() {
    for (Operation operation : Operation.values()) {
      requests.put(operation, new LongAdder());
    }
  }

  void request(Operation operation) {
    requests.get(operation).increment();
  }

  /** All of it by name, in the order of names. */
  Map<String, Long> sums() {
    Map<String, Long> sums = new TreeMap<>();
    requests.forEach((operation, count) -> sums.put("requests." + operation.word, count.sum()));
    sums.put("errors", errors.sum());
    sums.put("hits", hits.sum());
    sums.put("misses", misses.sum());
    sums.put("refused", refused.sum());
    sums.put("interrupted", cancelled.sum());
    sums.put("stopped", stopped.sum());
    sums.put("faults", faults.sum());
    sums.put("bad-names", badNames.sum());
    sums.put("most-waiting", mostWaiting.get());
    return sums;
  }
}
