package org.aeiou.closures.scheduler;

import java.util.ArrayDeque;

/**
 * Those that have something, each once; the first has the next turn. What has become empty is
 * dropped when its turn comes. Used by the owner of the system only.
 */
final class RoundRobin<T extends RoundRobin.Participant> {

  /** Something that takes turns with its like, while it is not empty. */
  abstract static class Participant {
    /** Kept by its {@link RoundRobin}: whether it is in there. */
    boolean waits;

    abstract boolean isEmpty();
  }

  private final ArrayDeque<T> participants = new ArrayDeque<>();

  /** Lets {@code participant} take part, behind all others, if it does not do so already. */
  void add(T participant) {
    if (!participant.waits) {
      participant.waits = true;
      participants.addLast(participant);
    }
  }

  /** Gives the next one its turn, and puts it behind all others; null if there is none. */
  T next() {
    for (T participant = participants.poll();
        participant != null;
        participant = participants.poll()) {
      if (!participant.isEmpty()) {
        participants.addLast(participant);
        return participant;
      }
      participant.waits = false;
    }
    return null;
  }

  boolean isEmpty() {
    while (!participants.isEmpty() && participants.peek().isEmpty()) {
      participants.poll().waits = false;
    }
    return participants.isEmpty();
  }

  /** How many take part; some of them may have become empty. */
  int size() {
    return participants.size();
  }
}
