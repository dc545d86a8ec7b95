package org.aeiou.daemon.kernel;

import org.aeiou.daemon.service.FileSystem.Attributes;

/**
 * The content of a file whose size the kernel was told: what is read next is served from it, so
 * that size and content belong to the same reading, and so do the first and the last byte that one
 * reader gets.
 *
 * <p>It is <em>valid</em> for as long as the reading is. For a moment longer it <em>endures</em>:
 * nobody who opens the file then gets it, because the name's validity ended with it and the look-up
 * finds another inode; only who has the file open already, and may be in the middle of it, does.
 */
final class KeptContent implements Kept {
  /** For how long a reader is granted to go on to the end, in nanoseconds. */
  static final long MOMENT_NANOS = 1_000_000_000L;

  /** Nobody may change it. */
  final byte[] bytes;

  /** As they were when the content came; the size in them does not count. */
  final Attributes attributes;

  private final int edition;
  private final long sinceNanos;
  private final long validNanos;

  /**
   * Whether the kernel was told newer attributes meanwhile. A read that comes after these belongs
   * to them. Set before they are sent; read after the kernel has seen them and asked again.
   */
  private volatile boolean superseded;

  KeptContent(byte[] bytes, Attributes attributes, int edition, long sinceNanos, long validNanos) {
    this.bytes = bytes;
    this.attributes = attributes;
    this.edition = edition;
    this.sinceNanos = sinceNanos;
    this.validNanos = Math.max(0, validNanos);
  }

  @Override
  public int edition() {
    return edition;
  }

  void supersede() {
    superseded = true;
  }

  /** For how long the kernel may keep it, in nanoseconds; nothing if not positive. */
  long remaining(long nowNanos) {
    return validNanos - (nowNanos - sinceNanos);
  }

  /** Whether it is what the file is, for those who have it open. */
  boolean endures(long nowNanos) {
    return !superseded && remaining(nowNanos) > -MOMENT_NANOS;
  }

  /** Whether a read now is answered from it: a size told at the last moment has its content. */
  boolean serves(long nowNanos) {
    return !superseded && remaining(nowNanos) > -2 * MOMENT_NANOS;
  }
}
