package org.aeiou.closures.scheduler;

/**
 * How many items one exchange with a system may carry, as learned. Used by the owner of the system
 * only.
 *
 * <ul>
 *   <li>An answer that did not fit into a message halves it.
 *   <li>So do time-outs that go away with size: when twice, with no answer of that size in between,
 *       a batch was not answered and a smaller one then was. That is why a batch is tried again in
 *       smaller parts. Once is a lost packet.
 *   <li>{@value #FULL_BATCHES_TO_GROW} full batches in a row that were answered add one, up to the
 *       configured number.
 * </ul>
 */
final class BatchLimit {
  private static final int FULL_BATCHES_TO_GROW = 8;
  private static final int DOUBTS_TO_SHRINK = 2;

  private int most;
  private int limit;
  private int fullBatches;

  /** The smallest batch that was not answered since one of that size was; 0 if there is none. */
  private int doubtful;

  /** Whether a smaller one was answered since then. */
  private boolean smallerAnswered;

  private int doubts;

  BatchLimit(int most) {
    this.most = most;
    this.limit = most;
  }

  /** Changes the configured number; what was learned is kept as far as it goes. */
  void most(int configured) {
    limit = limit == most ? configured : Math.min(limit, configured);
    most = configured;
  }

  int get() {
    return limit;
  }

  /** How many items an exchange may carry whose first one failed so many times before. */
  int afterFailures(int failedAttempts) {
    return Math.max(1, limit >> Math.min(failedAttempts, Integer.SIZE - 1));
  }

  /** An answer about {@code size} items did not fit into a message. */
  void tooBig(int size) {
    shrinkBelow(size);
  }

  /** An exchange of {@code size} items was not answered. */
  void unanswered(int size) {
    if (size > 1) {
      doubtful = doubtful == 0 ? size : Math.min(doubtful, size);
      smallerAnswered = false;
      fullBatches = 0;
    }
  }

  /** An exchange of {@code size} items was answered. */
  void answered(int size) {
    if (size >= doubtful) {
      trust();
    } else if (!smallerAnswered) {
      smallerAnswered = true;
      if (++doubts >= DOUBTS_TO_SHRINK) {
        shrinkBelow(doubtful);
      }
    }
    if (size >= limit && limit < most && ++fullBatches >= FULL_BATCHES_TO_GROW) {
      limit++;
      fullBatches = 0;
    }
  }

  private void shrinkBelow(int size) {
    // By the size that failed, not the limit: two exchanges that fail together halve it once.
    limit = Math.max(1, Math.min(limit, size / 2));
    fullBatches = 0;
    trust();
  }

  private void trust() {
    doubtful = 0;
    smallerAnswered = false;
    doubts = 0;
  }
}
