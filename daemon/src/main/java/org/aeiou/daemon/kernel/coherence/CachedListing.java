package org.aeiou.daemon.kernel.coherence;

import java.util.List;
import org.aeiou.daemon.service.FileSystem.Entry;

/**
 * The listing that a directory's readers are paging through, and what is known of the one that the
 * kernel keeps.
 *
 * @param entries for readers that continue; null when none is known to be in the middle
 * @param edition see {@link KernelCached}
 * @param sinceNanos when the listing was served, by the ticker
 * @param validNanos for how long it was valid from then
 * @param names what the names in it hash to, in their order
 * @param expired whether the kernel was told that it is to be read again
 */
record CachedListing(
    List<Entry> entries, int edition, long sinceNanos, long validNanos, int names, boolean expired)
    implements KernelCached {
  private static final int EMPTY_BYTES = 56;

  /** An entry, its node and its name. */
  private static final int ENTRY_BYTES = 120;

  @Override
  public int bytes() {
    return entries == null ? EMPTY_BYTES : EMPTY_BYTES + ENTRY_BYTES * entries.size();
  }

  /** For how long the kernel may keep it, in nanoseconds. */
  long remaining(long nowNanos) {
    return validNanos - (nowNanos - sinceNanos);
  }

  CachedListing withoutEntries() {
    return new CachedListing(null, edition, sinceNanos, validNanos, names, expired);
  }

  /** What is known after the kernel was told to read it again. */
  CachedListing expire() {
    return new CachedListing(
        entries, KernelCached.after(edition), sinceNanos, validNanos, names, true);
  }
}
