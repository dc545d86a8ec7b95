package org.aeiou.daemon.portable;

import java.util.EnumSet;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.fuse.mount.ChannelCounters;

/** What this channel counts beside what every channel does. */
final class PortableCounters extends ChannelCounters {
  final LongAdder refused =
      metrics.counter("refused", "Misses answered EAGAIN at once because too many threads waited.");

  final LongAdder stopped = metrics.counter("stopped", "Waits that ended because the mount did.");

  final LongAccumulator mostWaiting = new LongAccumulator(Math::max, 0);

  PortableCounters() {
    // The calls of libfuse that are served here.
    super(
        EnumSet.of(
            Opcode.GETATTR,
            Opcode.READLINK,
            Opcode.OPEN,
            Opcode.READ,
            Opcode.WRITE,
            Opcode.SETATTR,
            Opcode.FSYNC,
            Opcode.MKNOD,
            Opcode.MKDIR,
            Opcode.UNLINK,
            Opcode.RMDIR,
            Opcode.SYMLINK,
            Opcode.RENAME,
            Opcode.LINK,
            Opcode.RELEASE,
            Opcode.READDIR,
            Opcode.STATFS,
            Opcode.GETXATTR,
            Opcode.LISTXATTR));
    metrics.gauge(
        "most-waiting",
        Unit.COUNT,
        "The most threads that waited for misses so far.",
        mostWaiting::get);
  }
}
