package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.aeiou.daemon.backend.snmp.walk.WalkProgress;
import org.snmp4j.PDU;
import org.snmp4j.smi.Variable;

/**
 * What a query needs to make answers of responses: the agent, the time, the counters, and how big
 * things may be.
 *
 * @param system the system's name, for messages
 * @param v1 whether the agent speaks v1, which has no exceptions and no GETBULK
 * @param maxRequest how many bytes the bindings of a request may have together
 * @param maxResponse how many bytes the bindings of a response to a walk are meant to have
 * @param options the bounds of walks
 * @param definitions how long values may be, and what objects are called
 * @param notes what a person should know about the agent
 */
record ResponseContext(
    String system,
    boolean v1,
    int maxRequest,
    int maxResponse,
    SnmpOptions options,
    Definitions definitions,
    Notes notes,
    Ticker ticker,
    InstantSource clock,
    SnmpCounters counters) {
  private static final int MOST_SHOWN = 24;

  /** The value of an object, cut to what its type allows; null where there is none. */
  Value value(Oid oid, Variable variable) {
    return fitted(oid, SmiValues.value(variable));
  }

  /** A value of an object, cut to what its type allows. */
  Value fitted(Oid oid, Value value) {
    if (!(value instanceof Value.Octets octets)
        || octets.octets().length <= Definitions.SHORT_OCTETS) {
      return value;
    }
    int most = definitions.mostOctets(oid);
    if (octets.octets().length <= most) {
      return value;
    }
    counters.add(SnmpCounter.VALUES_CUT);
    notes.add(
        "{} has {} octets in {}, and its type allows {}: the rest is cut off",
        definitions.name(oid),
        octets.octets().length,
        shown(oid),
        most);
    return SmiValues.cut(octets, most);
  }

  /** An object as messages call it: by its number, and by its name if it has one. */
  String named(Oid object) {
    String name = definitions.name(object);
    return name == null ? shown(object) : name + " (" + shown(object) + ")";
  }

  /** An object's number, as much of it as is of use in a message. */
  static String shown(Oid object) {
    return object.length() <= MOST_SHOWN
        ? object.toString()
        : object.prefix(MOST_SHOWN) + "… (" + object.length() + " numbers)";
  }

  /** A value that just came, or its absence where {@code value} is null. */
  Answer.Item<Value> done(Value value) {
    return done(value, ticker.read(), clock.millis());
  }

  /** A value that came then, or its absence where {@code value} is null. */
  static Answer.Item<Value> done(Value value, long nanos, long millis) {
    return new Answer.Item.Done<>(
        value == null ? new Absent<>(nanos, millis) : Reading.of(value, nanos, millis));
  }

  /** One item failed; {@code what} says why, after the system's name. */
  Answer.Item<Value> bad(String what) {
    return new Answer.Item.Done<>(failure(Reason.BAD_ANSWER, what));
  }

  /** A walk was given up, for a reason that is the agent's: told, and noted. */
  Answer.Item<Value> givenUp(WalkProgress walk, Reason reason, String why) {
    WalkProgress.Column column =
        walk.columns().stream()
            .filter(c -> !c.ended())
            .findFirst()
            .orElseGet(() -> walk.columns().get(0));
    notes.add(
        "the walk of {} was given up at {}: {}", named(column.root()), shown(column.at()), why);
    return new Answer.Item.Done<>(
        failure(
            reason,
            "the walk of %s was given up at %s: %s"
                .formatted(named(column.root()), shown(column.at()), why)));
  }

  /** What a walk ends in because it has too much, or takes too long; null if it may go on. */
  Answer.Item<Value> tooMuch(WalkProgress walk, int rows, int mostRows, long bytes) {
    int most = Math.min(options.maxRows(), mostRows);
    if (rows > most) {
      counters.add(SnmpCounter.WALK_TOO_LONG);
      return givenUp(walk, Reason.BAD_ANSWER, "more than " + most + " rows");
    }
    if (bytes > options.walkBytes()) {
      counters.add(SnmpCounter.WALK_TOO_LARGE);
      String size = options.walkBytes() / 1024 + " KiB in " + rows + " rows";
      return givenUp(walk, Reason.BAD_ANSWER, "more than " + size);
    }
    if (ticker.read() - walk.startNanos() > options.maxWalk().toNanos()) {
      counters.add(SnmpCounter.WALK_TOO_SLOW);
      String time = options.maxWalk().toSeconds() + " s and " + rows + " rows";
      return givenUp(walk, Reason.TIMEOUT, "not done after " + time);
    }
    return null;
  }

  /** The exchange failed as a whole. */
  Answer<Value> failed(Reason reason, String what, boolean retry) {
    return new Answer.Failed<>(failure(reason, what), retry);
  }

  /**
   * A response came that cannot be decoded: with several items, each is asked for with fewer
   * others, so that one bad value, or one cut-off datagram, does not take the others with it.
   */
  Answer<Value> undecodable(int items) {
    return items > 1
        ? new Answer.TooBig<>()
        : failed(Reason.BAD_ANSWER, "the agent's answer cannot be decoded", true);
  }

  private Failure<Value> failure(Reason reason, String what) {
    return new Failure<>(reason, system + ": " + what);
  }

  /**
   * Answers the error statuses that mean the same for every query.
   *
   * @return null if the status is none of them
   */
  Answer<Value> common(PDU response) {
    switch (response.getErrorStatus()) {
      case PDU.tooBig -> {
        counters.add(SnmpCounter.TOO_BIG);
        return new Answer.TooBig<>();
      }
      case PDU.authorizationError, PDU.noAccess -> {
        counters.add(SnmpCounter.REFUSED);
        return failed(
            Reason.REFUSED,
            "the agent refused the request with " + response.getErrorStatusText(),
            false);
      }
      default -> {
        return null;
      }
    }
  }
}
