package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.Arrays;
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
  private final Ticker ticker;

  Promises(FileSystem files, InodeTable inodes, Ticker ticker) {
    this.files = files;
    this.inodes = inodes;
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
   * Counts one look-up of a node. If somebody may be in the middle of a content of it that is over,
   * that stays with its inode, and the node gets another one.
   */
  Inode lookUp(Node node, Inode parent, String name) {
    Inode inode = inodes.lookUp(node, parent, name);
    KeptContent kept = inode.content();
    long now = ticker.read();
    return kept != null && kept.remaining(now) <= 0 && kept.endures(now)
        ? inodes.replace(inode, parent, name)
        : inode;
  }

  /**
   * Writes the fuse_entry_out of an inode. A file's name is not valid for longer than its
   * attributes, so that whoever opens it after that asks first.
   */
  void putEntry(ByteBuffer out, int at, Inode inode, long entryValidNanos) {
    long attrValid = putAttr(out, at + AttrDescriptor.ENTRY_OUT_ATTR, inode);
    long entryValid =
        inode.node.isDirectory() ? entryValidNanos : Math.min(entryValidNanos, attrValid);
    AttrDescriptor.putEntryOut(out, at, inode.id, entryValid, attrValid);
  }

  /** A kept content is what the file is as long as it endures; then the file system knows. */
  private long putFileAttr(ByteBuffer out, int at, Inode inode) {
    KeptContent kept = inode.content();
    if (kept != null && kept.endures(ticker.read())) {
      return putContentAttr(out, at, inode, kept);
    }
    Attributes attributes = files.attributes(inode.node);
    int edition = 0;
    if (kept != null) {
      // The kernel may drop its pages for these; they must not be filled from the old content.
      kept.supersede();
      edition = kept.edition();
    }
    put(out, at, inode, attributes, attributes.size(), edition);
    return attributes.validNanos();
  }

  /** Writes the fuse_attr that belongs to a content, even if that may not be kept. */
  long putContentAttr(ByteBuffer out, int at, Inode inode, KeptContent kept) {
    put(out, at, inode, kept.attributes, kept.bytes.length, kept.edition());
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

  /** Whether there is a content that a reader goes on with who has the file open. */
  boolean endures(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && kept.endures(ticker.read());
  }

  /** What a read of the file is answered from if it was promised; null if not. */
  byte[] contentFor(Inode inode) {
    KeptContent kept = inode.content();
    return kept != null && kept.serves(ticker.read()) ? kept.bytes : null;
  }

  /** From now on the file is this. */
  KeptContent keep(Inode inode, Content content) {
    Attributes attributes = files.attributes(inode.node);
    long valid = Math.min(content.validNanos(), attributes.validNanos());
    synchronized (inode) {
      KeptContent before = inode.content();
      int edition = 0;
      if (before != null) {
        boolean changed = !Arrays.equals(before.bytes, content.bytes());
        boolean seen = attributes.changedMillis() > before.attributes.changedMillis();
        edition = changed && !seen ? Kept.after(before.edition()) : before.edition();
      }
      KeptContent now = new KeptContent(content.bytes(), attributes, edition, ticker.read(), valid);
      inode.keep(now);
      return now;
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
