package org.aeiou.daemon.kernel.coherence;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Watch;

/**
 * Open files that a program polls: which change each has seen, and which wait for the next.
 *
 * <p>The contract is that of sysfs: read, poll, read again. There is no open and no release, and a
 * read does not say through which open file. So an inode that is polled no longer stands for its
 * node: a program that opens the file later gets another one, and the kernel forgets this one when
 * its last reader closes it. From the first poll on the kernel keeps no attributes of it, so that
 * every read is seen here; it counts for the open files that the same thread polls, or for all that
 * were told of the change if the thread polls none. Where it is not known what was read, the file
 * is said to have changed: a read too many does less harm than to sleep through a change. From the
 * first wait on the file is watched.
 *
 * <p>Any thread may call any method.
 */
final class Polls {
  private final FileSystem files;
  private final InodeTable inodes;
  private final ContentSuccession contents;
  private final Notifications notifications;
  private final Map<Inode, Polled> polled = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Polls(
      FileSystem files,
      InodeTable inodes,
      ContentSuccession contents,
      Notifications notifications) {
    this.files = files;
    this.inodes = inodes;
    this.contents = contents;
    this.notifications = notifications;
  }

  /** One open file. Guarded by its inode's entry. */
  private static final class Poller {
    /** The change that was last read. */
    int seen;

    /** The change that was last told. */
    int told;

    /** Whether the reads since it polled last have to be seen. */
    boolean readsAreSeen;

    /** The thread that polled last. */
    int thread;

    /** Whether it is to be woken: from the first wait on until it is. */
    boolean waiting;
  }

  /** An inode that is polled. Its monitor guards everything in it. */
  private static final class Polled {
    final Map<Long, Poller> pollers = new HashMap<>();

    /** Counts changes, so that 0 is what was there when the first poller came. */
    int change;

    /** Whether the kernel has nothing left that was told it before the first poll. */
    volatile boolean everyReadIsSeen;

    /** Null before the first wait. */
    Watch watch;
  }

  /**
   * Whether a file holds something else than what was read through an open file.
   *
   * @param requester the requester that the watch is for, if it is the first to wait
   * @param thread the one that polls
   * @param handle the kernel's number for the open file
   * @param waits whether it is to be woken at the next change if not
   */
  boolean isChanged(Requester requester, Inode inode, int thread, long handle, boolean waits) {
    Polled polled = entry(inode);
    synchronized (polled) {
      Poller poller = polled.pollers.get(handle);
      if (poller == null) {
        poller = new Poller();
        poller.seen = mayHaveReadOther(inode) ? polled.change - 1 : polled.change;
        polled.pollers.put(handle, poller);
      }
      poller.thread = thread;
      // A look without a wait may have been asked before the wait and be handled after it.
      poller.waiting |= waits;
      if (waits && polled.watch == null && !closed) {
        polled.watch = files.watch(requester, inode.node);
      }
      poller.told = polled.change;
      poller.readsAreSeen = polled.everyReadIsSeen;
      return poller.seen != polled.change;
    }
  }

  /**
   * Whether a program that has this inode open may have read something else than what the file
   * holds.
   */
  private boolean mayHaveReadOther(Inode inode) {
    CachedContent cached = inode.content();
    return cached != null && (!cached.only || !isLatest(inode, cached));
  }

  /** Whether a content is what the file holds, as far as is known. */
  private boolean isLatest(Inode inode, CachedContent content) {
    Content current = files.cached(inode.node);
    return current == null ? !content.isSuperseded() : content.isSame(current);
  }

  /**
   * A thread reads a file.
   *
   * @param content what it gets
   */
  void isRead(Inode inode, int thread, CachedContent content) {
    Polled polled = inode.polled ? this.polled.get(inode) : null;
    if (polled == null) {
      return;
    }
    synchronized (polled) {
      // The content comes first, then the change: what is the latest now is not before this one.
      if (!isLatest(inode, content)) {
        return;
      }
      Collection<Poller> all = polled.pollers.values();
      // A thread that the kernel cannot name may be any. Its reads count as those of a thread that
      // polls nothing: if they counted for none, a poll from there would find a change for ever.
      boolean polls =
          thread != RepliesInFlight.UNKNOWN_THREAD
              && all.stream().anyMatch(poller -> poller.thread == thread);
      for (Poller poller : all) {
        boolean counts = polls ? poller.thread == thread : poller.told == polled.change;
        if (counts && poller.readsAreSeen) {
          poller.seen = polled.change;
        }
      }
    }
  }

  /** The inode's entry. The first call sets the inode apart from the one that a later open gets. */
  private Polled entry(Inode inode) {
    Polled known = polled.get(inode);
    if (known != null) {
      return known;
    }
    // Before the entry can be found: a thread that finds it goes by this.
    inode.polled = true;
    Polled first = new Polled();
    known = polled.putIfAbsent(inode, first);
    if (known != null) {
      return known;
    }
    if (inodes.retire(inode)) {
      contents.nameChanged(inode);
    }
    contents.makeAsk(inode, inode.content(), () -> first.everyReadIsSeen = true);
    return first;
  }

  /** Wakes the programs that wait for a change of an inode. */
  void contentChanged(Inode inode) {
    Polled changed = polled.get(inode);
    if (changed != null) {
      wake(changed);
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

  void forget(Inode inode) {
    Polled gone = polled.remove(inode);
    if (gone != null) {
      end(gone);
    }
  }

  private static void end(Polled polled) {
    synchronized (polled) {
      if (polled.watch != null) {
        polled.watch.close();
      }
    }
  }

  /** How many open files are known to be polled. */
  long size() {
    return polled.size();
  }

  /** Watches nothing any more. */
  void close() {
    closed = true;
    polled.values().forEach(Polls::end);
  }
}
