package org.aeiou.daemon.cluster.message;

import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.Health;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.metrics.Event;

/**
 * One thing that a member tells others; a message has one or more. Times in it are by the ticker
 * and the clock of this process: what travels are ages.
 */
public sealed interface Frame {

  /** How a member is. On the subject of all members. */
  record State(MemberState state) implements Frame {}

  /**
   * Asks the owner of a system's slot. Answered by one {@link Reply} or {@link Refusal}, or not at
   * all.
   *
   * @param exchange chosen by the asker; with the sender it tells the exchange from others
   * @param epoch by which ownership, as far as the asker knows, or null; a {@link Question.Set} is
   *     done in no other
   * @param timeoutMillis how long the asker waits; what has not begun by then is not begun
   * @param interactive whether a person or a program waits for it
   */
  record Ask(
      long exchange,
      Epoch epoch,
      String system,
      long timeoutMillis,
      boolean interactive,
      List<Wanted> wanted)
      implements Frame {
    public Ask {
      wanted = List.copyOf(wanted);
    }
  }

  /**
   * A question, and how old its answer may be.
   *
   * @param mostAgeMillis 0 if it is to be asked now
   * @param keepMillis for how long the answer is of use to the asker
   */
  record Wanted(Question question, long mostAgeMillis, long keepMillis) {}

  /** No requester waits for an exchange any more. */
  record Cancel(long exchange) implements Frame {}

  /**
   * What became of an {@link Ask}.
   *
   * @param outcomes for each question, in the same order
   * @param health how the system is; null if the asker was told lately
   */
  record Reply(long exchange, Epoch epoch, List<Outcome<Value>> outcomes, Health health)
      implements Frame {
    public Reply {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** An {@link Ask} was not looked at: nothing was asked or written for it. */
  record Refusal(long exchange, Why why, String message) implements Frame {
    /** Why it was not looked at. */
    public enum Why {
      /** The member that was asked does not own the slot, or by another epoch. */
      NOT_OWNER,
      /** Too much is pending there. */
      OVERLOADED,
      /** It knows no such system. */
      UNKNOWN_SYSTEM
    }
  }

  /** What was answered to a question. */
  record Held(Question question, Outcome<Value> outcome) {}

  /** What the owner has read anew, for those that asked lately. On the subject of the slot. */
  record Changed(Epoch epoch, String system, List<Held> readings) implements Frame {
    public Changed {
      readings = List.copyOf(readings);
    }
  }

  /** How a system is, which has changed. On the subject of the slot. */
  record Condition(Epoch epoch, String system, Health health) implements Frame {}

  /** A notification came to a member: what others hold of its systems may be wrong. */
  record Notified(Notification notification) implements Frame {}

  /** Anything may have changed in these systems: they sent more notifications than are read. */
  record Doubted(List<String> systems) implements Frame {
    public Doubted {
      systems = List.copyOf(systems);
    }
  }

  /**
   * Something happened to a system. On the subject of events.
   *
   * @param agoMillis how long ago
   */
  record Happened(Event event, long agoMillis) implements Frame {}

  /** The new owner of a slot wants to know what others hold. On the subject of all members. */
  record PageWanted(int slot, Epoch epoch) implements Frame {}

  /**
   * What is held of a question.
   *
   * @param keepMillis how long the outcome is of use after it was taken
   */
  record Kept(Question question, Outcome<Value> outcome, long keepMillis) {}

  /**
   * What a member holds of a system, so that its new owner need not ask for it.
   *
   * @param learned what was learned of its agent, as a line of the file of what was learned; null
   *     if it is not known
   */
  record Page(int slot, String system, List<Kept> readings, String learned) implements Frame {
    public Page {
      readings = List.copyOf(readings);
    }
  }

  /** The sender gives a slot away, and has released its lease. To the member that is to get it. */
  record Offer(int slot) implements Frame {}

  /** A member without systems of its own wants to know which there are. To a poller. */
  record InventoryWanted(String digest) implements Frame {}

  /**
   * Which systems a poller has.
   *
   * @param digest of its configuration
   * @param yaml as a configuration says it, without what only pollers need: no secret is in it
   */
  record Inventory(String digest, String yaml) implements Frame {}
}
