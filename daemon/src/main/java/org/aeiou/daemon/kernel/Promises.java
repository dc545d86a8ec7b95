package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.tree.Node;

/**
 * What the kernel is told of inodes, so that it fits together: a size with the content that has it,
 * a time of change that is another one whenever the kernel must drop its pages, and validities none
 * of which outlasts what they speak of. Any thread may call any method.
 */
final class Promises {
  /** A power of two. */
  private static final int COUNTERS = 256;

  /** Whether a guess of a file's size may be on its way. */
  private interface Doubt {
    boolean isThere(KeptContent kept, long nowNanos);
  }

  private final FileSystem files;
  private final InodeTable inodes;
  private final Notifications notifications;
  private final Told told;
  private final Delays delays;
  private final Ticker ticker;

  /** How often files and directories changed, by some bits of their hash. */
  private final AtomicIntegerArray changes = new AtomicIntegerArray(COUNTERS);

  Promises(
      FileSystem files,
      InodeTable inodes,
      Notifications notifications,
      Told told,
      Delays delays,
      Ticker ticker) {
    this.files = files;
    this.inodes = inodes;
    this.notifications = notifications;
    this.told = told;
    this.delays = delays;
    this.ticker = ticker;
  }

  /**
   * Writes the fuse_attr of an inode.
   *
   * @param call who is told
   * @return for how long the kernel may keep it, in nanoseconds
   */
  long putAttr(Call call, ByteBuffer out, int at, Inode inode) {
    return inode.node.isDirectory()
        ? putDirectoryAttr(out, at, inode)
        : putFileAttr(call, out, at, inode);
  }

  /**
   * Counts one look-up of a node. An inode stands for one content: if there is other content now,
   * or none, what there was stays with its inode, and the node gets another one. Content that is
   * the same keeps its inode, and the kernel its pages.
   *
   * @param call who looks it up
   */
  Inode lookUp(Call call, Node node, Inode parent, String name) {
    Inode inode = inodes.lookUp(node, parent, name);
    KeptContent kept = inode.content();
    if (kept == null) {
      return inode;
    }
    long now = ticker.read();
    int changesBefore = changes(inode);
    Content current = files.cached(node);
    if (current != null && kept.isSame(current)) {
      if (!kept.endures(now + KeptContent.LEAST_NANOS)) {
        // Who opens it now must have time to read it whole, also if newer content is just coming.
        var unused = keep(call, inode, current, changesBefore);
      }
      return inode;
    }
    supersede(inode, kept, now);
    if (kept.endures(now + KeptContent.LEAST_NANOS) && told.isListed(inode.parent, call, now)) {
      // Who lists the directory may be about to bring this one back, and would read it after
      // somebody else has read what is newer. There must be time to read it whole.
      return inode;
    }
    inodes.retire(inode);
    Inode next = inodes.lookUp(node, parent, name);
    inodes.forget(inode.id, 1);
    return next;
  }

  /**
   * Writes the fuse_entry_out of an inode. A file's name is not valid for longer than the content
   * it was promised, so that whoever opens it after that asks first.
   */
  void putEntry(Call call, ByteBuffer out, int at, Inode inode, long entryValidNanos) {
    long attrValid = putAttr(call, out, at + AttrDescriptor.ENTRY_OUT_ATTR, inode);
    boolean promised = inode.content() != null;
    long entryValid = promised ? Math.min(entryValidNanos, attrValid) : entryValidNanos;
    AttrDescriptor.putEntryOut(out, at, inode.id, entryValid, attrValid);
  }

  /** What is in the cache is promised with its size; without that, a size is only a guess. */
  private long putFileAttr(Call call, ByteBuffer out, int at, Inode inode) {
    long now = ticker.read();
    told.tell(call, inode, now);
    KeptContent kept = inode.content();
    int changesBefore = changes(inode);
    Content current = files.cached(inode.node);
    if (!isHeld(call, inode, kept, current, now) && current != null) {
      kept = keep(call, inode, current, changesBefore);
    }
    if (kept != null && lasts(call, inode, kept, now)) {
      if (call.opcode != Opcode.READDIRPLUS) {
        // Its next request may be the read.
        settle(call, inode);
        told.reads(call, inode);
      }
      return putContentAttr(out, at, inode, kept);
    }
    Attributes attributes = files.attributes(inode.node);
    int edition = 0;
    if (kept != null) {
      // The kernel drops its pages for these, also if the size is what it was; they must not be
      // filled from the old content any more.
      kept.end(now);
      edition = Kept.after(kept.edition());
    }
    inode.sizeTold = attributes.size();
    put(out, at, inode, attributes, attributes.size(), edition);
    return 0;
  }

  /**
   * What the file is to those who have this inode open, whatever the cache holds: it is valid, or
   * somebody may be in the middle of it. Null if there is no such content.
   */
  KeptContent held(Call call, Inode inode) {
    KeptContent kept = inode.content();
    Content current = files.cached(inode.node);
    return isHeld(call, inode, kept, current, ticker.read()) ? kept : null;
  }

  private boolean isHeld(Call call, Inode inode, KeptContent kept, Content current, long now) {
    if (kept == null || !lasts(call, inode, kept, now)) {
      return false;
    }
    if (current == null) {
      return true;
    }
    if (kept.isSame(current)) {
      return kept.remaining(now) > 0;
    }
    supersede(inode, kept, now);
    return lasts(call, inode, kept, now);
  }

  /** It is not replaced, even if its time is over, while somebody may be about to learn of it. */
  private boolean lasts(Call call, Inode inode, KeptContent kept, long now) {
    return kept.endures(now)
        || (kept.lingers(now) && told.underWay(inode, call, now + Told.PATIENCE_NANOS, now) > 0);
  }

  /**
   * Lets nobody be told of what was guessed of a file any more, because somebody is about to read
   * what it is now: the kernel would correct no size by the short read to come. Once, and only if a
   * guess is on its way, for this reply is overtaken as well; and not if the kernel may have pages
   * of something else, which it would go on with.
   */
  void settle(Call call, Inode inode) {
    settle(inode, (kept, now) -> told.underWay(inode, call, kept.firstNanos(), now) > 0);
  }

  /**
   * The same for a file that is read although its content was not promised: whoever guessed at its
   * size since that read was asked for has spoiled the correction, whether the guess has arrived or
   * not.
   */
  void settleUnpromised(Inode inode) {
    KeptContent refused = inode.content();
    if (refused != null) {
      refused.refused = true;
    }
    settle(inode, (kept, now) -> true);
  }

  private void settle(Inode inode, Doubt doubt) {
    KeptContent kept = inode.content();
    long now = ticker.read();
    if (kept == null || now - kept.firstNanos() >= Told.LATE_NANOS) {
      return;
    }
    synchronized (inode) {
      kept = inode.content();
      if (kept.only && !kept.settled && doubt.isThere(kept, now)) {
        notifications.overtakeAttributes(inode.id);
      }
      // Whoever was told the size by now may be reading: it is too late for another time.
      kept.settled = true;
    }
  }

  /**
   * Says that there is newer content than an inode's. Whoever opens the file from now on looks it
   * up, and finds another inode. Who has it open may go on with what it was, and is made to ask
   * when that is over.
   */
  private void supersede(Inode inode, KeptContent kept, long now) {
    if (kept.supersede(now, inode.polled ? 0 : KeptContent.MOMENT_NANOS) && !inode.polled) {
      nameChanged(inode);
      delays.after(KeptContent.MOMENT_NANOS, () -> moveOn(inode, kept));
    }
  }

  private void moveOn(Inode inode, KeptContent kept) {
    // Of what is polled by now the kernel keeps nothing that it would have to doubt.
    if (!inode.polled) {
      ask(inode, kept, () -> {});
    }
  }

  /**
   * Makes the kernel ask when it needs the attributes of an inode the next time: soon, as it throws
   * away what is on its way then, and goes by what it had before that. For the same reason only if
   * it would not ask anyhow.
   *
   * @param kept what it may go by; null if there is nothing
   * @param then what is done when it has been made to
   */
  void ask(Inode inode, KeptContent kept, Runnable then) {
    ask(inode, kept, ticker.read() + Told.PATIENCE_NANOS, then);
  }

  private void ask(Inode inode, KeptContent kept, long untilNanos, Runnable then) {
    long now = ticker.read();
    if (kept == null || !kept.mayBeValid(now)) {
      then.run();
      return;
    }
    long wait = told.underWay(inode, null, now + Told.PATIENCE_NANOS, now);
    if (wait > 0 && now - untilNanos < 0) {
      delays.after(wait, () -> ask(inode, kept, untilNanos, then));
    } else {
      notifications.overtakeAttributes(inode.id);
      then.run();
    }
  }

  /**
   * Takes note that a file may hold something else than before, and lets the kernel know what it
   * has to. Any thread; never waits.
   *
   * @return false if it holds the same after all
   */
  boolean contentChanged(Inode inode) {
    // Before what is kept is looked at: what was read before is kept first and looks here then.
    changes.incrementAndGet(counter(inode));
    KeptContent kept = inode.content();
    Content current = files.cached(inode.node);
    if (kept != null && current != null && kept.isSame(current)) {
      return false;
    }
    if (kept != null) {
      supersede(inode, kept, ticker.read());
    }
    return true;
  }

  /** Whether the kernel may keep what it was promised of an inode. */
  boolean isValid(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && kept.remaining(ticker.read()) > 0;
  }

  /** The kernel is to look up again what an inode was found by. */
  void nameChanged(Inode inode) {
    Inode directory = inodes.parent(inode);
    if (directory != null) {
      notifications.nameChanged(directory.id, inode.node.name());
    }
  }

  /**
   * How often a file or directory changed, or one that shares its counter; to be asked for before
   * it is read, and given to what keeps it.
   */
  int changes(Inode inode) {
    return changes.get(counter(inode));
  }

  private static int counter(Inode inode) {
    return inode.hash & (COUNTERS - 1);
  }

  /** Takes note that a directory is to be listed anew, and tells the kernel. Any thread. */
  void namesChanged(Inode directory, Collection<String> names) {
    // Before what is kept is looked at: a listing of before is kept first and looks here then.
    changes.incrementAndGet(counter(directory));
    synchronized (directory) {
      KeptListing kept = directory.listing();
      if (kept != null && !kept.expired()) {
        inodes.keep(directory, kept.expire());
      }
    }
    notifications.attributesChanged(directory.id);
    names.forEach(name -> notifications.nameChanged(directory.id, name));
  }

  /**
   * Writes the fuse_attr that belongs to a content, even if that may not be kept. Of what is polled
   * the kernel keeps nothing, so that it is known who has read it.
   */
  long putContentAttr(ByteBuffer out, int at, Inode inode, KeptContent kept) {
    Attributes attributes = kept.content.attributes();
    inode.sizeTold = attributes.size();
    kept.told = true;
    put(out, at, inode, attributes, attributes.size(), kept.edition());
    return inode.polled ? 0 : kept.remaining(ticker.read());
  }

  /**
   * Linux keeps the listing of a directory for as long as its time of change is the same, and asks
   * for that only when the attributes' time is over. So they may not outlast the listing, and when
   * it is over its edition ends.
   */
  private long putDirectoryAttr(ByteBuffer out, int at, Inode inode) {
    Attributes attributes = files.attributes(inode.node);
    long now = ticker.read();
    long valid = attributes.validNanos();
    int edition = 0;
    KeptListing kept = inode.listing();
    if (kept != null) {
      if (!kept.expired() && kept.remaining(now) <= 0) {
        synchronized (inode) {
          kept = inode.listing();
          if (!kept.expired() && kept.remaining(now) <= 0) {
            kept = kept.expire();
            inodes.keep(inode, kept);
          }
        }
      }
      edition = kept.edition();
      // Once expired, the next listing is expected to be valid for as long as the last one was.
      valid = Math.min(valid, kept.expired() ? kept.validNanos() : kept.remaining(now));
    }
    inode.attributesUntil = now + Math.max(0, valid);
    put(out, at, inode, attributes, attributes.size(), edition);
    return valid;
  }

  private static void put(
      ByteBuffer out, int at, Inode inode, Attributes attributes, long size, int edition) {
    AttrDescriptor.putAttr(
        out,
        at,
        inode.ino,
        size,
        attributes.mode(),
        attributes.uid(),
        attributes.gid(),
        attributes.links(),
        attributes.takenMillis(),
        attributes.changedMillis(),
        edition);
  }

  /** Notes who is about to be told of a file; to be called before looking at what it is. */
  void tell(Call call) {
    told.tell(call, call.inode, ticker.read());
  }

  /**
   * Whether a read may be answered with this: not if its size was never told and is more than what
   * the kernel goes by, which it would cut it to. It finds out itself that one is less, from a read
   * that is short.
   */
  boolean fits(Inode inode, KeptContent kept) {
    if (kept.told) {
      return true;
    }
    long size = kept.content.bytes().length;
    if (size > inode.sizeTold) {
      return false;
    }
    inode.sizeTold = size;
    return true;
  }

  /** What a read of the file is answered from if it was promised; null if not. */
  KeptContent contentFor(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && kept.serves(ticker.read()) ? kept : null;
  }

  /** Notes who is about to be told the content of a file, or the size of that. */
  void reads(Call call) {
    told.reads(call, call.inode);
  }

  /**
   * Whether a read may have been asked for before its content was promised: by who was not told of
   * that just before, and not so long ago that the request cannot have waited since. Once at the
   * most: the kernel locks the page that it reads, so that there is one such request, and whoever
   * else waits for the page reads it without reading ahead.
   */
  boolean mayPrecede(Call call, KeptContent kept) {
    return !kept.refused
        && call.reading != call.inode.id
        && ticker.read() - kept.firstNanos() < 2 * Told.LATE_NANOS;
  }

  /**
   * What the file is from now on: this, unless something newer came first, or somebody may be in
   * the middle of something else.
   *
   * @param changesBefore the {@link #changes} from before it was read
   */
  KeptContent keep(Call call, Inode inode, Content content, int changesBefore) {
    KeptContent kept = replace(call, inode, content);
    // Newer content may have come since this was looked at, and found nothing kept that it could
    // supersede. Whoever brings it counts a change and looks here then (contentChanged); this is
    // kept first and looks at the count then, so that one of the two sees the other.
    if (changes(inode) != changesBefore) {
      Content latest = files.cached(inode.node);
      if (latest != null && !kept.isSame(latest)) {
        supersede(inode, kept, ticker.read());
      }
    }
    return kept;
  }

  private KeptContent replace(Call call, Inode inode, Content content) {
    long now = ticker.read();
    synchronized (inode) {
      KeptContent before = inode.content();
      int edition = 0;
      long first = now;
      boolean settled = false;
      boolean read = false;
      boolean sizeTold = false;
      boolean refused = false;
      boolean only = true;
      if (before != null) {
        boolean same = before.isSame(content);
        boolean lasting = lasts(call, inode, before, now);
        if (!same && lasting) {
          supersede(inode, before, now);
        }
        boolean older = content.takenNanos() - before.content.takenNanos() < 0;
        if (older || (!same && lasting)) {
          return before;
        }
        boolean seen =
            content.attributes().changedMillis() > before.content.attributes().changedMillis();
        edition = !same && !seen ? Kept.after(before.edition()) : before.edition();
        if (same && lasting) {
          first = before.firstNanos();
          settled = before.settled;
        }
        only = same && before.only;
        read = same && before.read;
        sizeTold = same && before.told;
        refused = same && before.refused;
      }
      KeptContent kept = new KeptContent(content, edition, now, first, only);
      kept.settled = settled;
      kept.read = read;
      kept.told = sizeTold;
      kept.refused = refused;
      inodes.keep(inode, kept);
      return kept;
    }
  }

  /**
   * From now on the directory is this. If names changed since it was listed it may be what was
   * before, and is valid for no time.
   *
   * @param changesBefore the {@link #changes} from before it was listed
   * @return whether the kernel believes its attributes for longer than the listing is valid
   */
  boolean keep(Inode inode, Listing listing, int changesBefore) {
    long now = ticker.read();
    int names = 0;
    for (Entry entry : listing.entries()) {
      names = 31 * names + entry.name().hashCode();
    }
    long valid;
    synchronized (inode) {
      // With the monitor held: a change that does not count yet finds what is kept here.
      valid = changes(inode) == changesBefore ? listing.validNanos() : 0;
      KeptListing before = inode.listing();
      int edition = before == null ? 0 : before.edition();
      if (before != null && !before.expired() && before.names() != names) {
        // The kernel may have pages of the one before, and was not told to drop them.
        edition = Kept.after(edition);
      }
      inodes.keep(inode, new KeptListing(listing.entries(), edition, now, valid, names, false));
    }
    return inode.attributesUntil - now > Math.max(0, valid);
  }

  /** A reader came to the end of the directory: the entries need not be kept for it. */
  void endOf(Inode inode) {
    synchronized (inode) {
      KeptListing kept = inode.listing();
      if (kept != null && kept.entries() != null) {
        inodes.keep(inode, kept.withoutEntries());
      }
    }
  }
}
