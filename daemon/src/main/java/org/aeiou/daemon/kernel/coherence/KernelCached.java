package org.aeiou.daemon.kernel.coherence;

/**
 * What the kernel was told of an inode's contents.
 *
 * <p>Its <em>edition</em> goes into the nanoseconds of {@code mtime}: Linux keeps the pages of a
 * file, and those of a directory, until its size or {@code mtime} change, and two readings within
 * one millisecond have the same.
 */
sealed interface KernelCached permits CachedContent, CachedListing, GrowingContent {
  /** One more than any edition: it must leave the milliseconds alone. */
  int EDITIONS = 1_000_000;

  int edition();

  /** What it takes in the heap, by estimate. */
  int bytes();

  static int after(int edition) {
    return (edition + 1) % EDITIONS;
  }
}
