package org.aeiou.daemon.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.aeiou.closures.scheduler.Requester;

/**
 * Tells a thread that is about to read a file from one that only looks at it, before the file was
 * ever read and its size is known.
 *
 * <p>A program that looks at files ({@code find -size}, {@code ls -l}, {@code du}) asks for the
 * attributes of each once. A program that reads asks for them again within the same moment: to open
 * the file after it looked at it, and to know its size after it opened it ({@code tar}, {@code
 * rsync}, {@code git}). The second answer then has the real size.
 *
 * <p>Some programs ask twice and never read: {@code tar} that writes to {@code /dev/null}, {@code [
 * -f F ] && [ -r F ]}, {@code getfattr -R}. The rule is suspended for a user as long as two of its
 * last four announcements, of the last seconds, were not followed by a read. They are noted
 * meanwhile, so that readers bring it back.
 *
 * <p>Any thread may call any method. Threads whose numbers differ by a multiple of the slots share
 * one: an announcement is then missed.
 */
final class ReaderAnnouncements {
  /** Mostly it is a hundredth of a millisecond; but a processor may be busy with other programs. */
  private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** A thread that announced a read and did something else since, or nothing for so long. */
  private static final long TO_READ_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** For how long an announcement in vain counts. */
  private static final long IN_VAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int SLOTS = 1024;

  /** More users than have a mount in use; then all begin anew. */
  private static final int MOST_USERS = 1000;

  /** By thread: the file that it asked for the attributes of last, and when. */
  private final AtomicLongArray files = new AtomicLongArray(SLOTS);

  private final AtomicLongArray times = new AtomicLongArray(SLOTS);

  /** By thread: the file that could not be fetched for it last, why, and when. */
  private final AtomicLongArray failed = new AtomicLongArray(SLOTS);

  private final AtomicLongArray errors = new AtomicLongArray(SLOTS);
  private final AtomicLongArray failures = new AtomicLongArray(SLOTS);

  private final Map<Requester, Recent> users = new ConcurrentHashMap<>();

  /** Whether the thread that asks for a file's attributes is to be told the real size. */
  boolean isReader(Call call, long nowNanos) {
    if (call.thread == 0) {
      // A thread outside the daemon's namespace of processes: any.
      return false;
    }
    int slot = call.thread & (SLOTS - 1);
    boolean again = files.get(slot) == call.nodeId && nowNanos - times.get(slot) < TOGETHER_NANOS;
    files.set(slot, again ? 0 : call.nodeId);
    times.set(slot, nowNanos);
    if (!again) {
      return false;
    }
    Recent recent = users.get(call.requester);
    if (recent == null) {
      if (users.size() >= MOST_USERS) {
        users.clear();
      }
      recent = users.computeIfAbsent(call.requester, user -> new Recent());
    }
    return recent.announce(call.nodeId, call.thread, nowNanos);
  }

  /** A file is read. Returns whether its user has announced any read. */
  boolean read(Call call) {
    Recent recent = users.get(call.requester);
    if (recent != null) {
      recent.read(call.nodeId);
    }
    return recent != null;
  }

  /** What a thread was to be told the size of could not be fetched. */
  void failed(Call call, int errno, long nowNanos) {
    int slot = call.thread & (SLOTS - 1);
    errors.set(slot, errno);
    failures.set(slot, nowNanos);
    failed.set(slot, call.nodeId);
  }

  /**
   * The error that a thread's announced read ends in, once; 0 for none. By the time it reads, its
   * system may be known to be silent, and the reason would be another one.
   */
  int failure(Call call, long nowNanos) {
    int slot = call.thread & (SLOTS - 1);
    boolean isHere =
        failed.get(slot) == call.nodeId && nowNanos - failures.get(slot) < TOGETHER_NANOS;
    if (isHere) {
      failed.set(slot, 0);
    }
    return isHere ? (int) errors.get(slot) : 0;
  }

  /** The last announcements of a user. */
  private static final class Recent {
    private static final int COUNT = 4;
    private static final int TOO_MANY = 2;

    /** Which file; 0 if it was read, or there was none. */
    private final long[] unread = new long[COUNT];

    private final int[] threads = new int[COUNT];
    private final long[] times = new long[COUNT];
    private int next;

    synchronized boolean announce(long nodeId, int thread, long nowNanos) {
      int inVain = 0;
      for (int i = 0; i < COUNT; i++) {
        long age = nowNanos - times[i];
        boolean isOver = threads[i] == thread || age > TO_READ_NANOS;
        if (unread[i] != 0 && isOver && age < IN_VAIN_NANOS) {
          inVain++;
        }
      }
      unread[next] = nodeId;
      threads[next] = thread;
      times[next] = nowNanos;
      next = (next + 1) % COUNT;
      return inVain < TOO_MANY;
    }

    synchronized void read(long nodeId) {
      for (int i = 0; i < COUNT; i++) {
        if (unread[i] == nodeId) {
          unread[i] = 0;
        }
      }
    }
  }
}
