package org.aeiou.daemon.kernel.coherence;

import com.google.common.base.Ticker;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;

/**
 * Which content an inode has, and what takes its place: newer content supersedes it, its readers
 * get a moment to read it to the end, then the kernel is made to ask. Any thread may call any
 * method.
 */
final class ContentSuccession {
  private final FileSystem files;
  private final InodeTable inodes;
  private final Notifications notifications;
  private final RepliesInFlight replies;
  private final ChangeCounts changes;
  private final Delays delays;
  private final Ticker ticker;

  ContentSuccession(
      FileSystem files,
      InodeTable inodes,
      Notifications notifications,
      RepliesInFlight replies,
      ChangeCounts changes,
      Delays delays,
      Ticker ticker) {
    this.files = files;
    this.inodes = inodes;
    this.notifications = notifications;
    this.replies = replies;
    this.changes = changes;
    this.delays = delays;
    this.ticker = ticker;
  }

  /**
   * Makes what the cache held the content of an inode, unless something newer came first, or a
   * reader may be in the middle of something else.
   *
   * @param changesBefore the {@link ChangeCounts#of count} from before it was read
   * @return what the inode's content is now
   */
  CachedContent keep(KernelRequest request, Inode inode, Content content, int changesBefore) {
    return keep(request, inode, content, changesBefore, true);
  }

  /** The same of what was fetched: that it came is a change, too. */
  CachedContent keepFetched(
      KernelRequest request, Inode inode, Content content, int changesBefore) {
    return keep(request, inode, content, changesBefore, false);
  }

  /**
   * Keeps content.
   *
   * @param changesIfLost whether a change was to something else if the cache has lost it already
   */
  private CachedContent keep(
      KernelRequest request,
      Inode inode,
      Content content,
      int changesBefore,
      boolean changesIfLost) {
    CachedContent cached = replace(request, inode, content);
    // Newer content may have come since this was looked at, and found nothing kept that it could
    // supersede. The thread that brings it counts a change and looks here then (changed); this is
    // kept first and looks at the count then, so that one of the two sees the other.
    if (changes.of(inode) != changesBefore) {
      Content latest = files.cached(inode.node);
      if (latest == null ? changesIfLost : !cached.isSame(latest)) {
        supersede(inode, cached, ticker.read());
      }
    }
    return cached;
  }

  private CachedContent replace(KernelRequest request, Inode inode, Content content) {
    long now = ticker.read();
    synchronized (inode) {
      CachedContent before = inode.content();
      CachedContent cached;
      if (before == null) {
        cached = new CachedContent(content, 0, now, now, true);
      } else {
        boolean same = before.isSame(content);
        boolean lasting = lasts(request, inode, before, now);
        if (!same && lasting) {
          supersede(inode, before, now);
        }
        boolean older = content.takenNanos() - before.content.takenNanos() < 0;
        if (older || (!same && lasting)) {
          return before;
        }
        cached = before.successor(content, same, lasting, now);
      }
      inodes.keep(inode, cached);
      return cached;
    }
  }

  /**
   * Whether a content is what its file is to the programs that have this inode open, whatever the
   * cache holds: it is valid, or a program may be in the middle of it.
   *
   * @param current what the cache holds; null if nothing
   */
  boolean isHeld(
      KernelRequest request, Inode inode, CachedContent cached, Content current, long now) {
    if (cached == null || !lasts(request, inode, cached, now)) {
      return false;
    }
    if (current == null || inode.frozen) {
      return true;
    }
    if (cached.isSame(current)) {
      return cached.remaining(now) > 0;
    }
    supersede(inode, cached, now);
    return lasts(request, inode, cached, now);
  }

  /** It is not replaced, even if its time is over, while a reply with its size may be under way. */
  boolean lasts(KernelRequest request, Inode inode, CachedContent cached, long now) {
    return inode.frozen
        || cached.endures(now)
        || (cached.lingers(now) && replies.underWay(inode, request, now + Times.PATIENCE, now) > 0);
  }

  /**
   * Says that there is newer content than an inode's. A program that opens the file from now on
   * looks it up, and finds another inode. A program that has it open may go on with what it was,
   * and is made to ask when that is over.
   */
  void supersede(Inode inode, CachedContent cached, long now) {
    boolean isApart = inode.isApart();
    if (cached.supersede(now, isApart ? 0 : Times.MOMENT) && !isApart) {
      nameChanged(inode);
      delays.after(Times.MOMENT, () -> moveOn(inode, cached));
    }
  }

  private void moveOn(Inode inode, CachedContent cached) {
    // Of what is polled by now the kernel keeps nothing that it would have to doubt.
    if (!inode.polled) {
      makeAsk(inode, cached, () -> {});
    }
  }

  /**
   * Makes the kernel ask when it needs the attributes of an inode the next time: soon, as it throws
   * away what is on its way then, and goes by what it had before that. For the same reason only if
   * it would not ask anyhow.
   *
   * @param cached what it may go by; null if there is nothing
   * @param then what is done when it has been made to
   */
  void makeAsk(Inode inode, CachedContent cached, Runnable then) {
    makeAsk(inode, cached, ticker.read() + Times.PATIENCE, then);
  }

  private void makeAsk(Inode inode, CachedContent cached, long untilNanos, Runnable then) {
    long now = ticker.read();
    if (cached == null || !cached.mayBeValid(now)) {
      then.run();
      return;
    }
    long wait = replies.underWay(inode, null, now + Times.PATIENCE, now);
    if (wait > 0 && now - untilNanos < 0) {
      delays.after(wait, () -> makeAsk(inode, cached, untilNanos, then));
    } else {
      notifications.overtakeAttributes(inode.id);
      then.run();
    }
  }

  /**
   * Takes note that a file may hold something else than before, and lets the kernel know what it
   * has to. Never waits.
   *
   * @return false if it holds the same after all
   */
  boolean changed(Inode inode) {
    // Before what is kept is looked at: what was read before is kept first and looks here then.
    changes.increment(inode);
    CachedContent cached = inode.content();
    Content current = files.cached(inode.node);
    if (cached != null && current != null && cached.isSame(current)) {
      return false;
    }
    if (cached != null) {
      supersede(inode, cached, ticker.read());
    }
    return true;
  }

  /** What the kernel was told of an inode besides its content is not so any more. */
  void attributesChanged(Inode inode) {
    CachedContent cached = inode.content();
    if (cached != null) {
      cached.supersede(ticker.read(), -Times.PATIENCE);
    }
  }

  /** Whether the kernel may keep what it was told of an inode. */
  boolean isValid(Inode inode) {
    CachedContent cached = inode.content();
    return cached != null && cached.remaining(ticker.read()) > 0;
  }

  /** The kernel is to look up again what an inode was found by. */
  void nameChanged(Inode inode) {
    Inode directory = inodes.parent(inode);
    if (directory != null) {
      notifications.nameChanged(directory.id, inode.node.name());
    }
  }
}
