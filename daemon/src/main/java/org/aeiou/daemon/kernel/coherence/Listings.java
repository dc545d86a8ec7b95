package org.aeiou.daemon.kernel.coherence;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;

/**
 * What the kernel may keep of directories. Linux keeps the listing of a directory for as long as
 * its time of change is the same, and asks for that only when the attributes' time is over. So they
 * may not outlast the listing, and when it is over its edition ends. Any thread may call any
 * method.
 */
public final class Listings {
  private final FileSystem files;
  private final InodeTable inodes;
  private final Notifications notifications;
  private final ChangeCounts changes;
  private final Ticker ticker;

  Listings(
      FileSystem files,
      InodeTable inodes,
      Notifications notifications,
      ChangeCounts changes,
      Ticker ticker) {
    this.files = files;
    this.inodes = inodes;
    this.notifications = notifications;
    this.changes = changes;
    this.ticker = ticker;
  }

  /**
   * The entries that a reader in the middle of a directory goes on with; null if the directory is
   * to be listed.
   */
  public List<Entry> entries(KernelRequest request, boolean fromTheStart) {
    CachedListing cached = request.inode.listing();
    if (!fromTheStart && cached != null && cached.entries() != null) {
      return cached.entries();
    }
    request.changesBefore = changes.of(request.inode);
    return null;
  }

  /**
   * From now on the directory is this. If names changed since it was listed it may be what was
   * before, and is valid for no time.
   *
   * @param request the one that {@link #entries} let list it
   * @return whether the kernel believes its attributes for longer than the listing is valid
   */
  public boolean keep(KernelRequest request, Listing listing) {
    Inode inode = request.inode;
    long now = ticker.read();
    int names = 0;
    for (Entry entry : listing.entries()) {
      names = 31 * names + entry.name().hashCode();
    }
    long valid;
    synchronized (inode) {
      // With the monitor held: a change that does not count yet finds what is kept here.
      valid = changes.of(inode) == request.changesBefore ? listing.validNanos() : 0;
      CachedListing before = inode.listing();
      int edition = before == null ? 0 : before.edition();
      if (before != null && !before.expired() && before.names() != names) {
        // The kernel may have pages of the one before, and was not told to drop them.
        edition = KernelCached.after(edition);
      }
      inodes.keep(inode, new CachedListing(listing.entries(), edition, now, valid, names, false));
    }
    return inode.attributesUntil - now > Math.max(0, valid);
  }

  /** A reader came to the end of the directory: the entries need not be kept for it. */
  public void endOf(Inode inode) {
    synchronized (inode) {
      CachedListing cached = inode.listing();
      if (cached != null && cached.entries() != null) {
        inodes.keep(inode, cached.withoutEntries());
      }
    }
  }

  /** Takes note that a directory is to be listed anew, and tells the kernel. */
  void changed(Inode directory, Collection<String> names) {
    // Before what is kept is looked at: a listing of before is kept first and looks here then.
    changes.increment(directory);
    synchronized (directory) {
      CachedListing cached = directory.listing();
      if (cached != null && !cached.expired()) {
        inodes.keep(directory, cached.expire());
      }
    }
    notifications.attributesChanged(directory.id);
    names.forEach(name -> notifications.nameChanged(directory.id, name));
  }

  /**
   * Takes note that what a directory is listed from was answered, of which nothing was known. It is
   * no change to the listing that waits for it, or the first listing would seem to change the
   * directory while a program reads it (tar: "file changed as we read it").
   */
  void learned(Inode directory) {
    CachedListing cached = directory.listing();
    if (cached != null && !cached.expired()) {
      // Of what the kernel has: the answer was forgotten before that was over.
      changed(directory, List.of());
    }
  }

  /**
   * Writes the fuse_attr of a directory.
   *
   * @return for how long the kernel may keep it, in nanoseconds
   */
  long putAttr(ByteBuffer out, int at, Inode inode) {
    Attributes attributes = files.attributes(inode.node);
    long now = ticker.read();
    long valid = attributes.validNanos();
    int edition = 0;
    CachedListing cached = inode.listing();
    if (cached != null) {
      if (!cached.expired() && cached.remaining(now) <= 0) {
        synchronized (inode) {
          cached = inode.listing();
          if (!cached.expired() && cached.remaining(now) <= 0) {
            cached = cached.expire();
            inodes.keep(inode, cached);
          }
        }
      }
      edition = cached.edition();
      // Once expired, the next listing is expected to be valid for as long as the last one was.
      valid = Math.min(valid, cached.expired() ? cached.validNanos() : cached.remaining(now));
    }
    inode.attributesUntil = now + Math.max(0, valid);
    inode.putAttr(out, at, attributes, edition);
    return valid;
  }
}
