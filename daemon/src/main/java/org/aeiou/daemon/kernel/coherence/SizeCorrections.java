package org.aeiou.daemon.kernel.coherence;

import com.google.common.base.Ticker;

/**
 * Which size the kernel goes by when it reads a content.
 *
 * <p>The size of a file that was never read is a guess. The kernel corrects it by a short read, but
 * only if no other attributes of the inode came since that read was asked for. So guesses that may
 * be under way are overtaken before the size of a content is told, and a read that may be older
 * than its content is refused once: the kernel asks for that page again, after everything that
 * could spoil the correction. Any thread may call any method.
 */
final class SizeCorrections {
  /** Whether a guess of a file's size may be on its way. */
  private interface Doubt {
    boolean isThere(CachedContent cached, long nowNanos);
  }

  private final RepliesInFlight replies;
  private final Notifications notifications;
  private final Ticker ticker;

  SizeCorrections(RepliesInFlight replies, Notifications notifications, Ticker ticker) {
    this.replies = replies;
    this.notifications = notifications;
    this.ticker = ticker;
  }

  /**
   * Lets no thread of the kernel take in what was guessed of a file any more, because a thread is
   * about to read what it is now. Once, and only if a guess is on its way, for this reply is
   * overtaken as well; and not if the kernel may have pages of something else, which it would go on
   * with.
   */
  void settle(KernelRequest request, Inode inode) {
    settle(inode, (cached, now) -> replies.underWay(inode, request, cached.firstNanos(), now) > 0);
  }

  /**
   * The same for a file that is read although the kernel was not told of its content: a guess that
   * was told since that read was asked for has spoiled the correction, whether it has arrived or
   * not. From now on no read of this content precedes it.
   */
  void settleRefused(Inode inode) {
    CachedContent refused = inode.content();
    if (refused != null) {
      refused.refused = true;
    }
    settle(inode, (cached, now) -> true);
  }

  private void settle(Inode inode, Doubt doubt) {
    CachedContent cached = inode.content();
    long now = ticker.read();
    if (cached == null || now - cached.firstNanos() >= Times.REPLY) {
      return;
    }
    synchronized (inode) {
      cached = inode.content();
      if (cached.only && !cached.settled && doubt.isThere(cached, now)) {
        notifications.overtakeAttributes(inode.id);
      }
      // A thread that was told the size by now may be reading: it is too late for another time.
      cached.settled = true;
    }
  }

  /**
   * Whether a read may have been asked for before the kernel was told of its content: the thread
   * was not told of that just before, and the content is not so old that the request cannot have
   * waited since. Once at the most: the kernel locks the page that it reads, so that there is one
   * such request, and another thread that waits for the page reads it without reading ahead.
   */
  boolean mayPrecede(KernelRequest request, CachedContent cached) {
    return !cached.refused
        && request.reading != request.inode.id
        && ticker.read() - cached.firstNanos() < 2 * Times.REPLY;
  }

  /**
   * Whether a read may be answered with this: not if its size was never told and is more than what
   * the kernel goes by, which it would cut it to. It finds out itself that one is less, from a read
   * that is short.
   */
  boolean fits(Inode inode, CachedContent cached) {
    if (cached.announced) {
      return true;
    }
    long size = cached.content.bytes().length;
    if (size > inode.sizeTold) {
      return false;
    }
    inode.sizeTold = size;
    return true;
  }
}
