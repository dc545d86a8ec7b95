package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.Collection;
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
  private final FileSystem files;
  private final InodeTable inodes;
  private final Notifications notifications;
  private final Ticker ticker;

  Promises(FileSystem files, InodeTable inodes, Notifications notifications, Ticker ticker) {
    this.files = files;
    this.inodes = inodes;
    this.notifications = notifications;
    this.ticker = ticker;
  }

  /**
   * Writes the fuse_attr of an inode.
   *
   * @return for how long the kernel may keep it, in nanoseconds
   */
  long putAttr(ByteBuffer out, int at, Inode inode) {
    return inode.node.isDirectory()
        ? putDirectoryAttr(out, at, inode)
        : putFileAttr(out, at, inode);
  }

  /**
   * Counts one look-up of a node. An inode stands for one content: if there is other content now,
   * or none while somebody may be in the middle of what there was, that stays with its inode, and
   * the node gets another one. Content that is the same keeps its inode, and the kernel its pages.
   */
  Inode lookUp(Node node, Inode parent, String name) {
    Inode inode = inodes.lookUp(node, parent, name);
    KeptContent kept = inode.content();
    if (kept == null) {
      return inode;
    }
    long now = ticker.read();
    Content current = files.cached(node);
    if (current == null ? !kept.endures(now) : kept.isSame(current)) {
      return inode;
    }
    supersede(inode, kept, now);
    inodes.retire(inode);
    Inode next = inodes.lookUp(node, parent, name);
    inodes.forget(inode.id, 1);
    return next;
  }

  /**
   * Writes the fuse_entry_out of an inode. A file's name is not valid for longer than the content
   * it was promised, so that whoever opens it after that asks first.
   */
  void putEntry(ByteBuffer out, int at, Inode inode, long entryValidNanos) {
    long attrValid = putAttr(out, at + AttrDescriptor.ENTRY_OUT_ATTR, inode);
    boolean promised = !inode.node.isDirectory() && attrValid > 0;
    long entryValid = promised ? Math.min(entryValidNanos, attrValid) : entryValidNanos;
    AttrDescriptor.putEntryOut(out, at, inode.id, entryValid, attrValid);
  }

  /** What is in the cache is promised with its size; without that, a size is only a guess. */
  private long putFileAttr(ByteBuffer out, int at, Inode inode) {
    KeptContent kept = inode.content();
    Content current = files.cached(inode.node);
    long now = ticker.read();
    if (!isHeld(inode, kept, current, now) && current != null) {
      kept = keep(inode, current);
    }
    if (kept != null && kept.endures(now)) {
      return putContentAttr(out, at, inode, kept);
    }
    Attributes attributes = files.attributes(inode.node);
    int edition = 0;
    if (kept != null) {
      // The kernel may drop its pages for these; they must not be filled from the old content.
      kept.end(now);
      edition = kept.edition();
    }
    put(out, at, inode, attributes, attributes.size(), edition);
    return 0;
  }

  /**
   * Whether a content is what the file is to those who have this inode open, whatever the cache
   * holds: it is valid, or somebody may be in the middle of it.
   */
  boolean isHeld(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && isHeld(inode, kept, files.cached(inode.node), ticker.read());
  }

  private boolean isHeld(Inode inode, KeptContent kept, Content current, long now) {
    if (kept == null || !kept.endures(now)) {
      return false;
    }
    if (current == null) {
      return true;
    }
    if (kept.isSame(current)) {
      return kept.remaining(now) > 0;
    }
    supersede(inode, kept, now);
    return kept.endures(now);
  }

  /** Says that there is newer content than an inode's; the kernel is told if it may not know. */
  private void supersede(Inode inode, KeptContent kept, long now) {
    if (kept.supersede(now, inode.polled ? 0 : KeptContent.MOMENT_NANOS)) {
      notifications.attributesChanged(inode.id);
    }
  }

  /**
   * Takes note that a file may hold something else than before, and lets the kernel know what it
   * has to: nothing, if it is the same after all. Any thread; never waits.
   */
  void contentChanged(Inode inode) {
    KeptContent kept = inode.content();
    Content current = files.cached(inode.node);
    if (kept == null || (current != null && kept.isSame(current))) {
      return;
    }
    long now = ticker.read();
    boolean believed = kept.isBelieved(now);
    supersede(inode, kept, now);
    if (believed) {
      // Whoever opens it from now on looks it up, and finds another inode.
      notifications.nameChanged(inode.parent.id, inode.node.name());
    }
  }

  /** Takes note that a directory is to be listed anew, and tells the kernel. Any thread. */
  void namesChanged(Inode directory, Collection<String> names) {
    synchronized (directory) {
      KeptListing kept = directory.listing();
      if (kept != null && !kept.expired()) {
        directory.keep(kept.expire());
      }
    }
    notifications.attributesChanged(directory.id);
    names.forEach(name -> notifications.nameChanged(directory.id, name));
  }

  /** Writes the fuse_attr that belongs to a content, even if that may not be kept. */
  long putContentAttr(ByteBuffer out, int at, Inode inode, KeptContent kept) {
    Attributes attributes = kept.content.attributes();
    put(out, at, inode, attributes, attributes.size(), kept.edition());
    return kept.remaining(ticker.read());
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
            inode.keep(kept);
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

  /** What a read of the file is answered from if it was promised; null if not. */
  byte[] contentFor(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && kept.serves(ticker.read()) ? kept.content.bytes() : null;
  }

  /**
   * What the file is from now on: this, unless something newer came first, or somebody may be in
   * the middle of something else.
   */
  KeptContent keep(Inode inode, Content content) {
    long now = ticker.read();
    synchronized (inode) {
      KeptContent before = inode.content();
      int edition = 0;
      if (before != null) {
        boolean same = before.isSame(content);
        if (!same && before.endures(now)) {
          supersede(inode, before, now);
        }
        boolean older = content.takenNanos() - before.content.takenNanos() < 0;
        if (older || (!same && before.endures(now))) {
          return before;
        }
        boolean seen =
            content.attributes().changedMillis() > before.content.attributes().changedMillis();
        edition = !same && !seen ? Kept.after(before.edition()) : before.edition();
      }
      KeptContent kept = new KeptContent(content, edition, now);
      inode.keep(kept);
      return kept;
    }
  }

  /**
   * From now on the directory is this.
   *
   * @return whether the kernel believes its attributes for longer than the listing is valid
   */
  boolean keep(Inode inode, Listing listing) {
    long now = ticker.read();
    int names = 0;
    for (Entry entry : listing.entries()) {
      names = 31 * names + entry.name().hashCode();
    }
    synchronized (inode) {
      KeptListing before = inode.listing();
      int edition = before == null ? 0 : before.edition();
      if (before != null && !before.expired() && before.names() != names) {
        // The kernel may have pages of the one before, and was not told to drop them.
        edition = Kept.after(edition);
      }
      long valid = listing.validNanos();
      inode.keep(new KeptListing(listing.entries(), edition, now, valid, names, false));
    }
    return inode.attributesUntil - now > Math.max(0, listing.validNanos());
  }

  /** A reader came to the end of the directory: the entries need not be kept for it. */
  void endOf(Inode inode) {
    synchronized (inode) {
      KeptListing kept = inode.listing();
      if (kept != null && kept.entries() != null) {
        inode.keep(kept.withoutEntries());
      }
    }
  }
}
