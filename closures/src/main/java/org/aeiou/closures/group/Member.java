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

  /** For the submitting thread, inside a call of submit. */
  private boolean taken;

  private boolean ran;

  /** The pending request; null while it is none. */
  Request request;

  /** The next one in the group's list of spare or of pending members. */
  Member<V> next;

  Member(Group<?, V> group) {
    this.group = group;
  }

  boolean isTaken() {
    return taken;
  }

  /** Whether its closure has run, or runs; for the submitting thread, inside the call. */
  boolean hasRun() {
    return ran;
  }

  @SuppressWarnings("unchecked") // the context given with a closure is the only one it is run with
  <C> void take(Closure<V, C> wanted, C given) {
    taken = true;
    ran = false;
    if (closure != wanted) { // a store of a reference costs a barrier, and it is mostly the same
      closure = (Closure<V, Object>) wanted;
    }
    if (context != given) {
      context = given;
    }
  }

  void free() {
    taken = false;
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

  private void run(Outcome<V> outcome, boolean delayed) {
    ran = true;
    try {
      closure.run(context, outcome, delayed);
    } finally {
      group.outcome(outcome, delayed);
      if (delayed) {
        closure = null; // the group may keep this for a while
        context = null;
      }
    }
  }

  private static <V> Closure<V, Member<V>> relayOf() {
    return Member::run;
  }
}
