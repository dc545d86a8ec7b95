package org.aeiou.daemon.cluster.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.codec.Input;
import org.aeiou.daemon.cluster.codec.MalformedMessage;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;

final class FrameCodecTest {
  private static final RecursiveComparisonConfiguration BY_FIELDS =
      RecursiveComparisonConfiguration.builder()
          .withIgnoredFieldsMatchingRegexes(".*whenAnswered", ".*rendering", ".*written", ".*hash")
          .withStrictTypeChecking(false)
          .build();

  static Frame back(byte[] bytes, long nanos, long millis) throws MalformedMessage {
    Input in = new Input(bytes, 0, bytes.length, nanos, millis, 1 << 26);
    int type = in.octet();
    int outer = in.enter(in.length());
    Frame frame = FrameCodec.decode(type, in);
    assertThat(in.remaining()).isZero();
    in.leave(outer);
    assertThat(in.remaining()).isZero();
    return frame;
  }

  @Test
  void eachFrameIsTheSameWhenItHasTravelled() throws Exception {
    for (int seed = 0; seed < 600; seed++) {
      Frame frame = new AnyFrame(new SplittableRandom(seed)).next();
      byte[] bytes = FrameCodec.encode(frame, AnyFrame.NANOS);
      Frame travelled = back(bytes, AnyFrame.NANOS, AnyFrame.MILLIS);
      // What each has is the same to the octet; its order too, as that is how it is written.
      assertThat(FrameCodec.encode(travelled, AnyFrame.NANOS)).as("seed %d", seed).isEqualTo(bytes);
      assertThat(travelled)
          .as("seed %d", seed)
          .usingRecursiveComparison(BY_FIELDS)
          .isEqualTo(frame);
    }
  }

  @Test
  void whatIsReadHasItsAgeByTheReadersOwnTickerAndClock() throws Exception {
    Reading<Value> reading =
        new Reading<>(Value.DONE, AnyFrame.NANOS - 5_000_000_999L, 77_000, 70_000);
    Frame frame = new Frame.Reply(1, null, List.of(reading), null);
    Frame.Reply travelled =
        (Frame.Reply) back(FrameCodec.encode(frame, AnyFrame.NANOS), -8_000_000_000L, 500_000);
    assertThat(travelled.outcomes())
        .containsExactly(new Reading<>(Value.DONE, -13_000_000_000L, 495_000, 488_000));
  }

  @Test
  void aSetHasNothingToRunWhereItTravelledTo() throws Exception {
    Question.Set set =
        new Question.Set(
            List.of(
                new Question.Assignment(
                    org.aeiou.daemon.backend.Oid.parse("1.3.6"),
                    null,
                    new Value.Numeric(Value.NumberType.INTEGER, -1))),
            () -> {
              throw new AssertionError();
            });
    Frame.Ask ask =
        new Frame.Ask(1, null, "core1", 5, true, List.of(new Frame.Wanted(set, 0, 60_000)));
    Frame.Ask travelled = (Frame.Ask) back(FrameCodec.encode(ask, 0), 0, 0);
    Question.Set asked = (Question.Set) travelled.wanted().get(0).question();
    asked.answered();
    assertThat(asked.assignments()).isEqualTo(set.assignments());
  }

  @Test
  void aNumberThatWasWorkedOutReadsTheSameAndGoesOnFromItsLastSample() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      Outcome<Value> outcome = new AnyFrame(new SplittableRandom(seed)).outcome();
      Derived number = Derived.of(outcome);
      if (number != null) {
        Frame frame = new Frame.Reply(1, null, List.of(outcome), null);
        Derived travelled =
            Derived.of(
                ((Frame.Reply) back(FrameCodec.encode(frame, AnyFrame.NANOS), 0, 0))
                    .outcomes()
                    .get(0));
        assertThat(travelled.isSameAs(number)).isTrue();
        assertThat(travelled.properties()).isEqualTo(number.properties());
        assertThat(travelled.lastSample()).isEqualTo(number.lastSample());
      }
    }
  }
}
