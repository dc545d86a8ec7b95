package org.aeiou.closures.group;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;

/** One request of a group: what the requester gave with it. */
final class Member<V> {
  private static final VarHandle NEXT;
  private static final Closure<?, ?> RELAY = relayOf();

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Member.class, "next", Member.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Group<?, V> group;
  private Closure<V, Object> closure;
  private Object context;

  /** The pending request; null while it is none. */
  Request request;

  /** The next one in the group's list of spare or of pending members. */
  Member<V> next;

  Member(Group<?, V> group) {
    this.group = group;
  }

  @SuppressWarnings("unchecked") // the context given with a closure is the only one it is run with
  <C> void wants(Closure<V, C> closure, C context) {
    this.closure = (Closure<V, Object>) closure;
    this.context = context;
  }

  /** The closure that runs a member's closure, one for all. */
  @SuppressWarnings("unchecked") // it has no state, so it fits every type of value
  static <V> Closure<V, Member<V>> relay() {
    return (Closure<V, Member<V>>) RELAY;
  }

  Member<V> nextKept() {
    return cast(NEXT.getAcquire(this)); // pairs with setNextKept
  }

  void setNextKept(Member<V> next) {
    NEXT.setRelease(this, next); // pairs with nextKept: the node behind was published before
  }

  @SuppressWarnings("unchecked") // next is only written with members of the same group
  private Member<V> cast(Object member) {
    return (Member<V>) member;
  }

  /** Whether its closure has run or runs; for the submitting thread, inside the call. */
  boolean hasRun() {
    return closure == null;
  }

  private void run(Outcome<V> outcome, boolean delayed) {
    Closure<V, Object> wanted = closure;
    Object given = context;
    closure = null;
    context = null;
    try {
      wanted.run(given, outcome, delayed);
    } finally {
      group.outcome(outcome, delayed);
    }
  }

  private static <V> Closure<V, Member<V>> relayOf() {
    return Member::run;
  }
}
