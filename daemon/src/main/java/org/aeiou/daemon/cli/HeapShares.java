package org.aeiou.daemon.cli;

/**
 * What of the heap may go to what grows; beside it an eighth is for answers that are not in the
 * cache yet. A third is left for what lives briefly, for the collector, and for what is as large as
 * the configuration.
 *
 * @param heapBytes how large the heap may become
 */
record HeapShares(long heapBytes) {
  /** A request of an attached program, all that is held for it in the heap; measured: 550. */
  private static final int PENDING_BYTES = 640;

  private static final int LEAST_PENDING = 4096;

  /** What a daemon takes that has nothing to do; measured: 12 MB. */
  private static final long IDLE_BYTES = 16L << 20;

  private static final long LEAST_BYTES = 2L << 20;

  static HeapShares ofThisProcess() {
    return new HeapShares(Runtime.getRuntime().maxMemory());
  }

  /** For what was read lately. */
  long cacheBytes() {
    return share(25);
  }

  /** For what the kernel knows. */
  long inodeBytes() {
    return share(15);
  }

  /** How many requests may be pending, of those that the configuration allows. */
  int pending(int configured) {
    return (int) Math.min(configured, Math.max(LEAST_PENDING, share(12) / PENDING_BYTES));
  }

  /** How many paths are remembered for attached programs; each takes some 300 bytes. */
  int paths(int most) {
    return (int) Math.min(most, share(3) / 300);
  }

  private long share(int percent) {
    return Math.max(LEAST_BYTES, heapBytes - IDLE_BYTES) / 100 * percent;
  }
}
