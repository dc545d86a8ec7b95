package org.aeiou.closures.group;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;

/**
 * A burst of requests of one requester: begin, submit any number, end. What is in the cache has its
 * outcome inside {@link #submit}; the rest leaves together at {@link #end} and comes back later.
 *
 * <p>One thread submits and ends; any thread may ask for progress, cancel and wait. The group can
 * be used again after its end: a requester keeps one, and in the steady state a hit allocates
 * nothing.
 *
 * <p>How that is done: the source is given a {@link Member} as the context, which carries the
 * requester's closure and context. If the closure ran inside the call, no other object has seen the
 * member and the next request takes it; otherwise it stays with its request, and is kept in a list
 * for {@link #cancel}. The next member keeps the closure and context of the last hit until it is
 * used again, because not storing a reference is what costs nothing.
 *
 * @param <K> what is asked for
 * @param <V> the type of a reading's value
 */
public final class Group<K, V> {
  private static final VarHandle IMMEDIATE = counter("immediate");
  private static final VarHandle DELAYED = counter("delayed");
  private static final VarHandle REFUSED = counter("refused");
  private static final VarHandle ENDED = counter("ended");
  private static final VarHandle FAILED = counter("failed");
  private static final VarHandle FIRST_ERROR = field("firstError", Failure.class);
  private static final VarHandle PENDING = field("pending", Member.class);

  /** Below this many a list with some ended requests in it is not worth sweeping. */
  private static final int SWEEP_FROM = 64;

  private final Source<K, V> source;
  private final Burst burst;

  /** The threads in {@link #await}. */
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

  /** What the next request takes, unless a closure inside a request asks; null after a miss. */
  private Member<V> next;

  /** What requests take that closures make inside other requests. */
  private Member<V> nested;

  private int kept;
  private int sweepAt = SWEEP_FROM;

  // Written by the submitting thread only.
  private long immediate;
  private long delayed;
  private long refused;

  // Written by whichever thread an outcome comes on.
  @SuppressWarnings("unused") // through ENDED
  private long ended;

  @SuppressWarnings("unused") // through FAILED
  private long failed;

  @SuppressWarnings("unused") // through FIRST_ERROR
  private Failure<V> firstError;

  /** Pending requests and some that ended since; written by the submitting thread only. */
  @SuppressWarnings("unused") // through PENDING
  private Member<V> pending;

  private Group(Source<K, V> source) {
    this.source = source;
    this.burst = source.begin();
  }

  /** Begins a group for the calling thread. */
  public static <K, V> Group<K, V> begin(Source<K, V> source) {
    return new Group<>(source);
  }

  /**
   * Submits one request. Never blocks. The closure may submit to this group if it runs immediately.
   *
   * @return {@link Request#IMMEDIATE} if the closure has run inside this call; the pending request
   *     if it will run later; null if the request was refused, and then it never runs
   */
  public <C> Request submit(K key, Closure<V, C> closure, C context) {
    Member<V> member = next;
    if (member == null || member.isTaken()) {
      member = anotherMember();
    }
    member.take(Objects.requireNonNull(closure, "closure"), context);
    Request request;
    try {
      request = source.submit(key, burst, Member.relay(), member);
    } catch (RuntimeException | Error e) {
      // From the closure, if it ran inside the call; else from the source, which then refused, but
      // may have handed the member on before: no other request gets it.
      boolean ran = member.hasRun();
      countEnded(ran, ran ? member : new Member<>(this));
      next = ran || next != member ? next : null;
      throw e;
    }
    if (request == Request.IMMEDIATE || request == null) {
      countEnded(request != null, member);
    } else {
      keep(member, request);
    }
    return request;
  }

  /**
   * How far it is; any thread, at any time, also after the end. A request counts as pending until
   * its closure has returned.
   */
  public Progress progress() {
    // What is taken away is read first, and what it is taken from last: nothing becomes negative.
    // Acquire pairs with the releases in outcome(): a thread that sees an end sees what its closure
    // did.
    long endedNow = (long) ENDED.getAcquire(this);
    long failedNow = (long) FAILED.getOpaque(this);
    long refusedNow = (long) REFUSED.getOpaque(this);
    long immediateNow = (long) IMMEDIATE.getOpaque(this);
    long delayedNow = (long) DELAYED.getOpaque(this);
    return new Progress(
        immediateNow + delayedNow + refusedNow,
        immediateNow,
        delayedNow,
        Math.max(0, delayedNow - endedNow),
        failedNow,
        refusedNow,
        (Failure<?>) FIRST_ERROR.getAcquire(this));
  }

  /** Sends off what was submitted since the last end. */
  public void end() {
    burst.end();
    sweep();
  }

  /** Withdraws everything that is pending; any thread. What is submitted later is not affected. */
  public void cancel() {
    if (source.withdraw(burst)) {
      return;
    }
    // Acquire pairs with the releases in keep() and sweep(): it publishes the member's request.
    Member<?> member = (Member<?>) PENDING.getAcquire(this);
    for (; member != null; member = member.nextKept()) {
      member.request.cancel();
    }
  }

  /**
   * Waits on the calling thread until everything submitted so far has its outcome, and its closure
   * has returned. Any thread, but one that outcomes come on. What is to come must have been sent
   * off, by {@link #end}.
   *
   * @return whether that is so; not if it takes longer
   * @throws IllegalStateException on a thread that outcomes come on, as in a delayed closure:
   *     nothing could come while it waits
   */
  public boolean await(Duration patience) throws InterruptedException {
    return awaitSome(Long.MAX_VALUE, patience);
  }

  /** As {@link #await}, until so many have come since the call, or nothing is pending. */
  public boolean awaitSome(long some, Duration patience) throws InterruptedException {
    if (!source.mayWait()) {
      throw new IllegalStateException(
          "a closure waits for outcomes on the thread that they come on; wait on another one");
    }
    long before = (long) ENDED.getVolatile(this);
    long goal = before + Math.min(some, (long) DELAYED.getVolatile(this) - before);
    Waiter waiter = new Waiter(goal, new CountDownLatch(1));
    // Before looking how many have ended; pairs with outcome(), which counts first and then looks
    // for waiters.
    waiters.add(waiter);
    try {
      return (long) ENDED.getVolatile(this) >= goal
          || waiter.latch.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      waiters.remove(waiter);
    }
  }

  /**
   * A thread that waits.
   *
   * @param goal for so many to have ended
   */
  private record Waiter(long goal, CountDownLatch latch) {}

  /** An outcome came, on any thread. */
  void outcome(Outcome<V> outcome, boolean wasDelayed) {
    if (outcome instanceof Failure<V> failure) {
      FAILED.getAndAdd(this, 1L);
      // Release pairs with the acquire in progress(): it publishes the failure.
      FIRST_ERROR.compareAndSet(this, null, failure);
    }
    if (wasDelayed) {
      // Release pairs with the acquire in progress().
      long endedNow = (long) ENDED.getAndAdd(this, 1L) + 1;
      if (!waiters.isEmpty()) {
        wake(endedNow);
      }
    }
  }

  private void wake(long endedNow) {
    for (Waiter waiter : waiters) {
      if (endedNow >= waiter.goal) {
        waiter.latch.countDown();
      }
    }
  }

  private Member<V> anotherMember() {
    if (next == null) {
      next = new Member<>(this);
      return next;
    }
    Member<V> member = nested;
    if (member == null) {
      return new Member<>(this);
    }
    nested = member.next;
    member.next = null;
    return member;
  }

  /** Nothing is pending of what {@code member} was taken for: it is free again. */
  private void countEnded(boolean ran, Member<V> member) {
    // Opaque, here and below: one writer; readers want a whole, recent value.
    if (ran) {
      IMMEDIATE.setOpaque(this, immediate + 1);
    } else {
      REFUSED.setOpaque(this, refused + 1);
    }
    member.free();
    if (member != next) {
      member.next = nested;
      nested = member;
    }
  }

  private void keep(Member<V> member, Request request) {
    DELAYED.setOpaque(this, delayed + 1);
    if (member == next) {
      next = null;
    }
    member.request = request;
    member.next = pending;
    // Release pairs with the acquire in cancel(): it publishes the request and the link.
    PENDING.setRelease(this, member);
    if (++kept > sweepAt) {
      sweep();
    }
  }

  /** Unlinks what has ended, so that a group that lives long keeps only what is pending. */
  private void sweep() {
    int left = 0;
    Member<V> previous = null;
    for (Member<V> member = pending; member != null; ) {
      Member<V> after = member.next;
      if (!member.request.isDone()) {
        left++;
        previous = member;
      } else if (previous == null) {
        PENDING.setRelease(this, after); // pairs with the acquire in cancel()
      } else {
        previous.setNextKept(after); // a reader still on the old path meets an ended one, no more
      }
      member = after;
    }
    kept = left;
    sweepAt = Math.max(SWEEP_FROM, 2 * left);
  }

  private static VarHandle counter(String name) {
    return field(name, long.class);
  }

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Group.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
