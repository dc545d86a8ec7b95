package org.aeiou.daemon.cluster.codec;

import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;

/** Outcomes as bytes: with how old they are, and since when they are what they are. */
public final class OutcomeCodec {
  private static final int READING = 0;
  private static final int ABSENT = 1;
  private static final int FAILURE = 2;

  /** By their numbers, which are for ever. */
  private static final List<Reason> REASONS =
      List.of(
          Reason.TIMEOUT,
          Reason.UNREACHABLE,
          Reason.REFUSED,
          Reason.NOT_WRITABLE,
          Reason.CANCELLED,
          Reason.BAD_ANSWER,
          Reason.NOT_CACHED,
          Reason.OVERLOADED,
          Reason.UNKNOWN_NAME,
          Reason.STOPPED,
          Reason.BAD_REQUEST,
          Reason.IS_DIRECTORY,
          Reason.NOT_DIRECTORY,
          Reason.NAME_TOO_LONG,
          Reason.OUT_OF_RANGE,
          Reason.NOT_DONE);

  private OutcomeCodec() {}

  public static void write(Output out, Outcome<Value> outcome) {
    if (outcome instanceof Reading<Value> reading) {
      out.octet(READING);
      out.age(reading.takenNanos());
      out.number(Math.max(0, reading.takenMillis() - Math.max(0, reading.changedMillis())));
      ValueCodec.write(out, reading.value());
    } else if (outcome instanceof Absent<Value> absent) {
      out.octet(ABSENT);
      out.age(absent.takenNanos());
    } else {
      Failure<Value> failure = (Failure<Value>) outcome;
      out.octet(FAILURE);
      out.octet(REASONS.indexOf(failure.reason()));
      out.text(failure.message());
    }
  }

  public static Outcome<Value> read(Input in) throws MalformedMessage {
    int kind = in.octet();
    in.takes(64);
    switch (kind) {
      case READING -> {
        long age = in.age();
        long unchanged = in.number(Long.MAX_VALUE);
        Value value = ValueCodec.read(in);
        if (value == null) {
          throw new MalformedMessage("has a reading without a value");
        }
        long takenMillis = in.millis(age);
        return new Reading<>(
            value, in.nanos(age), takenMillis, Math.max(0, takenMillis - unchanged));
      }
      case ABSENT -> {
        long age = in.age();
        return new Absent<>(in.nanos(age), in.millis(age));
      }
      case FAILURE -> {
        int reason = in.octet();
        // One that a later version has is an error of which nothing else is known.
        return new Failure<>(
            reason < REASONS.size() ? REASONS.get(reason) : Reason.BAD_ANSWER, in.text());
      }
      default -> throw new MalformedMessage("has an outcome of an unknown kind: " + kind);
    }
  }
}
