package org.aeiou.daemon.kernel;

import org.aeiou.daemon.service.FileSystem.Attributes;

/**
 * The content of a file whose size the kernel was told: the read that comes next is served from it,
 * so that size and content belong to the same reading.
 */
final class KeptContent implements Kept {
  /**
   * For how long the read behind a promised size may take to come, in nanoseconds. It is there for
   * content that may not be kept at all, and for a time to live that ends between the two.
   */
  private static final long PROMISE_NANOS = 1_000_000_000L;

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
    this.validNanos = validNanos;
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
    return superseded ? 0 : validNanos - (nowNanos - sinceNanos);
  }

  /** Whether a read now is answered from it. */
  boolean serves(long nowNanos) {
    return !superseded && nowNanos - sinceNanos < Math.max(validNanos, PROMISE_NANOS);
  }
}
