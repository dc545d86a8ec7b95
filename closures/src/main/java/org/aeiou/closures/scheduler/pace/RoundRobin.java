package org.aeiou.closures.scheduler.pace;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Those that have something, each once; the first has the next turn. What has become empty is
 * dropped when its turn comes. Used by the owner of the system only.
 */
public final class RoundRobin<T extends RoundRobin.Participant> {

  /** Something that takes turns with its like, while it is not empty. */
  public abstract static class Participant {
    /** Kept by its {@link RoundRobin}: whether it is in there. */
    boolean waits;

    protected abstract boolean isEmpty();
  }

  private final ArrayDeque<T> participants = new ArrayDeque<>();

  /** Lets {@code participant} take part, behind all others, if it does not do so already. */
  public void add(T participant) {
    if (!participant.waits) {
      participant.waits = true;
      participants.addLast(participant);
    }
  }

  /** Gives the next one its turn, and puts it behind all others; null if there is none. */
  public T next() {
    T participant = take();
    if (participant != null) {
      add(participant);
    }
    return participant;
  }

  /** Gives the next one its turn, after which it takes part no more; null if there is none. */
  T take() {
    for (T participant = participants.poll();
        participant != null;
        participant = participants.poll()) {
      participant.waits = false;
      if (!participant.isEmpty()) {
        return participant;
      }
    }
    return null;
  }

  public boolean isEmpty() {
    while (!participants.isEmpty() && participants.peek().isEmpty()) {
      participants.poll().waits = false;
    }
    return participants.isEmpty();
  }

  /** Shows all that take part, some of which may have become empty. */
  public void forEach(Consumer<? super T> look) {
    participants.forEach(look);
  }

  /** How many take part; some of them may have become empty. */
  public int size() {
    return participants.size();
  }
}
