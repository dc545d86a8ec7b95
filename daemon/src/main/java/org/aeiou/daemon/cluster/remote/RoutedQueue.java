package org.aeiou.daemon.cluster.remote;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SystemCounts;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * A system's place in the scheduler of a member of a cluster: a queue of its own, by which this
 * member asks it, and one for its owner, which is asked where another member owns it. One of the
 * two is in effect; both are opened when they are needed, on the same shard.
 *
 * <p>What is pending in the queue that is in effect no more is passed on to the other one, whose
 * outcome is its outcome: see {@link Relay}. So each request has the outcome of the queue that it
 * was submitted to, and that has it once.
 *
 * <p>Any thread may call any method; none waits. It is long as the queue of a system has many
 * methods, each of which goes to one of the two or to both.
 */
public final class RoutedQueue implements SystemQueue<Question, Value> {
  /** A walk takes one of them until it ends. */
  private static final int MOST_IN_FLIGHT = 16;

  /**
   * What is asked of the owner is one line there, in which this member's users do not take turns
   * any more: so it is not much.
   */
  private static final int MOST_BATCH = 32;

  /** Never reached: what asks an owner ends what was not answered before. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** What is passed on from one queue to the other waits in that one, as its limits say. */
  private static final int MOST_PASSED = 1024;

  private static final Limits REMOTE = Limits.passedOn(TIMEOUT, MOST_IN_FLIGHT, MOST_BATCH);

  /** Where new requests go. */
  private enum Route {
    /** This member asks the system. */
    OWN,
    /** What is pending is asked, and what is new waits for the next owner. */
    LEAVING,
    /** The system's owner is asked. */
    REMOTE
  }

  private final String name;
  private final CompletionScheduler<Question, Value> scheduler;
  private final RemoteExchanger exchanger;
  private final RelayIntake ownIntake;
  private final RelayIntake remoteIntake;
  private final Relay ownRelay;
  private final Relay remoteRelay;
  private final LazyQueue own;
  private final LazyQueue remote;
  private final Runnable closing;
  private final long openedNanos;

  private volatile Route route = Route.REMOTE;

  /** What the owner said last; null before. */
  private volatile Health told;

  // Guarded by this, as is whatever opens or changes a queue.
  private Limits limits;
  private Budget budget;
  private Learned learned;
  private boolean closed;

  /**
   * A system that another member owns as far as is known.
   *
   * @param asked how this member asks it where it owns it
   * @param exchanger how its owner is asked
   * @param stepOne step 1 of either queue
   * @param closing runs when it is closed
   */
  RoutedQueue(
      String name,
      Limits limits,
      Exchanger<Question, Value> asked,
      RemoteExchanger exchanger,
      CompletionHandler<Question, Value> stepOne,
      CompletionScheduler<Question, Value> scheduler,
      Requester relay,
      Ticker ticker,
      Runnable closing) {
    this.name = name;
    this.limits = limits;
    this.scheduler = scheduler;
    this.exchanger = exchanger;
    this.closing = closing;
    this.own = new LazyQueue(this, this::openOwn);
    this.remote = new LazyQueue(this, this::openRemote);
    this.ownRelay = new Relay(name, false, asked, relay, ticker, remote::get);
    this.remoteRelay = new Relay(name, true, exchanger, relay, ticker, own::get);
    this.ownIntake = new RelayIntake(stepOne, ownRelay);
    this.remoteIntake = new RelayIntake.OfOwner(stepOne, remoteRelay, exchanger.cache());
    this.openedNanos = ticker.read();
  }

  /** Nothing is known, but that an answer that is under way will tell. */
  private Health unknown(int inFlight, int queued) {
    return new Health(
        Health.BreakerState.CLOSED,
        0,
        openedNanos,
        -1,
        0,
        null,
        MOST_BATCH,
        inFlight,
        queued,
        -1,
        null,
        List.of(),
        List.of(),
        Learned.NOTHING);
  }

  // --- which of the two is in effect

  /** This member asks the system from now on, and so what waits for its owner. */
  public void own() {
    change(Route.OWN);
  }

  /**
   * This member asks for what is pending, and for nothing else: what is new waits for a while
   * whether there is another owner.
   */
  public void giveAway() {
    change(Route.LEAVING);
  }

  /** The system's owner is asked from now on, and so for what this member did not ask yet. */
  public void disown() {
    change(Route.REMOTE);
  }

  /** Whether this member asks the system, for those that ask it now. */
  public boolean isOwn() {
    return route == Route.OWN;
  }

  /** The system's own queue, while this member asks it, or for what is pending; else null. */
  public SystemQueue<Question, Value> owned() {
    return route == Route.REMOTE ? null : own.get();
  }

  /** How much this member has to ask, or is asking; a snapshot. */
  public int pendingHere() {
    SystemQueue<Question, Value> queue = own.known();
    if (queue == null) {
      return 0;
    }
    Health health = queue.health();
    return health.inFlight() + health.queued();
  }

  private synchronized void change(Route next) {
    if (closed || route == next || (next == Route.LEAVING && route == Route.REMOTE)) {
      return;
    }
    route = next;
    switch (next) {
      case OWN -> begin(own.get());
      case LEAVING -> own.get().run(remoteRelay::pause);
      case REMOTE -> end(own.get());
    }
  }

  private void begin(SystemQueue<Question, Value> queue) {
    // How fast it may be asked before it is: what was passed on comes back.
    queue.change(limits, ownRelay);
    queue.share(budget);
    queue.run(
        () -> {
          if (route == Route.OWN) {
            ownRelay.end();
            remoteRelay.begin();
            exchanger.handOver(remoteRelay::start);
          }
        });
  }

  private void end(SystemQueue<Question, Value> queue) {
    queue.run(
        () -> {
          if (route == Route.REMOTE) {
            remoteRelay.end();
            ownRelay.begin();
          }
        });
    // Now it may be fast: nothing of it goes to the system.
    queue.share(null);
    queue.change(Limits.passedOn(TIMEOUT, MOST_PASSED, limits.maxBatch()), ownRelay);
  }

  private SystemQueue<Question, Value> openOwn() {
    SystemQueue<Question, Value> queue = scheduler.open(name, limits, ownRelay, ownIntake);
    if (learned != null) {
      queue.learn(learned);
    }
    return queue;
  }

  private SystemQueue<Question, Value> openRemote() {
    return scheduler.open(name, REMOTE, remoteRelay, remoteIntake);
  }

  private SystemQueue<Question, Value> queue() {
    return route == Route.OWN ? own.get() : remote.get();
  }

  /** What the owner says of the system. */
  void told(Health health) {
    told = health;
  }

  // --- as a queue

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return queue().submit(key, priority, deadlineNanos, burst, closure, context);
  }

  @Override
  public boolean hasRoom(Requester requester) {
    return queue().hasRoom(requester);
  }

  @Override
  public <C> Request submit(
      Question key,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    return queue().submit(key, priority, deadlineNanos, askedNanos, burst, closure, context);
  }

  @Override
  public <C> Request submit(
      Question key,
      Object place,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<Value, C> closure,
      C context) {
    if (priority == Priority.BACKGROUND && !exchanger.mayRefresh()) {
      return null; // what is served meanwhile is refreshed a little later
    }
    return queue().submit(key, place, priority, deadlineNanos, askedNanos, burst, closure, context);
  }

  @Override
  public boolean deliver(Question key, Outcome<Value> outcome) {
    return queue().deliver(key, outcome);
  }

  @Override
  public boolean run(Runnable task) {
    // One thread owns both: none is opened for this where the other one is there.
    SystemQueue<Question, Value> queue = remote.known();
    return (queue == null ? own.get() : queue).run(task);
  }

  @Override
  public synchronized void change(Limits next, Exchanger<Question, Value> asked) {
    limits = next;
    SystemQueue<Question, Value> queue = own.known();
    if (queue == null) {
      ownRelay.change(asked);
      return;
    }
    queue.run(() -> ownRelay.change(asked));
    if (route != Route.REMOTE) {
      queue.change(next, ownRelay);
    }
  }

  @Override
  public synchronized void share(Budget next) {
    budget = next;
    if (route != Route.REMOTE) {
      own.get().share(next);
    }
  }

  @Override
  public synchronized void learn(Learned known, Runnable then) {
    learned = known;
    SystemQueue<Question, Value> queue = own.known();
    if (queue == null) {
      then.run();
    } else {
      queue.learn(known, then);
    }
  }

  /**
   * How the system is: as this member sees it if it asks it, else as the owner said last. What
   * waits and what is under way is always this member's: of the owner's it is not told when it
   * ends.
   */
  @Override
  public Health health() {
    if (route != Route.REMOTE) {
      return own.get().health();
    }
    SystemQueue<Question, Value> queue = remote.known();
    Health ofQueue = queue == null ? null : queue.health();
    int inFlight = ofQueue == null ? 0 : ofQueue.inFlight();
    int queued = ofQueue == null ? 0 : ofQueue.queued();
    Health known = told;
    return known == null ? unknown(inFlight, queued) : known.underWay(inFlight, queued);
  }

  @Override
  public SystemCounts counts() {
    SystemCounts here = own.counts();
    SystemCounts there = remote.counts();
    return new SystemCounts(
        here.requests() + there.requests(),
        here.exchanges() + there.exchanges(),
        here.timeouts() + there.timeouts());
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      own.close();
      remote.close();
    }
    closing.run();
  }

  @Override
  public String toString() {
    return name;
  }
}
