package org.aeiou.daemon.portable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.shard.DynamicThreshold;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.service.write.Author;

/**
 * The place where threads of libfuse wait for outcomes, because its high-level interface wants the
 * answer as a return value. A hit never comes here to wait; a miss parks its thread, up to a bound
 * on all threads, of which one user's leave some for others.
 *
 * <p>A wait has no deadline of its own: every request of the file system ends in an outcome. It
 * ends sooner if the caller was sent a signal, the mount ended, or {@link #stop} was called; the
 * request is then cancelled, and its outcome goes nowhere.
 *
 * <p>libfuse can say that a caller was interrupted only to the thread of the call, and only when
 * asked; so a parked thread wakes up every {@link #LOOK_AROUND_NANOS} to ask. The alternative, its
 * option {@code intr}, sends POSIX signals to threads of the JVM, which would not end a park
 * anyway.
 */
final class Waits {
  static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** A request, as yet without closure and context. */
  @FunctionalInterface
  interface Submission<V> {
    Request submit(Closure<V, Wait<V>> closure, Wait<V> context);
  }

  /** One thread that waits for one outcome. */
  static final class Wait<V> {
    private final Thread thread = Thread.currentThread();
    private volatile Outcome<V> outcome;

    private void arrived(Outcome<V> outcome) {
      this.outcome = outcome;
      LockSupport.unpark(thread);
    }
  }

  private final int most;
  private final Caller caller;
  private final PortableCounters counts;
  private final AtomicInteger parked = new AtomicInteger();
  private final Set<Wait<?>> waiting = ConcurrentHashMap.newKeySet();

  /** How many of them each user has, by the user's number. */
  private final Map<Integer, Integer> ofUsers = new ConcurrentHashMap<>();

  private volatile boolean stopped;

  /**
   * @param most how many threads may wait at once, 1 or more
   */
  Waits(int most, Caller caller, PortableCounters counts) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "most waiting: " + most + " threads; at least 1 must be allowed to wait for a miss");
    }
    this.most = most;
    this.caller = caller;
    this.counts = counts;
  }

  /** The number of the user that the current thread asks for. */
  int uid() {
    return caller.uid();
  }

  /** The process that the current thread asks for. */
  Author author() {
    return new Author(caller.uid(), caller.pid());
  }

  /**
   * Asks, waits if it must, and returns the value of the reading.
   *
   * @throws Refused with the error number of any other outcome; with {@code EAGAIN}, at once, if
   *     too many wait already
   */
  <V> V await(Submission<V> submission) throws Refused {
    Wait<V> wait = new Wait<>();
    Request request =
        submission.submit((context, outcome, delayed) -> context.arrived(outcome), wait);
    Outcome<V> outcome;
    if (request == Request.IMMEDIATE) {
      counts.hits.increment();
      outcome = wait.outcome;
    } else {
      counts.misses.increment();
      int uid = caller.uid();
      try {
        outcome = enter(uid) ? park(wait, request) : giveUp(request, Failure.Reason.OVERLOADED);
      } finally {
        leave(uid);
      }
    }
    return value(outcome);
  }

  /**
   * The same for what cannot be withdrawn once it was asked: if too many wait already it is not
   * asked.
   */
  <V> V awaitInPlace(Submission<V> submission) throws Refused {
    int uid = caller.uid();
    try {
      if (!enter(uid)) {
        throw new Refused(Errno.EAGAIN);
      }
      Wait<V> wait = new Wait<>();
      Request request =
          submission.submit((context, outcome, delayed) -> context.arrived(outcome), wait);
      return value(request == Request.IMMEDIATE ? wait.outcome : park(wait, request));
    } finally {
      leave(uid);
    }
  }

  private static <V> V value(Outcome<V> outcome) throws Refused {
    if (outcome instanceof Reading<V> reading) {
      return reading.value();
    }
    throw new Refused(Errno.of(outcome));
  }

  /** Whether the current thread may wait. It leaves in either case. */
  private boolean enter(int uid) {
    int now = parked.incrementAndGet();
    int ofUser = ofUsers.merge(uid, 1, Integer::sum);
    if (!DynamicThreshold.allows(ofUser, most - now)) {
      counts.refused.increment();
      return false;
    }
    counts.mostWaiting.accumulate(now);
    return true;
  }

  private void leave(int uid) {
    parked.decrementAndGet();
    ofUsers.computeIfPresent(uid, (same, count) -> count == 1 ? null : count - 1);
  }

  private <V> Outcome<V> park(Wait<V> wait, Request request) {
    waiting.add(wait);
    try {
      while (wait.outcome == null) {
        // Asked after adding to the set: either this sees the stop, or the stop sees the wait.
        if (stopped || caller.gone()) {
          counts.stopped.increment();
          return giveUp(request, Failure.Reason.STOPPED);
        }
        if (caller.interrupted()) {
          counts.interrupted.increment();
          return giveUp(request, Failure.Reason.CANCELLED);
        }
        LockSupport.parkNanos(this, LOOK_AROUND_NANOS);
        // No thread interrupts those of libfuse on purpose; a set flag would make parking spin.
        Thread.interrupted();
      }
      return wait.outcome;
    } finally {
      waiting.remove(wait);
    }
  }

  /** What the caller is told, whatever comes of the request this instant. */
  private static <V> Outcome<V> giveUp(Request request, Failure.Reason reason) {
    request.cancel();
    return new Failure<>(reason, "given up by the channel");
  }

  /** How many threads wait now. */
  int now() {
    return Math.min(parked.get(), most);
  }

  /** Ends every wait, and every one to come, with {@link Failure.Reason#STOPPED}. */
  void stop() {
    stopped = true;
    waiting.forEach(wait -> LockSupport.unpark(wait.thread));
  }
}
