package org.aeiou.closures.scheduler;

/**
 * How many items one exchange with a system may carry, as learned: halved when an answer did not
 * fit, one more after {@value #FULL_BATCHES_TO_GROW} full batches in a row that did. Used by the
 * owner of the system only.
 */
final class BatchLimit {
  private static final int FULL_BATCHES_TO_GROW = 8;

  private final int most;
  private int limit;
  private int fullBatches;

  BatchLimit(int most) {
    this.most = most;
    this.limit = most;
  }

  int get() {
    return limit;
  }

  /** An answer about {@code size} items did not fit into a message. */
  void tooBig(int size) {
    // By the size that failed, not the limit: two exchanges that fail together halve it once.
    limit = Math.max(1, Math.min(limit, size / 2));
    fullBatches = 0;
  }

  /** An exchange of {@code size} items was answered. */
  void answered(int size) {
    if (size >= limit && limit < most && ++fullBatches >= FULL_BATCHES_TO_GROW) {
      limit++;
      fullBatches = 0;
    }
  }
}
