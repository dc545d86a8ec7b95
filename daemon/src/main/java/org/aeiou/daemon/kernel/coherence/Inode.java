package org.aeiou.daemon.kernel.coherence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.tree.Node;

/**
 * A node that the kernel knows: what its node id stands for.
 *
 * <p>About 72 bytes, two slots of the {@link InodeTable} and the node itself: a million are looked
 * up by one {@code find}. What the kernel is told of its contents comes on top, once it is read.
 */
public final class Inode {
  private static final VarHandle KEPT_BYTES;
  private static final int GONE = -1;
  private static final int OWNER_WRITES = 0200;

  static {
    try {
      KEPT_BYTES = MethodHandles.lookup().findVarHandle(Inode.class, "keptBytes", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The kernel's name for it, never used twice. */
  public final long id;

  /** What stat and directory listings show; the same after it was forgotten and found again. */
  public final long ino;

  /** What it was found in; the root is in itself. */
  public final Inode parent;

  public final Node node;

  /** Of the node; spread, so that any bits of it may choose a slot. */
  final int hash;

  /** Look-ups the kernel has to give back. Guarded by the table's shard of the node. */
  long lookups;

  /**
   * Whether it no longer stands for the node: the next look-up finds another. Guarded like the
   * look-ups.
   */
  boolean retired;

  /** Whether a program polls it: then it moves on to newer content at once. */
  volatile boolean polled;

  /** Whether a program writes through it, or did: then its editions are those of {@link Writes}. */
  volatile boolean written;

  /** Whether its pages may be what a program wrote: then the kernel keeps nothing of it. */
  volatile boolean unsettled;

  /**
   * Whether a write through it is not over for the kernel. Until then the kernel may take in no
   * attributes of it, so that it stays with the content that it has.
   */
  volatile boolean frozen;

  /** Whether the kernel was told that it may be written. */
  volatile boolean writableTold;

  /**
   * Until when the kernel may keep the attributes it was told last, by the ticker; only for
   * directories. Written after the attributes are known and before they are sent; a race with
   * another reply costs a notification too many or leaves the listing to its own time.
   */
  volatile long attributesUntil;

  /**
   * The size that the kernel goes by, as far as it was told or has found out by a short read; only
   * for files. Written before it is sent.
   */
  volatile long sizeTold;

  /**
   * What the kernel was told of its contents. It is published whole, by a volatile write; the
   * volatile read of each thread that serves from it pairs with that. Null before the kernel was
   * told.
   */
  private volatile KernelCached cached;

  @SuppressWarnings("unused") // through KEPT_BYTES
  private volatile int keptBytes;

  /** An inode; {@code parent} is null for the root. */
  Inode(long id, long ino, Inode parent, Node node, int hash) {
    this.id = id;
    this.ino = ino;
    this.parent = parent == null ? this : parent;
    this.node = node;
    this.hash = hash;
  }

  /** Whether the kernel is to keep nothing of it, so that each of its readers asks. */
  boolean isApart() {
    return polled || unsettled;
  }

  /** Writes its fuse_attr. */
  void putAttr(ByteBuffer out, int at, Attributes attributes, int edition) {
    boolean writable = (attributes.mode() & OWNER_WRITES) != 0;
    if (writable != writableTold) {
      writableTold = writable;
    }
    AttrDescriptor.putAttr(
        out,
        at,
        ino,
        attributes.size(),
        attributes.mode(),
        attributes.uid(),
        attributes.gid(),
        attributes.links(),
        attributes.takenMillis(),
        attributes.changedMillis(),
        edition);
  }

  CachedContent content() {
    return cached instanceof CachedContent content ? content : null;
  }

  CachedListing listing() {
    return cached instanceof CachedListing listing ? listing : null;
  }

  /** Null of what does not grow. */
  GrowingContent growing() {
    return cached instanceof GrowingContent growing ? growing : null;
  }

  /**
   * Changes to what is kept are made one at a time, holding this inode's monitor.
   *
   * @return how many bytes more that takes, for the table to count
   */
  int keep(KernelCached now) {
    cached = now;
    int before = (int) KEPT_BYTES.getVolatile(this);
    // An inode that has left the table counts for nothing: a late reply may still come here.
    boolean counts = before != GONE && KEPT_BYTES.compareAndSet(this, before, now.bytes());
    return counts ? now.bytes() - before : 0;
  }

  /** Takes note that it leaves the table; returns how many bytes what it keeps has counted for. */
  int gone() {
    return (int) KEPT_BYTES.getAndSet(this, GONE);
  }
}
