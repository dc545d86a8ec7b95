package org.aeiou.daemon.kernel.coherence;

import com.google.common.base.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;

/**
 * Inodes that programs write through: what the kernel has in their pages is never what is read.
 *
 * <p>Linux copies what a program writes into the page of the file before it sends the WRITE. What
 * the file then holds is for the system to say: the write may be refused, and a value may read in
 * another way than it was written. So an inode that is written no longer stands for its node, as
 * one that is polled: a program that opens the file meanwhile gets another inode, with pages that
 * no write touches. Of this one the kernel keeps nothing until a {@linkplain Times#MOMENT moment}
 * after the last verdict: it has no validity, and each of its attributes is told with another
 * edition, so that the kernel drops its pages before every read.
 *
 * <p>Not before the WRITE, although O_TRUNC announces it. A page that is there is overwritten and
 * let go of; one that is not there would be locked until the verdict, and so would be every program
 * that has the file open and reads it.
 *
 * <p>While a write makes a file longer, Linux takes in no attributes of it. So the inode is
 * <em>frozen</em> until the thread that wrote has its reply: it keeps the content that it had, and
 * no reader is told of another.
 *
 * <p>Any thread may call any method.
 */
public final class Writes {
  private final FileSystem files;
  private final InodeTable inodes;
  private final ContentSuccession contents;
  private final Polls polls;
  private final Notifications notifications;
  private final Delays delays;
  private final Ticker ticker;
  private final Map<Inode, Written> written = new ConcurrentHashMap<>();

  Writes(
      FileSystem files,
      InodeTable inodes,
      ContentSuccession contents,
      Polls polls,
      Notifications notifications,
      Delays delays,
      Ticker ticker) {
    this.files = files;
    this.inodes = inodes;
    this.contents = contents;
    this.polls = polls;
    this.notifications = notifications;
    this.delays = delays;
    this.ticker = ticker;
  }

  /** An inode that was written. Its monitor guards it. */
  private static final class Written {
    /** What was told last. It only goes on, whichever content it belongs to. */
    int edition;

    /** The content that it was told with; null if another one is to be told next. */
    CachedContent toldWith;

    /** Whether each that is told is another one: what is in the pages is not known. */
    boolean isWritten;

    /** How many writes have no verdict yet. */
    int pending;

    /** The thread that wrote last, by the kernel's number. */
    int thread;

    /** When the kernel may keep again what it is told. */
    long untilNanos;

    /** What the last write ended in, as an error number. */
    int verdict;
  }

  /**
   * A program is about to write: it has opened the file with O_TRUNC.
   *
   * @return the edition that the kernel goes by
   */
  int announced(Inode inode) {
    Written one = entry(inode);
    synchronized (one) {
      setApart(inode, one);
      return one.edition;
    }
  }

  /**
   * Attributes were told for which the kernel drops no pages, as it does for others. If they are of
   * another edition, so are the next.
   */
  void toldInPassing(Inode inode, int editionBefore) {
    Written one = entry(inode);
    synchronized (one) {
      if (one.edition != editionBefore) {
        one.toldWith = null;
      }
    }
  }

  /** A program writes. The kernel has that in its page already, where no program is to see it. */
  public void begins(KernelRequest request) {
    Inode inode = request.inode;
    Written one = entry(inode);
    synchronized (one) {
      one.pending++;
      one.thread = request.thread;
      inode.frozen = true;
      one.isWritten = true;
      one.toldWith = null;
      setApart(inode, one);
    }
    notifications.pagesChanged(inode.id);
  }

  /**
   * A write has ended, and what there is to read of the file can be read.
   *
   * @param verdict what in, as an error number; 0 if it was done
   * @param mayWait whether the program may be let go on later
   * @param then lets the program go on; if later, when no other program can open what the file was
   *     before, or soon in any case
   */
  public void ends(KernelRequest request, int verdict, boolean mayWait, Runnable then) {
    Inode inode = request.inode;
    Written one = entry(inode);
    synchronized (one) {
      one.pending--;
      one.verdict = verdict;
      setApart(inode, one);
    }
    delays.after(Times.REPLY, () -> thaw(inode, one));
    // Its own name may not have been told either, if it was written without O_TRUNC.
    Inode directory = verdict == 0 && mayWait ? inodes.parent(inode) : null;
    if (directory == null) {
      then.run();
      return;
    }
    AtomicBoolean isRun = new AtomicBoolean();
    Runnable once =
        () -> {
          if (isRun.compareAndSet(false, true)) {
            then.run();
          }
        };
    // A look-up that waits for its system may hold the directory.
    delays.after(Times.REPLY, once);
    notifications.afterNames(directory.id, once);
  }

  /** A thread asks for what it reads. The one that wrote knows the verdict, and so the kernel. */
  void asks(KernelRequest request) {
    Inode inode = request.inode;
    if (!inode.frozen || request.thread == RepliesInFlight.UNKNOWN_THREAD) {
      return;
    }
    Written one = entry(inode);
    boolean isWriter;
    synchronized (one) {
      isWriter = one.pending == 0 && one.thread == request.thread;
    }
    if (isWriter && thaw(inode, one)) {
      CachedContent before = inode.content();
      Content now = files.cached(inode.node);
      if (before != null && (now == null || !before.isSame(now))) {
        // It does not linger: what a thread was told of it before, the end of the write overtook.
        before.supersede(ticker.read(), -Times.PATIENCE);
      }
    }
  }

  /** The kernel takes attributes of an inode in again. Returns whether it did not before. */
  private boolean thaw(Inode inode, Written one) {
    synchronized (one) {
      if (one.pending > 0 || !inode.frozen) {
        return false;
      }
      // Before a look at what changed meanwhile: what changes later finds it so.
      inode.frozen = false;
    }
    if (contents.changed(inode)) {
      polls.contentChanged(inode);
    }
    return true;
  }

  private void setApart(Inode inode, Written one) {
    one.untilNanos = ticker.read() + Times.MOMENT;
    inode.unsettled = true;
  }

  /** What the last write through an inode ended in; 0 if there was none. */
  public int verdict(Inode inode) {
    Written one = written.get(inode);
    if (one == null) {
      return 0;
    }
    synchronized (one) {
      return one.verdict;
    }
  }

  /**
   * The edition to be told of an inode that was written.
   *
   * @param told the content that it is told with; null for attributes without one
   */
  int edition(Inode inode, CachedContent told) {
    Written one = entry(inode);
    synchronized (one) {
      if (inode.unsettled && one.pending == 0 && ticker.read() - one.untilNanos >= 0) {
        inode.unsettled = false;
        one.isWritten = false;
      }
      boolean same = told != null && one.toldWith != null && told.isSame(one.toldWith.content);
      if (!same) {
        one.edition = KernelCached.after(one.edition);
      }
      one.toldWith = one.isWritten ? null : told;
      return one.edition;
    }
  }

  private Written entry(Inode inode) {
    Written known = written.get(inode);
    if (known != null) {
      return known;
    }
    Written first = new Written();
    CachedContent content = inode.content();
    first.edition = content == null ? 0 : content.edition();
    first.toldWith = content;
    known = written.putIfAbsent(inode, first);
    if (known != null) {
      return known;
    }
    // After the entry can be found: a thread that sees this looks for it.
    inode.written = true;
    if (inodes.retire(inode)) {
      contents.nameChanged(inode);
    }
    if (inodes.get(inode.id) != inode) {
      // A kernel that forgets what it writes would leave it here for good.
      written.remove(inode);
    }
    return first;
  }

  void forget(Inode inode) {
    written.remove(inode);
  }

  /** How many inodes were written and are open still. */
  public long size() {
    return written.size();
  }
}
