package org.aeiou.daemon.kernel.coherence;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.aeiou.daemon.service.Delays;

/**
 * The bound on what inodes take. The kernel alone decides when it gives one back; but it gives back
 * the inode of a name that it is told to look up again, unless a program has it open.
 *
 * <p>So beyond the bound names are told, a part at a time and around the table: at first files that
 * no longer have valid content, then all files, then directories. Any thread may call.
 */
final class InodeBound {
  /** How many names are told together: the kernel has to come and give their inodes back. */
  private static final int TOGETHER = 1024;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How soon to begin again after a time around the whole table did not help. */
  private static final long IN_USE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Which inodes are told of, one time around the table after the other. */
  private enum Pass {
    STALE_FILES,
    FILES,
    ALL;

    Pass next() {
      return this == STALE_FILES ? FILES : ALL;
    }
  }

  private final InodeTable inodes;
  private final ContentSuccession contents;
  private final Delays delays;
  private final LongConsumer pruned;
  private final long mostBytes;
  private final AtomicBoolean pruning = new AtomicBoolean();

  // Used by the one task at a time that prunes.
  private int shard;
  private int begunAt;
  private Pass pass = Pass.STALE_FILES;

  InodeBound(
      InodeTable inodes,
      ContentSuccession contents,
      Delays delays,
      LongConsumer pruned,
      long mostBytes) {
    this.inodes = inodes;
    this.contents = contents;
    this.delays = delays;
    this.pruned = pruned;
    this.mostBytes = mostBytes;
  }

  /** Begins to prune if there is need to; to be called after inodes may have been added. */
  void check() {
    if (inodes.bytes() > mostBytes && pruning.compareAndSet(false, true)) {
      begunAt = shard;
      pass = Pass.STALE_FILES;
      delays.after(0, this::prune);
    }
  }

  private void prune() {
    // A little more than is needed, or the next look-up would begin it again.
    if (inodes.bytes() <= mostBytes - mostBytes / 10) {
      pruning.set(false);
      return;
    }
    int told = 0;
    long pause = PAUSE_NANOS;
    while (told < TOGETHER) {
      for (Inode inode : inodes.some(shard)) {
        if (isOf(pass, inode)) {
          contents.nameChanged(inode);
          told++;
        }
      }
      shard = (shard + 1) % InodeTable.SHARDS;
      if (shard == begunAt) {
        pause = pass == Pass.ALL ? IN_USE_NANOS : PAUSE_NANOS;
        pass = pass.next();
        break;
      }
    }
    pruned.accept(told);
    delays.after(pause, this::prune);
  }

  private boolean isOf(Pass wanted, Inode inode) {
    if (inode == inodes.root() || inode.retired) {
      return false;
    }
    return switch (wanted) {
      case STALE_FILES -> !inode.node.isDirectory() && !contents.isValid(inode);
      case FILES -> !inode.node.isDirectory();
      case ALL -> true;
    };
  }
}
