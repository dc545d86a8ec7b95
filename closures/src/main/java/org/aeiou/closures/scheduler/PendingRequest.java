package org.aeiou.closures.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.Timer;
import org.aeiou.closures.shard.User;
import org.aeiou.closures.shard.Withdrawals;

/**
 * One accepted miss, all of it: the mail that brings it to its shard, the timer of its deadline, a
 * node in its fetch's list of waiters, and what the requester holds.
 *
 * <p>Its state goes one way, WAITING → (WITHDRAWN →) DONE, and the thread that makes it DONE runs
 * the closure: that is what makes the outcome the only one.
 */
final class PendingRequest<K, V> extends Timer implements Request, Withdrawals.Withdrawn {
  private static final int WAITING = 0;
  private static final int WITHDRAWN = 1;
  private static final int DONE = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(PendingRequest.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The system that it is made to. All but {@link #shard} is called by the owner of the shard. */
  interface Owner<K, V> {
    Shard shard();

    /** What messages call it. */
    String name();

    /** A request has come. */
    void accept(PendingRequest<K, V> request);

    /** Where those wait that were withdrawn. Any thread. */
    Withdrawals withdrawals();

    /** It was withdrawn. */
    void withdrawn(PendingRequest<K, V> request);

    /** Its deadline passed. */
    void deadlinePassed(PendingRequest<K, V> request);

    /** It has its outcome. */
    void left(PendingRequest<K, V> request);
  }

  private final Owner<K, V> system;
  final Requester requester;

  /** Whether it goes before what is in the background. */
  final boolean interactive;

  /** Whether its requester waits for it, in the background or not. */
  final boolean awaited;

  /** What is wanted; null once it waits for a fetch, so that equal keys are kept once. */
  K key;

  /**
   * Where its outcome is kept, as its requester said; null once it waits for a fetch, or unsaid.
   */
  Object keeping;

  /** What it waits for, and its neighbours there; owner only. */
  Fetch<K, V> fetch;

  PendingRequest<K, V> earlier;
  PendingRequest<K, V> later;

  /** Its neighbour among those that were withdrawn, until the shard has looked. */
  private Withdrawals.Withdrawn withdrawnBefore;

  /** What it is counted in from the time it is taken in until its outcome; owner only. */
  UserShare.Flow<K, V> flow;

  /** Where it waits for an exchange, and its neighbours there; owner only. */
  FlowQueue<K, V> place;

  PendingRequest<K, V> ahead;
  PendingRequest<K, V> behind;

  private Closure<V, Object> closure;
  private Object context;

  /** When it was submitted, by the ticker. */
  final long askedNanos;

  @SuppressWarnings("unused") // through STATE
  private volatile int state;

  PendingRequest(
      Owner<K, V> system,
      Requester requester,
      K key,
      Object keeping,
      boolean awaited,
      long deadlineNanos,
      long askedNanos,
      Closure<V, Object> closure,
      Object context) {
    this.askedNanos = askedNanos;
    this.system = system;
    this.requester = requester;
    this.key = key;
    this.keeping = keeping;
    this.awaited = awaited;
    this.interactive = awaited && !requester.isInBackground();
    this.dueNanos = deadlineNanos;
    this.closure = closure;
    this.context = context;
  }

  @Override
  public void cancel() {
    // Only the first call posts. Losing to DONE means that the outcome came first.
    if (STATE.compareAndSet(this, WAITING, WITHDRAWN)) {
      system.withdrawals().add(this);
    }
  }

  @Override
  public boolean isDone() {
    // Acquire pairs with the getAndSet in take(): a thread that sees DONE may rely on nothing else.
    return (int) STATE.getAcquire(this) == DONE;
  }

  /** The kind of what it waits for. */
  Object kind() {
    return fetch.kind;
  }

  /** By when there must be an outcome, by the scheduler's ticker. */
  long deadlineNanos() {
    return dueNanos;
  }

  /** Whether it has a deadline of its own. */
  boolean hasDeadline() {
    return dueNanos != Long.MAX_VALUE;
  }

  /** Whether its deadline has passed. */
  boolean isPast(long nowNanos) {
    return hasDeadline() && dueNanos - nowNanos <= 0;
  }

  /** Gives up its place among those that wait for an exchange, if it has one. */
  void leaveQueue() {
    if (place != null) {
      place.remove(this);
    }
  }

  /** Whether it is to be withdrawn. */
  boolean isWithdrawn() {
    return (int) STATE.getOpaque(this) == WITHDRAWN;
  }

  @Override
  public void link(Withdrawals.Withdrawn neighbour) {
    withdrawnBefore = neighbour;
  }

  @Override
  public Withdrawals.Withdrawn linked() {
    return withdrawnBefore;
  }

  @Override
  public void withdrawn() {
    system.withdrawn(this);
  }

  /** Arrives at its shard. */
  @Override
  protected void receive() {
    system.accept(this);
  }

  /** Its deadline passed. */
  @Override
  protected void fire() {
    system.deadlinePassed(this);
  }

  /** Ends it on the shard's thread, unless it has its outcome. */
  void end(Outcome<V> outcome) {
    if (take()) {
      system.left(this);
      system.shard().counters().count(outcome);
      run(outcome);
      Runnable afterwards = requester.afterwards();
      if (afterwards != null) {
        system.shard().afterwards(afterwards);
      }
    }
  }

  @Override
  protected User sender() {
    return requester.user();
  }

  @Override
  protected Object about() {
    return system;
  }

  /** Ends it on the thread that found the scheduler closed, unless it has its outcome. */
  @Override
  protected void refused() {
    if (take()) {
      system.shard().counters().stoppedOutside.increment();
      run(
          new Failure<>(
              Reason.STOPPED, "the scheduler stopped before " + system.name() + " was asked"));
      Runnable afterwards = requester.afterwards();
      if (afterwards != null) {
        afterwards.run();
      }
    }
  }

  private boolean take() {
    // Full ordering: of two threads that end it while the scheduler closes, one sees the other.
    if ((int) STATE.getAndSet(this, DONE) == DONE) {
      return false;
    }
    system.shard().bound().giveBack(requester.user());
    return true;
  }

  private void run(Outcome<V> outcome) {
    Closure<V, Object> ending = closure;
    Object given = context;
    // The requester may keep this object long after; it should not keep the rest with it.
    closure = null;
    context = null;
    key = null;
    keeping = null;
    fetch = null;
    try {
      ending.run(given, outcome, true);
    } catch (Throwable e) {
      system.shard().closureFailed(system.name(), e);
    }
  }
}
