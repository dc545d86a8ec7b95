package org.aeiou.closures.learning;

import java.util.List;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;

/**
 * How many items one exchange with a system may carry, as learned.
 *
 * <ul>
 *   <li>An answer that did not fit into a message halves it.
 *   <li>So do time-outs that go away with size: when twice, with no answer of that size in between,
 *       a batch was not answered and a smaller one then was. That is why a batch is tried again in
 *       smaller parts. Once is a lost packet.
 *   <li>{@value #FULL_BATCHES_TO_GROW} full batches in a row that were answered raise it: halfway
 *       to the smallest size that is known to fail, until that is the next one. What is known to
 *       fail is forgotten when the limit's {@link Trust} is over, or when as many are answered.
 * </ul>
 */
public final class BatchLimit {
  private static final int FULL_BATCHES_TO_GROW = 8;
  private static final int DOUBTS_TO_SHRINK = 2;

  /** Names and values of so many fit into 484 bytes, which each agent takes (RFC 3417). */
  private static final int FIRST_QUESTION = 4;

  private int most;
  private int limit;
  private boolean isFirstQuestion;
  private int fullBatches;

  /** The smallest size that is known to fail; 0 if there is none. */
  private int failing;

  /** A size that was answered {@value #FULL_BATCHES_TO_GROW} times in a row; 0 if there is none. */
  private int proven;

  private int largestAnswered;

  private final Trust trust = new Trust();

  /** The smallest batch that was not answered since one of that size was; 0 if there is none. */
  private int doubtful;

  /** Whether a smaller one was answered since then. */
  private boolean smallerAnswered;

  private int doubts;

  /** The limit as {@link #changes} said it last, and why it is another one now. */
  private int told;

  private String why;

  BatchLimit(int most) {
    this.most = most;
    this.limit = most;
    this.told = most;
  }

  /** Changes the configured number; what was learned is kept as far as it goes. */
  void most(int configured) {
    limit = limit == most ? configured : Math.min(limit, configured);
    most = configured;
    told = limit;
  }

  public int get() {
    return limit;
  }

  /** Whether a message of so many items, if it is lost, is not lost for its size. */
  boolean isSureToFit(int size) {
    return size <= (proven > 0 && limit < most ? proven : largestAnswered);
  }

  /** Null if nothing was learned. */
  Learned.Bound learned() {
    return limit < most ? new Learned.Bound(limit, trust.duration()) : null;
  }

  /** Takes what was learned in an earlier life; null for nothing. */
  void restore(Learned.Bound bound, long nowNanos) {
    believe();
    limit = most;
    failing = 0;
    proven = 0;
    fullBatches = 0;
    largestAnswered = 0;
    trust.reset();
    if (bound != null && bound.value() >= 1 && bound.value() < most) {
      limit = (int) bound.value();
      proven = limit;
      failing = limit + 1;
      trust.restore(bound.trusted(), nowNanos);
    }
    told = limit;
  }

  /** What was learned since this was asked last. */
  public List<LimitChange> changes() {
    if (limit == told) {
      return List.of();
    }
    int before = told;
    told = limit;
    return List.of(new LimitChange(LimitChange.Kind.BATCH, before, limit, why));
  }

  /** What was not answered may have been asked too fast: it is found out anew what fails. */
  void reconsider() {
    failing = 0;
    believe();
  }

  /** How many items an exchange may carry whose first one failed so many times before. */
  public int afterFailures(int failedAttempts) {
    int most = isFirstQuestion ? Math.min(limit, FIRST_QUESTION) : limit;
    return Math.max(1, most >> Math.min(failedAttempts, Integer.SIZE - 1));
  }

  /**
   * Says whether the next exchange is to find out whether the system answers at all: then it is a
   * small one, as the silence may have been about the size of those before.
   */
  public void isFirstQuestion(boolean is) {
    isFirstQuestion = is;
  }

  /** An answer about {@code size} items did not fit into a message. */
  public void tooBig(int size, long nowNanos) {
    if (size > 1) {
      why = "an answer about " + size + " did not fit into a message";
      shrinkBelow(size, nowNanos);
    }
  }

  /** An exchange of {@code size} items was not answered. */
  public void unanswered(int size) {
    if (size > 1) {
      doubtful = doubtful == 0 ? size : Math.min(doubtful, size);
      smallerAnswered = false;
      fullBatches = 0;
    }
  }

  /** An exchange of {@code size} items was answered. */
  public void answered(int size, long nowNanos) {
    if (size >= doubtful) {
      believe();
    } else if (!smallerAnswered) {
      smallerAnswered = true;
      if (++doubts >= DOUBTS_TO_SHRINK) {
        why = "it does not answer " + doubtful + " at once, and fewer it does";
        shrinkBelow(doubtful, nowNanos);
      }
    }
    largestAnswered = Math.max(largestAnswered, size);
    if (size >= failing) {
      failing = 0;
    }
    if (size >= limit && ++fullBatches >= FULL_BATCHES_TO_GROW) {
      grow(nowNanos);
    }
  }

  private void grow(long nowNanos) {
    fullBatches = 0;
    proven = limit;
    if (limit >= most) {
      trust.reset();
      return;
    }
    if (failing == limit + 1 && trust.isOver(nowNanos)) {
      failing = 0;
    }
    why = "it answers " + limit + " at once";
    // Above what was found out, one at a time; below it, where the search is faster, by halves.
    limit = failing == 0 ? limit + 1 : (limit + failing) / 2;
  }

  private void shrinkBelow(int size, long nowNanos) {
    largestAnswered = Math.min(largestAnswered, size - 1);
    // By the size that failed, not the limit: two exchanges that fail together halve it once.
    int next = proven > 0 && proven < size ? proven : Math.max(1, size / 2);
    if (next < limit || size <= limit) {
      limit = Math.min(limit, next);
      if (proven == limit) {
        trust.grow(nowNanos);
      } else {
        proven = 0;
        trust.begin(nowNanos);
      }
    }
    failing = failing == 0 ? size : Math.min(failing, size);
    fullBatches = 0;
    believe();
  }

  private void believe() {
    doubtful = 0;
    smallerAnswered = false;
    doubts = 0;
  }
}
