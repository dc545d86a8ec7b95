package org.aeiou.daemon.cluster.owner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Health;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;

/** What members are told of one system unasked: gathered in order, and sent by {@link Changes}. */
final class SystemChanges {
  /** As long as that a member is told how a system is that it asked for, at least. */
  static final long LEAST_INTEREST_NANOS = 60_000_000_000L;

  /** A member that asks is told again how the system is after that. */
  private static final long TOLD_NANOS = 1_000_000_000L;

  private static final int MOST_TOLD = 8;

  /** A longer answer is asked for again where it is wanted, unless it is another one. */
  private static final int LONG_BYTES = 16 * 1024;

  /** What an answer takes besides its value, about. */
  private static final int OUTCOME_BYTES = 128;

  final String system;
  final int slot;
  private final Changes all;

  // What follows is guarded by this.

  private Map<Question, Outcome<Value>> readings = new LinkedHashMap<>();
  private long bytes;
  private boolean isConditionAnother;
  private boolean isWaiting;
  private long interestUntil;

  /** When it was last told once more how the system is. */
  private long settledNanos;

  private boolean hasSettled;

  /** Which members were told how the system is, and when. */
  private final List<Told> told = new ArrayList<>(1);

  private record Told(Asker asker, long nanos) {}

  SystemChanges(String system, int slot, Changes all) {
    this.system = system;
    this.slot = slot;
    this.all = all;
    this.interestUntil = all.now();
  }

  long now() {
    return all.now();
  }

  /** A member asks for the system. */
  synchronized void asked(long untilNanos) {
    long least = now() + LEAST_INTEREST_NANOS;
    long until = untilNanos - least < 0 ? least : untilNanos;
    interestUntil = interestUntil - until < 0 ? until : interestUntil;
  }

  /** How the system is, for a member that is answered; null if it was told that lately. */
  synchronized Health news(Asker asker, Health health) {
    long now = now();
    told.removeIf(one -> now - one.nanos > TOLD_NANOS);
    for (Told one : told) {
      if (one.asker == asker) {
        return null;
      }
    }
    if (told.size() < MOST_TOLD) {
      told.add(new Told(asker, now));
    }
    return health;
  }

  /**
   * Members have been answered. What is known of the system is a moment older than their answers,
   * as those come before it is taken note of: where it matters it is told once more.
   *
   * @param afterwards runs a task on the thread that owns the system, when it has taken note
   */
  void answered(Health health, boolean hasFailed, Consumer<Runnable> afterwards) {
    if (health.rttNanos() >= 0 && health.lastError() == null && !hasFailed) {
      return;
    }
    synchronized (this) {
      long now = now();
      if (hasSettled && now - settledNanos < TOLD_NANOS) {
        return;
      }
      hasSettled = true;
      settledNanos = now;
    }
    afterwards.accept(this::conditionChanged);
  }

  /** A reading came in that a member is interested in. */
  void took(Question question, Outcome<Value> outcome, boolean isOther) {
    long more =
        OUTCOME_BYTES + (outcome instanceof Reading<Value> reading ? reading.value().bytes() : 0);
    if (!isOther && more > LONG_BYTES) {
      return;
    }
    if (!all.take(more)) {
      return;
    }
    boolean isFirst;
    synchronized (this) {
      readings.remove(question); // it goes to the end
      readings.put(question, outcome);
      bytes += more;
      isFirst = !isWaiting;
      isWaiting = true;
    }
    if (isFirst) {
      all.wait(this);
    }
  }

  /** How the system is has changed. */
  void conditionChanged() {
    synchronized (this) {
      told.clear();
      if (interestUntil - now() <= 0) {
        return;
      }
      isConditionAnother = true;
      if (isWaiting) {
        return;
      }
      isWaiting = true;
    }
    all.wait(this);
  }

  /** Sends what was gathered. By one thread. */
  void send(Epoch epoch) {
    Map<Question, Outcome<Value>> gathered;
    boolean isCondition;
    synchronized (this) {
      gathered = readings;
      readings = new LinkedHashMap<>();
      all.giveBack(bytes);
      bytes = 0;
      isCondition = isConditionAnother;
      isConditionAnother = false;
      isWaiting = false;
    }
    if (epoch == null) {
      return; // the next owner tells
    }
    if (!gathered.isEmpty()) {
      List<Frame.Held> held = new ArrayList<>(gathered.size());
      gathered.forEach((question, outcome) -> held.add(new Frame.Held(question, outcome)));
      all.send(slot, new Frame.Changed(epoch, system, held), held.size());
    }
    if (isCondition) {
      Health health = all.health(system);
      if (health != null) {
        all.send(slot, new Frame.Condition(epoch, system, health), 0);
      }
    }
  }
}
