package org.aeiou.daemon.attach.completion;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The tables that are to be written for one client, one after the other, each in slices. Any
 * thread.
 */
public final class AnswersInTurns {
  /** So many attributes are written at once: about a tenth of a millisecond's work. */
  public static final int SLICE = 1024;

  /** So many attributes of one client may wait to be written; each takes a reference. */
  private static final long MOST_WAITING = 8L << 20;

  /** An outcome that takes long to write. For one thread at a time. */
  public interface Sliced {
    /** About how many attributes it has. */
    long attributes();

    /**
     * Writes about so many attributes more, and ends the request with the last.
     *
     * @return whether there are more
     */
    boolean write(int most, long nowNanos);

    /** Ends the request without it: there is no room. */
    void refuse(String why);

    /** Ends the request after a defect. */
    void fault(Throwable cause);
  }

  private final Deque<Sliced> waiting = new ArrayDeque<>();

  private long attributes;

  public void add(Sliced answer, Executor turns, LongSupplier nowNanos) {
    boolean isFirst;
    boolean isTooMuch;
    synchronized (this) {
      isFirst = waiting.isEmpty();
      isTooMuch = !isFirst && attributes + answer.attributes() > MOST_WAITING;
      if (!isTooMuch) {
        waiting.add(answer);
        attributes += answer.attributes();
      }
    }
    if (isTooMuch) {
      answer.refuse(attributes + " attributes wait for this program; ask for fewer tables at once");
    } else if (isFirst) {
      turns.execute(() -> write(turns, nowNanos));
    }
  }

  private void write(Executor turns, LongSupplier nowNanos) {
    Sliced answer;
    synchronized (this) {
      answer = waiting.element();
    }
    boolean isMore = false;
    try {
      isMore = answer.write(SLICE, nowNanos.getAsLong());
    } catch (RuntimeException | Error e) {
      answer.fault(e);
    }
    boolean isIdle;
    synchronized (this) {
      if (!isMore) {
        waiting.remove();
        attributes -= answer.attributes();
      }
      isIdle = waiting.isEmpty();
    }
    if (!isIdle) {
      turns.execute(() -> write(turns, nowNanos));
    }
  }
}
