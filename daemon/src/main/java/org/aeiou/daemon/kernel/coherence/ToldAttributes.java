package org.aeiou.daemon.kernel.coherence;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;

/**
 * What the kernel is told of files by their attributes: the size of what it may read next, and a
 * time of change that is another one when it must drop its pages.
 */
final class ToldAttributes {
  private final FileSystem files;
  private final RepliesInFlight replies;
  private final ChangeCounts changes;
  private final ContentSuccession contents;
  private final SizeCorrections sizes;
  private final Writes writes;
  private final GrowingFiles growing;
  private final Ticker ticker;

  ToldAttributes(
      FileSystem files,
      RepliesInFlight replies,
      ChangeCounts changes,
      ContentSuccession contents,
      SizeCorrections sizes,
      Writes writes,
      GrowingFiles growing,
      Ticker ticker) {
    this.files = files;
    this.replies = replies;
    this.changes = changes;
    this.contents = contents;
    this.sizes = sizes;
    this.writes = writes;
    this.growing = growing;
    this.ticker = ticker;
  }

  /**
   * Writes the fuse_attr of an inode with this content.
   *
   * @return for how long the kernel may keep it, in nanoseconds
   */
  long putOf(Inode inode, CachedContent cached, ByteBuffer out, int at) {
    Attributes attributes = cached.content.attributes();
    inode.sizeTold = attributes.size();
    cached.announced = true;
    int edition = inode.written ? writes.edition(inode, cached) : cached.edition();
    inode.putAttr(out, at, attributes, edition);
    return inode.isApart() ? 0 : cached.remaining(ticker.read());
  }

  /**
   * Writes the fuse_attr of a file, fetching nothing. What is in the cache is told with its size;
   * without that, a size is only a guess.
   *
   * @return for how long the kernel may keep it, in nanoseconds
   */
  long put(KernelRequest request, ByteBuffer out, int at, Inode inode) {
    writes.asks(request);
    if (inode.growing() != null) {
      return growing.putAttr(request, out, at, inode, false);
    }
    long now = ticker.read();
    replies.tell(request, inode, now);
    CachedContent cached = inode.content();
    int changesBefore = changes.of(inode);
    Content current = files.cached(inode.node);
    if (!contents.isHeld(request, inode, cached, current, now) && current != null) {
      cached = contents.keep(request, inode, current, changesBefore);
    }
    if (cached != null && contents.lasts(request, inode, cached, now)) {
      if (!request.listsAttributes) {
        // The next request of its thread may be the read.
        sizes.settle(request, inode);
        replies.reads(request, inode);
      }
      return putOf(inode, cached, out, at);
    }
    Attributes attributes = files.attributes(inode.node);
    int edition = 0;
    if (cached != null) {
      // The kernel drops its pages for these, also if the size is what it was; they must not be
      // filled from the old content any more.
      cached.end(now);
      edition = KernelCached.after(cached.edition());
    }
    if (inode.written) {
      edition = writes.edition(inode, null);
    }
    inode.sizeTold = attributes.size();
    inode.putAttr(out, at, attributes, edition);
    return 0;
  }
}
