package org.aeiou.daemon.kernel;

import java.util.EnumSet;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.fuse.mount.ChannelCounters;

/** What this channel counts beside what every channel does. */
final class KernelCounters extends ChannelCounters {
  final LongAdder unknownRequests = requests("unknown");

  final LongAdder replies =
      metrics.counter("replies", "Replies sent, those with an error included.");

  final LongAdder interruptsReturned =
      metrics.counter(
          "interrupts-returned",
          "Interrupts for a request not pending (yet, or any more), given back to the kernel.");

  final LongAdder malformed =
      metrics.counter("malformed", "Requests that were too short, too long, or made no sense.");

  final LongAdder stale = metrics.counter("stale", "Requests for a node id that is not known.");

  final LongAdder readsRefused =
      metrics.counter("reads-refused", "Reads that the kernel was made to ask for once more.");

  final LongAdder readersAnnounced =
      metrics.counter(
          "readers-announced",
          "Files fetched for a thread that looked at them twice in a moment, as before reading.");

  final LongAdder late =
      metrics.counter("late", "Outcomes that came after their request had been answered.");

  final LongAdder unwanted =
      metrics.counter("unwanted", "Replies that the kernel no longer waited for.");

  final LongAdder rejected = metrics.counter("rejected", "Replies that the kernel would not take.");

  final LongAdder forgets = metrics.counter("forgets", "Look-ups given back.");

  final LongAdder unknownForgets =
      metrics.counter("forgets-unknown", "Look-ups given back that were never taken.");

  final LongAdder pruned =
      metrics.counter(
          "pruned",
          "Names that the kernel was told to look up again, to have their inodes given back.");

  final LongAdder notifications =
      metrics.counter("notifications", "Messages to the kernel that are no replies.");

  final LongAdder bytesIn =
      metrics.counter("bytes-in", Unit.BYTES, "Bytes of the requests that came.");

  final LongAdder bytesOut =
      metrics.counter("bytes-out", Unit.BYTES, "Bytes of the replies that were sent.");

  KernelCounters() {
    super(EnumSet.allOf(Opcode.class));
  }
}
