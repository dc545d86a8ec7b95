package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.InitDescriptor;
import org.aeiou.daemon.fuse.WriteDescriptor;

/**
 * INIT: what this channel and the kernel agree on. Asked once, before anything else; read by any
 * thread afterwards.
 */
final class Negotiation {
  static final int MAJOR = 7;

  /** Linux 5.4: the first with NO_OPENDIR_SUPPORT, EXPLICIT_INVAL_DATA and MAX_PAGES alike. */
  static final int OLDEST_MINOR = 31;

  /** Newer ones add flags that are not asked for, and fields in what is unused here. */
  static final int NEWEST_MINOR = 45;

  private static final int PAGE = 4096;

  /**
   * What is wanted of the kernel, where it has it. See the decisions on the kernel channel.
   *
   * <ul>
   *   <li>AUTO_INVAL_DATA: a size or time of change that is another one drops a file's pages, and a
   *       read first makes sure of both. EXPLICIT_INVAL_DATA would leave old contents in place
   *       until a notification comes.
   *   <li>DO_READDIRPLUS, READDIRPLUS_AUTO: {@code ls -l} takes one request per page instead of one
   *       per name, plain {@code ls} does not pay for it beyond the first page.
   *   <li>NO_OPEN_SUPPORT, NO_OPENDIR_SUPPORT: opening a file costs no request.
   *   <li>PARALLEL_DIROPS: a look-up that waits for a system does not hold up the next one in the
   *       same directory.
   *   <li>MAX_PAGES: a value of 64 KiB is one read.
   *   <li>BIG_WRITES: a value of more than a page is one write.
   *   <li>INIT_EXT: says that the second word of flags, empty so far, is meant.
   * </ul>
   *
   * Not wanted: ASYNC_READ (reads in the background are capped by max_background, so that a few
   * slow systems hold up all others, and cannot be interrupted); WRITEBACK_CACHE (a write is to end
   * in the agent's verdict, and not in a page); ATOMIC_O_TRUNC (the kernel would empty a file by
   * itself that another program reads); HANDLE_KILLPRIV (no file has such a privilege); SPLICE
   * (replies are small); POSIX_LOCKS, FLOCK_LOCKS (the kernel locks by itself); EXPORT_SUPPORT (a
   * node id means nothing to the next daemon); POSIX_ACL (there are none); ABORT_ERROR (a mount
   * that was aborted and one that is gone are treated alike).
   */
  static final long WANTED =
      InitDescriptor.AUTO_INVAL_DATA
          | InitDescriptor.DO_READDIRPLUS
          | InitDescriptor.READDIRPLUS_AUTO
          | InitDescriptor.NO_OPEN_SUPPORT
          | InitDescriptor.NO_OPENDIR_SUPPORT
          | InitDescriptor.PARALLEL_DIROPS
          | InitDescriptor.MAX_PAGES
          | InitDescriptor.BIG_WRITES
          | InitDescriptor.INIT_EXT;

  /** Readahead is the largest read there is without ASYNC_READ. */
  private static final int MAX_READAHEAD = HeaderDescriptor.LONGEST_PAYLOAD;

  /** Requests in the background are RELEASEs at most; not one is to wait for another. */
  private static final int MAX_BACKGROUND = 64;

  private static final int CONGESTION_THRESHOLD = 48;

  /** Nanoseconds: times carry an edition in the lowest digits. */
  private static final int TIME_GRANULARITY = 1;

  /** 0 until agreed. */
  private volatile int minor;

  private volatile long agreed;
  private volatile String refusal;

  /**
   * Answers an INIT.
   *
   * @return the length of the payload; -1 if there is nothing to agree on
   */
  int answer(ByteBuffer in, int body, ByteBuffer out, int at) {
    int major = InitDescriptor.major(in, body);
    int offered = InitDescriptor.minor(in, body);
    if (Integer.compareUnsigned(major, MAJOR) > 0) {
      // The kernel asks again, with this major version.
      InitDescriptor.putVersion(out, at, MAJOR, NEWEST_MINOR);
      return InitDescriptor.OUT_VERSION_LENGTH;
    }
    if (major != MAJOR || Integer.compareUnsigned(offered, OLDEST_MINOR) < 0) {
      refusal =
          "the kernel speaks FUSE %s.%s, and at least %d.%d (Linux 5.4) is needed"
              .formatted(
                  Integer.toUnsignedString(major),
                  Integer.toUnsignedString(offered),
                  MAJOR,
                  OLDEST_MINOR);
      return -1;
    }
    long flags = InitDescriptor.flags(in, body) & WANTED;
    int readahead =
        (int)
            Math.min(Integer.toUnsignedLong(InitDescriptor.maxReadahead(in, body)), MAX_READAHEAD);
    int spoken = Integer.compareUnsigned(offered, NEWEST_MINOR) < 0 ? offered : NEWEST_MINOR;
    InitDescriptor.putVersion(out, at, MAJOR, spoken);
    InitDescriptor.putTerms(
        out,
        at,
        readahead,
        flags,
        MAX_BACKGROUND,
        CONGESTION_THRESHOLD,
        WriteDescriptor.MOST,
        TIME_GRANULARITY,
        HeaderDescriptor.LONGEST_PAYLOAD / PAGE);
    agreed = flags;
    minor = spoken;
    return InitDescriptor.OUT_LENGTH;
  }

  boolean isAgreed() {
    return minor != 0;
  }

  /** As in {@code 7.45}. */
  String version() {
    return MAJOR + "." + minor;
  }

  /** Why there is no agreement; null if none was refused. */
  String refusal() {
    return refusal;
  }

  /** Whether all of these flags were agreed on. */
  boolean has(long flags) {
    return (agreed & flags) == flags;
  }
}
