package org.aeiou.daemon.kernel.coherence;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Attributes that may still be on their way to the thread that asked for them.
 *
 * <p>A reply counts for Linux when the thread that asked gets to run. Meanwhile another thread may
 * have been told something else of the inode. Linux then forgets one of the two, or the size that a
 * short read would have corrected. A reader gets half a value, or one with zeroes behind it. So an
 * inode goes over from one size to another only when no thread can be about to take in the first:
 * each that asked for it has asked for something else since, or has had {@link Times#REPLY} for it.
 *
 * <p>Any thread may call any method. Two threads share a slot if their numbers differ by a multiple
 * of the slots. So one reply of a thousand may be missed; nothing else depends on it.
 */
final class RepliesInFlight {
  private static final int SLOTS = 1024;

  /** By thread: the node it was told of last; minus a directory's for all that is in it. */
  private final AtomicLongArray nodes = new AtomicLongArray(SLOTS);

  private final AtomicLongArray times = new AtomicLongArray(SLOTS);

  /** By thread: the file that its last request read; 0 if none. */
  private final AtomicLongArray reads = new AtomicLongArray(SLOTS);

  /** For what has no slot of its own. */
  private static final int NONE = -1;

  /**
   * The kernel's number for a thread it cannot name: one outside the process namespace of the
   * daemon. Many share it, so that none of them is known to have asked for anything since.
   */
  static final int UNKNOWN_THREAD = 0;

  private static int slot(int thread) {
    return thread & (SLOTS - 1);
  }

  /** The slot that is the caller's alone; {@link #NONE} if any thread may use it. */
  private static int own(KernelRequest request) {
    return request == null || request.thread == UNKNOWN_THREAD ? NONE : slot(request.thread);
  }

  /**
   * A thread asks for something: what it was told before, it has taken in.
   *
   * @return the file that its last request read; 0 if there is none
   */
  long asks(int thread) {
    if (thread == UNKNOWN_THREAD) {
      return 0;
    }
    int slot = slot(thread);
    // Its own last writes, so that plain reads will do.
    if (nodes.getPlain(slot) != 0) {
      nodes.set(slot, 0);
    }
    long read = reads.getPlain(slot);
    if (read != 0) {
      reads.setPlain(slot, 0);
    }
    return read;
  }

  /**
   * A thread is about to be told the content of a file, or the attributes of that, or that it is to
   * read it once more.
   */
  void reads(KernelRequest request, Inode inode) {
    reads.setPlain(slot(request.thread), inode.id);
  }

  /**
   * A thread is about to be told of an inode. To be called before looking at what it is told: a
   * thread that changes that afterwards then finds it here.
   */
  void tell(KernelRequest request, Inode inode, long nowNanos) {
    int slot = slot(request.thread);
    times.set(slot, nowNanos);
    // A listing tells of all that is in the directory.
    nodes.set(slot, request.listsAttributes ? -inode.parent.id : inode.id);
  }

  /** Whether another thread may be about to take in a listing of a directory. */
  boolean isListed(Inode directory, KernelRequest request, long nowNanos) {
    int own = own(request);
    for (int slot = 0; slot < SLOTS; slot++) {
      if (nodes.get(slot) == -directory.id
          && slot != own
          && nowNanos - times.get(slot) < Times.REPLY) {
        return true;
      }
    }
    return false;
  }

  /**
   * For how long from now a thread may take in what it was told of an inode; 0 if there is none.
   *
   * @param request its own thread does not count; null if every thread does
   * @param beforeNanos only what was told until then
   */
  long underWay(Inode inode, KernelRequest request, long beforeNanos, long nowNanos) {
    int own = own(request);
    long most = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      long node = nodes.get(slot);
      if ((node == inode.id || node == -inode.parent.id) && slot != own) {
        long time = times.get(slot);
        if (time - beforeNanos <= 0) {
          most = Math.max(most, time + Times.REPLY - nowNanos);
        }
      }
    }
    return most;
  }
}
