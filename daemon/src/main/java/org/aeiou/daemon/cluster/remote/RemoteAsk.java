package org.aeiou.daemon.cluster.remote;

import java.util.List;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.message.Frame.Wanted;

/**
 * One exchange with a system that another member owns. It is held until there is an owner, or sent,
 * and ends once: the thread that ends it answers the exchange. Guarded by itself.
 */
final class RemoteAsk {
  /** What became of it. */
  enum State {
    /** Nothing yet. */
    NEW,
    /** It waits for an owner. */
    HELD,
    /** An owner was asked. */
    SENT,
    /** It was answered, or is for another to answer. */
    OVER
  }

  private final RemoteExchanger system;
  private final Exchange<Question, Value> exchange;
  private final boolean isWrite;
  private final boolean isInteractive;

  private State state = State.NEW;

  /** When the requests that wait for it have ended, by the ticker. */
  private long deadlineNanos;

  /** Whether that is for want of a deadline of theirs. */
  private boolean isEndless;

  private long heldSinceNanos;
  private boolean wasHeld;
  private int version;
  private long id;
  private Owner owner;
  private List<Wanted> wanted;
  private int sends;

  /** Called by the thread that owns the system. */
  RemoteAsk(RemoteExchanger system, Exchange<Question, Value> exchange, boolean isWrite) {
    this.system = system;
    this.exchange = exchange;
    this.isWrite = isWrite;
    this.isInteractive = exchange.isInteractive();
  }

  RemoteExchanger system() {
    return system;
  }

  Exchange<Question, Value> exchange() {
    return exchange;
  }

  int size() {
    return exchange.items().size();
  }

  /** Whether it may be done once. */
  boolean isWrite() {
    return isWrite;
  }

  /** Whether a requester waited for it, when it began, that is not in the background. */
  boolean isInteractive() {
    return isInteractive;
  }

  synchronized void deadline(long nanos) {
    deadlineNanos = nanos;
  }

  /** It ends at that time, though its requests have no deadline. */
  synchronized void endless(long nanos) {
    deadlineNanos = nanos;
    isEndless = true;
  }

  synchronized boolean isEndless() {
    return isEndless;
  }

  synchronized long deadlineNanos() {
    return deadlineNanos;
  }

  synchronized boolean isHeld() {
    return state == State.HELD;
  }

  synchronized boolean isSent() {
    return state == State.SENT;
  }

  /** Changes with each {@link #hold} and {@link #send}. */
  synchronized int version() {
    return version;
  }

  /** Since when it waits for an owner. */
  synchronized long heldSinceNanos() {
    return heldSinceNanos;
  }

  /** Waits for an owner, unless it is over or another thread has gone on with it. */
  synchronized boolean hold(int before, long nowNanos) {
    if (state == State.OVER || state == State.HELD || version != before) {
      return false;
    }
    if (!wasHeld) {
      wasHeld = true;
      heldSinceNanos = nowNanos;
    }
    state = State.HELD;
    version++;
    return true;
  }

  /**
   * Is sent to an owner under this id.
   *
   * @return what it was; {@link State#OVER} if it is over or another thread has gone on with it
   */
  synchronized State send(int before, long as, Owner to, List<Wanted> what) {
    if (state == State.OVER || version != before) {
      return State.OVER;
    }
    State was = state;
    state = State.SENT;
    id = as;
    owner = to;
    wanted = what;
    sends++;
    version++;
    return was;
  }

  /** Ends it. Returns what it was: {@link State#OVER} if this was not the call that did. */
  synchronized State end() {
    State was = state;
    state = State.OVER;
    return was;
  }

  /** As {@link #end()}, unless another thread has gone on with it. */
  synchronized State end(int before) {
    return version == before ? end() : State.OVER;
  }

  /** As {@link #end()}, unless it was sent and may have been done once. */
  synchronized State takeBack() {
    return isWrite && state == State.SENT ? State.OVER : end();
  }

  synchronized long id() {
    return id;
  }

  /** Which member it was sent to last, and by what epoch; null before. */
  synchronized Owner owner() {
    return owner;
  }

  synchronized boolean isSentTo(String member) {
    return state == State.SENT && owner.member().id().equals(member);
  }

  /** What was sent last; null before. */
  synchronized List<Wanted> wanted() {
    return wanted;
  }

  /** How often it was sent. */
  synchronized int sends() {
    return sends;
  }
}
