package org.aeiou.daemon.kernel.coherence;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How often files and directories changed. A count is taken before a file is read and looked at
 * again after what was read is kept: if it moved on, what was kept may be old. Inodes share counts
 * by some bits of their hash, so that a change elsewhere costs a look too many.
 */
final class ChangeCounts {
  /** A power of two. */
  private static final int COUNTS = 256;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(COUNTS);

  int of(Inode inode) {
    return counts.get(index(inode));
  }

  void increment(Inode inode) {
    counts.incrementAndGet(index(inode));
  }

  private static int index(Inode inode) {
    return inode.hash & (COUNTS - 1);
  }
}
