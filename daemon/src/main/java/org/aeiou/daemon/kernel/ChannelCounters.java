package org.aeiou.daemon.kernel;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.daemon.fuse.Opcode;

/** What the channel counts. Any thread may add; the sums are read for people. */
final class ChannelCounters {
  private final Map<Opcode, LongAdder> requests = new EnumMap<>(Opcode.class);

  /** Requests with an opcode that is not in the table. */
  final LongAdder unknownRequests = new LongAdder();

  /** Messages sent, answers with an error included. */
  final LongAdder replies = new LongAdder();

  /** Answers with an error. */
  final LongAdder errors = new LongAdder();

  /** Requests answered inside the submitting call, of those that ask the file system. */
  final LongAdder hits = new LongAdder();

  /** Requests answered later. */
  final LongAdder misses = new LongAdder();

  /** Requests answered EINTR because the requester was sent a signal. */
  final LongAdder interrupted = new LongAdder();

  /** Interrupts for a request not pending (yet, or any more), given back to the kernel. */
  final LongAdder interruptsReturned = new LongAdder();

  /** Requests that were too short, too long, or made no sense. */
  final LongAdder malformed = new LongAdder();

  /** Requests for a node id that is not known. */
  final LongAdder stale = new LongAdder();

  /** Reads that the kernel was made to ask for once more. */
  final LongAdder readsRefused = new LongAdder();

  /** Outcomes that came after their request had been answered. */
  final LongAdder late = new LongAdder();

  /** Replies that the kernel no longer waited for. */
  final LongAdder unwanted = new LongAdder();

  /** Replies that the kernel would not take. */
  final LongAdder rejected = new LongAdder();

  /** Exceptions out of the file system or this channel. */
  final LongAdder faults = new LongAdder();

  /** Look-ups given back. */
  final LongAdder forgets = new LongAdder();

  /** Look-ups given back that were never taken. */
  final LongAdder unknownForgets = new LongAdder();

  /** FileNames left out of a listing because no directory can have them. */
  final LongAdder badNames = new LongAdder();

  /** FileNames that the kernel was told to look up again, to have their inodes given back. */
  final LongAdder pruned = new LongAdder();

  final LongAdder notifications = new LongAdder();

  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();

  ChannelCounters() {
    for (Opcode opcode : Opcode.values()) {
      requests.put(opcode, new LongAdder());
    }
  }

  void request(Opcode opcode) {
    requests.get(opcode).increment();
  }

  /** All of it by name, in the order of names. */
  Map<String, Long> sums() {
    Map<String, Long> sums = new TreeMap<>();
    requests.forEach((opcode, count) -> sums.put("requests." + opcode.word(), count.sum()));
    sums.put("requests.unknown", unknownRequests.sum());
    sums.put("replies", replies.sum());
    sums.put("errors", errors.sum());
    sums.put("hits", hits.sum());
    sums.put("misses", misses.sum());
    sums.put("interrupted", interrupted.sum());
    sums.put("interrupts-returned", interruptsReturned.sum());
    sums.put("malformed", malformed.sum());
    sums.put("stale", stale.sum());
    sums.put("reads-refused", readsRefused.sum());
    sums.put("late", late.sum());
    sums.put("unwanted", unwanted.sum());
    sums.put("rejected", rejected.sum());
    sums.put("faults", faults.sum());
    sums.put("forgets", forgets.sum());
    sums.put("forgets-unknown", unknownForgets.sum());
    sums.put("bad-names", badNames.sum());
    sums.put("pruned", pruned.sum());
    sums.put("notifications", notifications.sum());
    sums.put("bytes-in", bytesIn.sum());
    sums.put("bytes-out", bytesOut.sum());
    return sums;
  }
}
