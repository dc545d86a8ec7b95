package org.aeiou.closures.scheduler;

import java.util.ArrayDeque;

/**
 * Those that have something, each once; the first has the next turn. What has become empty is
 * dropped when its turn comes. Used by the owner of the system only.
 */
final class Turns<T extends Turns.Member> {

  /** Something that takes turns with its like, while it is not empty. */
  abstract static class Member {
    /** Kept by its {@link Turns}: whether it is in there. */
    boolean waits;

    abstract boolean isEmpty();
  }

  private final ArrayDeque<T> members = new ArrayDeque<>();

  /** Lets {@code member} take part, behind all others, if it does not do so already. */
  void add(T member) {
    if (!member.waits) {
      member.waits = true;
      members.addLast(member);
    }
  }

  /** Gives the next one its turn, and puts it behind all others; null if there is none. */
  T next() {
    for (T member = members.poll(); member != null; member = members.poll()) {
      if (!member.isEmpty()) {
        members.addLast(member);
        return member;
      }
      member.waits = false;
    }
    return null;
  }

  boolean isEmpty() {
    while (!members.isEmpty() && members.peek().isEmpty()) {
      members.poll().waits = false;
    }
    return members.isEmpty();
  }

  /** How many take part; some of them may have become empty. */
  int size() {
    return members.size();
  }
}
