package org.aeiou.daemon.kernel.coherence;

import java.util.concurrent.TimeUnit;

/**
 * How long each thing of cache coherence lasts, in nanoseconds.
 *
 * <pre>
 *  content served             newer content known
 *    |                              |
 *    |---- its validity (TTL) ----|CLOCK|          the kernel may believe what it was told
 *    |-- LEAST at least from the end of the validity --|    a reader may read it to its end
 *    |                              |---- MOMENT ----|- PATIENCE -|
 *    |                              |                |            |
 *    |                              |     held open: old content  |
 *    |                              |                | only while a reply of its size may be late
 *    |                              |----------- 2 x MOMENT -----------|   a READ of it is answered
 *
 *  reply sent
 *    |---- REPLY ----|        the thread that asked may take the reply in
 *    |---------- 2 x REPLY ----------|    a READ may be older than the content that answers it
 * </pre>
 */
public final class Times {
  /** For how long a thread of the kernel may have a reply before it takes it in. */
  public static final long REPLY = TimeUnit.MILLISECONDS.toNanos(100);

  /** For how long replies to an inode's threads are waited for at most, one after another. */
  public static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * For how long a reader that has a file open may go on to its end when there is newer content.
   */
  public static final long MOMENT = TimeUnit.SECONDS.toNanos(1);

  /** The same when the reading was about to end when it was served. */
  public static final long LEAST = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * How much longer than told the kernel may believe: its clock ticks every few milliseconds, and
   * it counts from when the thread that asked gets to run.
   */
  static final long CLOCK = TimeUnit.MILLISECONDS.toNanos(100);

  private Times() {}
}
