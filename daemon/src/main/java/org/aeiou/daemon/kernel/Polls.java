package org.aeiou.daemon.kernel;

import java.util.Collection;
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
 * read does not say through which open file. So an inode that is polled no longer stands for its
 * node: whoever opens the file later has another one, and the kernel forgets this one when its last
 * reader closes it. From the first poll on the kernel keeps no attributes of it, so that every read
 * is seen here; it counts for the open files that the same thread polls, or for all that were told
 * of the change if the thread polls none. Where it is not known what was read, the file is said to
 * have changed: a read too many does less harm than to sleep through a change. From the first wait
 * on the file is watched.
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

    /** The change that was last told. */
    int told;

    /** Whether the reads since it polled last have to be seen. */
    boolean readsAreSeen;

    /** Who polled last. */
    int thread;

    boolean waiting;
  }

  /** An inode that is polled. Its monitor guards everything in it. */
  private static final class Polled {
    final Inode inode;
    final Map<Long, Poller> pollers = new HashMap<>();

    /** Counts changes, so that 0 is what was there when the first poller came. */
    int change;

    /** Whether the kernel has nothing left that was told it before the first poll. */
    volatile boolean everyReadIsSeen;

    /** Null before somebody waits. */
    Watch watch;

    Polled(Inode inode) {
      this.inode = inode;
    }
  }

  /**
   * Whether a file holds something else than what was read through an open file.
   *
   * @param thread who asks
   * @param handle the kernel's number for the open file
   * @param waits whether it is to be woken at the next change if not
   */
  boolean isChanged(Inode inode, int thread, long handle, boolean waits) {
    Polled polled = polled(inode);
    synchronized (polled) {
      Poller poller = polled.pollers.get(handle);
      if (poller == null) {
        poller = new Poller();
        poller.seen = mayHaveReadOther(inode) ? polled.change - 1 : polled.change;
        polled.pollers.put(handle, poller);
      }
      poller.thread = thread;
      poller.waiting = waits;
      if (waits && polled.watch == null && !closed) {
        polled.watch = files.watch(inode.node);
      }
      poller.told = polled.change;
      poller.readsAreSeen = polled.everyReadIsSeen;
      return poller.seen != polled.change;
    }
  }

  /** Whether who has this inode open may have read something else than what the file holds. */
  private boolean mayHaveReadOther(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && (!kept.only || !isLatest(inode, kept));
  }

  /** Whether a content is what the file holds, as far as is known. */
  private boolean isLatest(Inode inode, KeptContent content) {
    Content current = files.cached(inode.node);
    return current == null ? !content.isSuperseded() : content.isSame(current);
  }

  /**
   * A thread reads a file.
   *
   * @param content what it gets
   */
  void isRead(Inode inode, int thread, KeptContent content) {
    Polled polled = inode.polled ? find(inode) : null;
    if (polled == null) {
      return;
    }
    synchronized (polled) {
      // The content comes first, then the change: what is the latest now is not before this one.
      if (!isLatest(inode, content)) {
        return;
      }
      Collection<Poller> all = polled.pollers.values();
      boolean polls = all.stream().anyMatch(poller -> poller.thread == thread);
      for (Poller poller : all) {
        boolean counts = polls ? poller.thread == thread : poller.told == polled.change;
        if (counts && poller.readsAreSeen) {
          poller.seen = polled.change;
        }
      }
    }
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
    promises.ask(inode, inode.content(), () -> polled.everyReadIsSeen = true);
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
      if (promises.contentChanged(polled.inode)) {
        wake(polled);
      }
    }
  }

  private void wake(Polled polled) {
    synchronized (polled) {
      polled.change++;
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
