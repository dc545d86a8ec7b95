package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * How kernel and daemon agree on a protocol.
 *
 * <pre>
 * fuse_init_in, at its start in the request   fuse_init_out, at its start in the reply
 *
 *      0               4                          0               4
 *     +---------------+---------------+          +---------------+---------------+
 *   0 | major         | minor         |        0 | major         | minor         |
 *     +---------------+---------------+          +---------------+---------------+
 *   8 | max readahead | flags         |        8 | max readahead | flags         |
 *     +---------------+---------------+          +-------+-------+---------------+
 *  16 | flags2 (1)    | unused[11]    |       16 |max bg |congest| max write     |
 *     +---------------+---------------+          +-------+-------+-------+-------+
 *  64                                         24 | time gran     |max pgs|map al |
 *                                                +---------------+-------+-------+
 *  (1) since 7.36, with INIT_EXT              32 | flags2        | unused[7]     |
 *                                                +---------------+---------------+
 *                                             64
 * </pre>
 */
public final class InitDescriptor {
  /** Up to and including flags: what kernels before 7.36 send. */
  static final int IN_SHORT_LENGTH = 16;

  public static final int OUT_LENGTH = 64;

  /** What a kernel with a newer major version is answered: the major version spoken here. */
  public static final int OUT_VERSION_LENGTH = 8;

  /** The kernel may have several reads of one file under way, in the background. */
  public static final long ASYNC_READ = 1;

  /** One request may write more than a page. */
  public static final long BIG_WRITES = 1 << 5;

  /** Attributes that changed drop a file's pages. */
  public static final long AUTO_INVAL_DATA = 1 << 12;

  public static final long DO_READDIRPLUS = 1 << 13;
  public static final long READDIRPLUS_AUTO = 1 << 14;
  public static final long NO_OPEN_SUPPORT = 1 << 17;
  public static final long PARALLEL_DIROPS = 1 << 18;

  /** The reply's max pages means something. */
  public static final long MAX_PAGES = 1 << 22;

  public static final long NO_OPENDIR_SUPPORT = 1 << 24;

  /** The request has, and the reply may have, flags2. */
  public static final long INIT_EXT = 1 << 30;

  private static final int MAJOR = 0;
  private static final int MINOR = 4;
  private static final int MAX_READAHEAD = 8;
  private static final int FLAGS = 12;
  private static final int IN_FLAGS2 = 16;
  private static final int MAX_BACKGROUND = 16;
  private static final int CONGESTION_THRESHOLD = 18;
  private static final int MAX_WRITE = 20;
  private static final int TIME_GRANULARITY = 24;
  private static final int PAGES = 28;
  private static final int OUT_FLAGS2 = 32;

  private InitDescriptor() {}

  public static int major(ByteBuffer in, int at) {
    return in.getInt(at + MAJOR);
  }

  public static int minor(ByteBuffer in, int at) {
    return in.getInt(at + MINOR);
  }

  public static int maxReadahead(ByteBuffer in, int at) {
    return in.getInt(at + MAX_READAHEAD);
  }

  /** Both words of flags; the upper half is 0 where the kernel does not send it. */
  public static long flags(ByteBuffer in, int at) {
    long flags = Integer.toUnsignedLong(in.getInt(at + FLAGS));
    if ((flags & INIT_EXT) != 0 && in.limit() >= at + IN_FLAGS2 + Integer.BYTES) {
      flags |= (long) in.getInt(at + IN_FLAGS2) << Integer.SIZE;
    }
    return flags;
  }

  public static void putVersion(ByteBuffer out, int at, int major, int minor) {
    out.putInt(at + MAJOR, major);
    out.putInt(at + MINOR, minor);
  }

  /** Everything but the version; what is unused becomes 0. */
  public static void putTerms(
      ByteBuffer out,
      int at,
      int maxReadahead,
      long flags,
      int maxBackground,
      int congestionThreshold,
      int maxWrite,
      int timeGranularity,
      int maxPages) {
    for (int i = at + MAX_READAHEAD; i < at + OUT_LENGTH; i += Long.BYTES) {
      out.putLong(i, 0);
    }
    out.putInt(at + MAX_READAHEAD, maxReadahead);
    out.putInt(at + FLAGS, (int) flags);
    out.putShort(at + MAX_BACKGROUND, (short) maxBackground);
    out.putShort(at + CONGESTION_THRESHOLD, (short) congestionThreshold);
    out.putInt(at + MAX_WRITE, maxWrite);
    out.putInt(at + TIME_GRANULARITY, timeGranularity);
    out.putShort(at + PAGES, (short) maxPages);
    out.putInt(at + OUT_FLAGS2, (int) (flags >>> Integer.SIZE));
  }
}
