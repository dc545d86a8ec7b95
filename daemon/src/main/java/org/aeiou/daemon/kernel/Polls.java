package org.aeiou.daemon.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Watch;
import org.aeiou.daemon.tree.Node;

/**
 * Open files that somebody polls: which change each has seen, and who waits for the next.
 *
 * <p>The contract is that of sysfs: read, poll, read again. There is no open and no release, and a
 * read that the kernel answers from its pages is not seen here. So what a poller has read is what
 * its inode was promised; an inode that is polled no longer stands for its node, so that whoever
 * opens the file later has another one, and the kernel forgets this one when its last reader closes
 * it. From the first wait until then the file is watched, so that a change is noticed.
 *
 * <p>Any thread may call any method.
 */
final class Polls {
  private final FileSystem files;
  private final InodeTable inodes;
  private final Promises promises;
  private final Notifications notifications;
  private final Map<Node, List<Polled>> byNode = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Polls(FileSystem files, InodeTable inodes, Promises promises, Notifications notifications) {
    this.files = files;
    this.inodes = inodes;
    this.promises = promises;
    this.notifications = notifications;
    inodes.listen(this::forget);
  }

  /** One open file. Guarded by its inode's entry. */
  private static final class Poller {
    /** The change that was last read. */
    int seen;

    /** The change that was last reported. */
    int reported;

    boolean waiting;
  }

  /** An inode that is polled. Its monitor guards everything in it. */
  private static final class Polled {
    final Inode inode;
    final Map<Long, Poller> pollers = new HashMap<>();

    /** Counts changes, so that 0 is what was there when the first poller came. */
    int change;

    /** Null before somebody waits. */
    Watch watch;

    Polled(Inode inode) {
      this.inode = inode;
    }
  }

  /**
   * Whether a file holds something else than what was read through an open file.
   *
   * @param handle the kernel's number for the open file
   * @param waits whether it is to be woken at the next change if not
   */
  boolean isChanged(Inode inode, long handle, boolean waits) {
    Polled polled = polled(inode);
    synchronized (polled) {
      boolean hasRead = hasReadTheLatest(inode);
      Poller poller = polled.pollers.get(handle);
      if (poller == null) {
        poller = new Poller();
        poller.seen = hasRead ? polled.change : polled.change - 1;
        poller.reported = poller.seen;
        polled.pollers.put(handle, poller);
      } else if (hasRead && poller.reported == polled.change) {
        poller.seen = polled.change;
      }
      boolean changed = poller.seen != polled.change;
      if (changed) {
        poller.reported = polled.change;
      }
      poller.waiting = waits;
      if (waits && polled.watch == null && !closed) {
        polled.watch = files.watch(inode.node);
      }
      return changed;
    }
  }

  /** Whether what the inode was promised is what the file holds, as far as is known. */
  private boolean hasReadTheLatest(Inode inode) {
    KeptContent kept = inode.content();
    Content current = files.cached(inode.node);
    return kept == null || (current == null ? !kept.isSuperseded() : kept.isSame(current));
  }

  /** The inode's entry; the first time it is set apart from whoever opens the file later. */
  private Polled polled(Inode inode) {
    Polled known = find(inode);
    if (known != null) {
      return known;
    }
    Polled polled = new Polled(inode);
    synchronized (inode) {
      Polled there = find(inode);
      if (there != null) {
        return there;
      }
      byNode.compute(
          inode.node,
          (node, now) -> {
            List<Polled> all = now == null ? new CopyOnWriteArrayList<>() : now;
            all.add(polled);
            return all;
          });
      inode.polled = true;
    }
    if (inodes.retire(inode)) {
      promises.nameChanged(inode);
    }
    return polled;
  }

  private Polled find(Inode inode) {
    for (Polled polled : byNode.getOrDefault(inode.node, List.of())) {
      if (polled.inode == inode) {
        return polled;
      }
    }
    return null;
  }

  /** Wakes whoever waits for a change of this file. */
  void contentChanged(Node node) {
    for (Polled polled : byNode.getOrDefault(node, List.of())) {
      synchronized (polled) {
        polled.change++;
      }
      promises.contentChanged(polled.inode, () -> wake(polled));
    }
  }

  private void wake(Polled polled) {
    synchronized (polled) {
      polled.pollers.forEach(
          (handle, poller) -> {
            if (poller.waiting) {
              poller.waiting = false;
              notifications.wake(handle);
            }
          });
    }
  }

  private void forget(Inode inode) {
    byNode.computeIfPresent(
        inode.node,
        (node, all) -> {
          all.removeIf(polled -> polled.inode == inode && end(polled));
          return all.isEmpty() ? null : all;
        });
  }

  private static boolean end(Polled polled) {
    synchronized (polled) {
      if (polled.watch != null) {
        polled.watch.close();
      }
    }
    return true;
  }

  /** How many open files are known to be polled. */
  long size() {
    long size = 0;
    for (List<Polled> all : byNode.values()) {
      size += all.size();
    }
    return size;
  }

  /** Watches nothing any more. */
  void close() {
    closed = true;
    byNode.values().forEach(all -> all.forEach(Polls::end));
  }
}
