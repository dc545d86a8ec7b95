package org.aeiou.daemon.kernel.coherence;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;

/**
 * Cache coherence with the kernel: what a request about a file is answered with, so that what the
 * kernel keeps fits together. A size is told with the content that has it, a time of change is
 * another one whenever the kernel must drop its pages, and no validity outlasts what it speaks of.
 *
 * <p>How threads meet here. Requests of the kernel come on its reader threads, fetched content on
 * whichever thread completes it, changes on the threads that own systems. None of them waits.
 *
 * <ul>
 *   <li>An inode publishes what the kernel was told of it as one immutable object, by a volatile
 *       write ({@link CachedContent}, {@link CachedListing}). A hit reads that once and takes no
 *       lock. It is replaced with the inode's monitor held, so that of two replacements the older
 *       one loses.
 *   <li>A change and a fetch may cross. The change increments a count and then looks at what is
 *       kept; the fetch keeps its content and then looks at the count ({@link ChangeCounts}). Both
 *       are volatile, so one of the two sees the other.
 *   <li>A reply that was sent is not yet believed: its thread in the kernel takes it in when it
 *       gets to run. {@link RepliesInFlight} notes for each thread what it was told, before that is
 *       looked up; the thread's next request, or {@link Times#REPLY}, ends the note. A size is only
 *       replaced when no note is left, or after a notification that overtakes the reply.
 *   <li>Notifications never wait for locks here: those that may block go to other threads ({@link
 *       Notifications}).
 * </ul>
 *
 * <p>The rules and why they suffice: decision 033. A model of the kernel checks them with random
 * interleavings ({@code ConsistencyModelTest}); run it after every change here.
 */
public final class Coherence {

  /** What a request about a file's content is answered with. */
  public enum Decision {
    /** The content that the request has now: {@link KernelRequest#served}. */
    SERVE,
    /** An error, after which the kernel asks for the page once more. */
    REFUSE,
    /** What a fetch brings; then {@link Coherence#fetched} decides. */
    FETCH
  }

  /** Why content is fetched or served. */
  public enum Purpose {
    /** A GETATTR with a handle: a read is coming, which must find the size it is told. */
    ATTRIBUTES,
    /** A READ that fills a page of the kernel's. */
    PAGE,
    /**
     * A READ with O_DIRECT: no page is filled, so the size that the kernel goes by is no matter.
     */
    DIRECT
  }

  private final FileSystem files;
  private final InodeTable inodes;
  private final RepliesInFlight replies = new RepliesInFlight();
  private final ChangeCounts changes = new ChangeCounts();
  private final ContentSuccession contents;
  private final SizeCorrections sizes;
  private final Listings listings;
  private final Polls polls;
  private final Writes writes;
  private final GrowingFiles growing;
  private final ToldAttributes attributes;
  private final InodeBound bound;
  private final Ticker ticker;

  /**
   * Coherence of one mount; observes the file system from now on.
   *
   * @param inodeBytes how much heap may go to inodes, by estimate
   * @param pruned is told how many inodes the kernel was asked to give back
   */
  public Coherence(
      FileSystem files,
      InodeTable inodes,
      Notifications notifications,
      Delays delays,
      Ticker ticker,
      long inodeBytes,
      LongConsumer pruned) {
    this.files = files;
    this.inodes = inodes;
    this.ticker = ticker;
    contents =
        new ContentSuccession(files, inodes, notifications, replies, changes, delays, ticker);
    sizes = new SizeCorrections(replies, notifications, ticker);
    listings = new Listings(files, inodes, notifications, changes, ticker);
    polls = new Polls(files, inodes, contents, notifications);
    writes = new Writes(files, inodes, contents, polls, notifications, delays, ticker);
    growing = new GrowingFiles(files, inodes);
    attributes =
        new ToldAttributes(files, replies, changes, contents, sizes, writes, growing, ticker);
    inodes.listen(
        inode -> {
          polls.forget(inode);
          writes.forget(inode);
        });
    bound = new InodeBound(inodes, contents, delays, pruned, inodeBytes);
    files.observe(new Invalidations(files, inodes, contents, listings, polls, notifications));
  }

  /** The files that programs write. */
  public Writes writes() {
    return writes;
  }

  /** What the kernel may keep of directories. */
  public Listings listings() {
    return listings;
  }

  /** A thread of the kernel asks: what it was told before, it has taken in. */
  public void asks(KernelRequest request) {
    request.reading = replies.asks(request.thread);
  }

  /** Decides what a request about an inode's content is answered with. */
  public Decision decide(KernelRequest request, Purpose purpose) {
    Inode inode = request.inode;
    replies.tell(request, inode, ticker.read());
    CachedContent cached = purpose == Purpose.ATTRIBUTES ? held(request) : serving(inode);
    if (cached == null) {
      request.changesBefore = changes.of(inode);
      return Decision.FETCH;
    }
    request.content = cached;
    if (purpose == Purpose.PAGE) {
      if (sizes.mayPrecede(request, cached)) {
        return refuse(request);
      }
      if (!sizes.fits(inode, cached)) {
        // Programs know this error: what is open is not what the file is; open it again.
        return Decision.REFUSE;
      }
    }
    return serve(request, purpose);
  }

  /**
   * The same when content was fetched, which is the inode's from now on.
   *
   * <p>A page is not filled from it. A program that asks for no attributes first (sendfile, splice,
   * a page fault) goes by a size that is a guess, or that of another content; the kernel would
   * correct it by a short read, but only if no thread was told of the file since the read was asked
   * for. A read that fails is read-ahead for the kernel: it finds the page not filled, and asks for
   * that page again at once, which no program notices. That read is asked for after everything that
   * could spoil the correction.
   */
  public Decision fetched(KernelRequest request, Content content, Purpose purpose) {
    Inode inode = request.inode;
    replies.tell(request, inode, ticker.read());
    request.content = contents.keepFetched(request, inode, content, request.changesBefore);
    return purpose == Purpose.PAGE ? refuse(request) : serve(request, purpose);
  }

  private Decision serve(KernelRequest request, Purpose purpose) {
    CachedContent content = request.content;
    if (purpose == Purpose.ATTRIBUTES) {
      sizes.settle(request, request.inode);
    }
    replies.reads(request, request.inode);
    if (purpose != Purpose.ATTRIBUTES) {
      content.read = true;
    }
    // Attributes alone may be overtaken, so that pages of before are read: they count as a read
    // once the kernel has asked for this content's pages.
    if (content.read) {
      polls.isRead(request.inode, request.thread, content);
    }
    return Decision.SERVE;
  }

  private Decision refuse(KernelRequest request) {
    sizes.settleRefused(request.inode);
    replies.reads(request, request.inode);
    return Decision.REFUSE;
  }

  /** What the file is to those programs that have its inode open; null if that is to be fetched. */
  private CachedContent held(KernelRequest request) {
    writes.asks(request);
    CachedContent cached = request.inode.content();
    Content current = files.cached(request.inode.node);
    long now = ticker.read();
    return contents.isHeld(request, request.inode, cached, current, now) ? cached : null;
  }

  /** What a read of the file is answered from; null if the kernel was told of none. */
  private CachedContent serving(Inode inode) {
    CachedContent cached = inode.content();
    return cached != null && (inode.frozen || cached.serves(ticker.read())) ? cached : null;
  }

  /**
   * Writes the fuse_attr of the content that a request is served with, even if that may not be
   * kept. Of what is polled, or written, the kernel keeps nothing: every read is seen.
   *
   * @return for how long the kernel may keep it, in nanoseconds
   */
  public long putServedAttr(ByteBuffer out, int at, KernelRequest request) {
    return attributes.putOf(request.inode, request.content, out, at);
  }

  /**
   * Writes the fuse_attr of an inode, fetching nothing.
   *
   * @return for how long the kernel may keep it, in nanoseconds
   */
  public long putAttr(KernelRequest request, ByteBuffer out, int at, Inode inode) {
    return inode.node.isDirectory()
        ? listings.putAttr(out, at, inode)
        : attributes.put(request, out, at, inode);
  }

  /**
   * Counts one look-up of a node. An inode stands for one content: if there is other content now,
   * or none, what there was stays with its inode, and the node gets another one. Content that is
   * the same keeps its inode, and the kernel its pages.
   */
  public Inode lookUp(KernelRequest request, Node node, Inode parent, String name) {
    if (node instanceof TextFile.Growing file) {
      return growing.lookUp(file, parent, name);
    }
    Inode inode = inodes.lookUp(node, parent, name);
    CachedContent cached = inode.content();
    if (cached == null) {
      return inode;
    }
    long now = ticker.read();
    int changesBefore = changes.of(inode);
    Content current = files.cached(node);
    if (current != null && cached.isSame(current)) {
      if (!cached.endures(now + Times.LEAST)) {
        // A program that opens it now must have time to read it whole, also if newer content is
        // just coming.
        var unused = contents.keep(request, inode, current, changesBefore);
      }
      return inode;
    }
    contents.supersede(inode, cached, now);
    if (cached.endures(now + Times.LEAST) && replies.isListed(inode.parent, request, now)) {
      // A thread that lists the directory may be about to bring this one back, and would read it
      // after another has read what is newer. There must be time to read it whole.
      return inode;
    }
    inodes.retire(inode);
    Inode next = inodes.lookUp(node, parent, name);
    inodes.forget(inode.id, 1);
    return next;
  }

  /**
   * What a read of a file that grows gives; null if the file does not grow.
   *
   * @param most octets at most
   */
  public byte[] readGrowing(KernelRequest request, long offset, int most) {
    GrowingContent content = request.inode.growing();
    return content == null ? null : content.read(request.thread, offset, most);
  }

  /**
   * As {@link #putAttr} of a file that grows. The kernel asks at each look.
   *
   * @param isRead whether the thread that asks is about to read it
   */
  public long putGrowingAttr(KernelRequest request, ByteBuffer out, int at, boolean isRead) {
    return growing.putAttr(request, out, at, request.inode, isRead);
  }

  /**
   * Writes the fuse_entry_out of an inode. A file's name is not valid for longer than the content
   * it was told, so that a program that opens it after that asks first.
   */
  public void putEntry(
      KernelRequest request, ByteBuffer out, int at, Inode inode, long entryValidNanos) {
    long attrValid = putAttr(request, out, at + AttrDescriptor.ENTRY_OUT_ATTR, inode);
    boolean told = inode.content() != null;
    long entryValid = told ? Math.min(entryValidNanos, attrValid) : entryValidNanos;
    AttrDescriptor.putEntryOut(out, at, inode.id, entryValid, attrValid);
  }

  /**
   * Whether a file holds something else than what was read through an open file, for poll(2).
   *
   * @param requester the requester that the watch is for, if it is the first to wait
   * @param handle the kernel's number for the open file
   * @param waits whether it is to be woken at the next change if not
   */
  public boolean isChanged(KernelRequest request, Requester requester, long handle, boolean waits) {
    GrowingContent content = request.inode.growing();
    if (content != null) {
      return content.isChanged(request.thread, handle, waits);
    }
    return polls.isChanged(requester, request.inode, request.thread, handle, waits);
  }

  /**
   * A program opened a file to write it whole: until it does so, the file is what it was. Writes
   * the fuse_attr of that; the kernel is to keep it for no time.
   */
  public void announceWrite(KernelRequest request, ByteBuffer out, int at) {
    Inode inode = request.inode;
    int edition = writes.announced(inode);
    putAttr(request, out, at, inode);
    writes.toldInPassing(inode, edition);
  }

  /** How many open files are known to be polled. */
  public long polled() {
    return polls.size();
  }

  /** Makes the kernel give inodes back if there are too many; after some may have been added. */
  public void checkBound() {
    bound.check();
  }

  /** Watches nothing any more. */
  public void close() {
    polls.close();
  }
}
