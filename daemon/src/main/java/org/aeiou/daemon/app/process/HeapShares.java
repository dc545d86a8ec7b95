package org.aeiou.daemon.app.process;

/**
 * What of the heap may go to what grows; beside it an eighth is for answers that are not in the
 * cache yet. What is left, a fifth at least, is for what lives briefly, for the collector, and for
 * what is as large as the configuration. With 2 GiB a million requests can be pending.
 *
 * @param heapBytes how large the heap may become
 */
public record HeapShares(long heapBytes) {
  /** A request of an attached program, all that is held for it in the heap; measured. */
  private static final int PENDING_BYTES = 550;

  /** In a small heap pending requests make collections frequent long before they fill it. */
  private static final long SMALL_BYTES = 512L << 20;

  private static final int LEAST_PENDING = 4096;

  /** What a daemon takes that has nothing to do; measured: 12 MB. */
  private static final long IDLE_BYTES = 16L << 20;

  private static final long LEAST_BYTES = 2L << 20;

  public static HeapShares ofThisProcess() {
    return new HeapShares(Runtime.getRuntime().maxMemory());
  }

  /** For what was read lately. */
  public long cacheBytes() {
    return share(20);
  }

  /** For what the kernel knows. */
  public long inodeBytes() {
    return share(12);
  }

  /** How many requests may be pending, of those that the configuration allows. */
  public int pending(int configured) {
    long beyond = Math.max(0, heapBytes - SMALL_BYTES);
    long bytes = (usable() - beyond) / 100 * 12 + beyond / 100 * 37;
    return (int) Math.min(configured, Math.max(LEAST_PENDING, bytes / PENDING_BYTES));
  }

  /** How many paths are remembered for attached programs; each takes some 300 bytes. */
  public int paths(int most) {
    return (int) Math.min(most, share(3) / 300);
  }

  private long share(int percent) {
    return usable() / 100 * percent;
  }

  private long usable() {
    return Math.max(LEAST_BYTES, heapBytes - IDLE_BYTES);
  }
}
