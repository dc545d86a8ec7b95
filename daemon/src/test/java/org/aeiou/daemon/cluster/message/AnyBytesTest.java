package org.aeiou.daemon.cluster.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.aeiou.daemon.cluster.codec.Input;
import org.aeiou.daemon.cluster.codec.MalformedMessage;
import org.aeiou.daemon.cluster.codec.Output;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, the member goes on, and what it makes of them makes sense. */
final class AnyBytesTest {

  /** A message with a frame of some type. */
  static byte[] message(SplittableRandom random) {
    Output out = new Output(0);
    new Header("b", AnyFrame.NANOS / 1000, random.nextBoolean(), 5, 0, 0).write(out);
    out.raw(FrameCodec.encode(new AnyFrame(random).next(), AnyFrame.NANOS));
    return out.toArray();
  }

  @Test
  void messagesThatAreWholeAreUnderstood() {
    MessageFuzzTarget target = new MessageFuzzTarget();
    for (int seed = 0; seed < 2000; seed++) {
      target.take(message(new SplittableRandom(seed)));
    }
    assertThat(target.understood()).isEqualTo(2000);
  }

  @Test
  void messagesThatAreCutAreNotUnderstood() {
    MessageFuzzTarget target = new MessageFuzzTarget();
    for (int seed = 0; seed < 200; seed++) {
      byte[] message = message(new SplittableRandom(seed));
      for (int length = 0; length < Math.min(message.length, 200); length++) {
        target.take(Arrays.copyOf(message, length));
      }
    }
    assertThat(target.understood()).isZero();
  }

  @Test
  void messagesWithAnyOctetsChangedEndNothing() {
    MessageFuzzTarget target = new MessageFuzzTarget();
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] message = message(random);
      for (int i = 1 << random.nextInt(5); i > 0; i--) {
        // Mostly behind the header, and often a number that is far too large.
        int at = random.nextInt(20) == 0 ? random.nextInt(12) : random.nextInt(12, message.length);
        message[at] = (byte) (random.nextInt(3) == 0 ? 0xFF : random.nextInt());
      }
      target.take(message);
    }
    assertThat(target.understood()).isPositive();
  }

  /** Each says that very much follows, and nothing does. */
  @Test
  void whatIsSaidToFollowTakesNoMemoryBeforeItHasCome() throws Exception {
    byte[] large = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
    for (int type = FrameCodec.STATE; type <= FrameCodec.INVENTORY; type++) {
      byte[] body = new byte[64];
      for (int at = 0; at < 60; at++) {
        System.arraycopy(large, 0, body, at, Math.min(5, 64 - at));
        Input in = new Input(body, 0, body.length, 0, 0, 1 << 16);
        try {
          FrameCodec.decode(type, in);
        } catch (MalformedMessage e) {
          assertThat(e).hasMessageMatching("(?s).+");
        }
        body[at] = 0;
      }
    }
  }

  /** A million rows of one octet each would take fifty times as much as they travel in. */
  @Test
  void aMessageThatTakesMuchMoreMemoryThanItIsLongIsMalformed() {
    Output out = new Output(0);
    out.octet(FrameCodec.REPLY);
    out.raw(new byte[4]);
    out.number(1);
    out.flag(false);
    out.number(1);
    out.raw(new byte[] {0, 0, 0, 18}); // a reading, without age, of rows
    out.number(3_000_000);
    for (int row = 0; row < 3_000_000; row++) {
      out.raw(new byte[] {0, 0, 0}); // the index of the row before, no columns
    }
    out.length(1, out.length() - 5);
    byte[] frame = out.toArray();
    assertThat(thrown(frame, 96 << 20)).hasMessage("takes too much memory");
  }

  private static MalformedMessage thrown(byte[] frame, long most) {
    try {
      FrameCodec.decode(frame[0], new Input(frame, 5, frame.length, 0, 0, most));
      return null;
    } catch (MalformedMessage e) {
      return e;
    }
  }

  @Test
  void valuesInValuesInValuesAreMalformed() {
    Consumer<Output> nested =
        out -> {
          for (int i = 0; i < 100_000; i++) {
            out.octet(17);
          }
        };
    Output out = new Output(0);
    out.octet(FrameCodec.REPLY);
    out.raw(new byte[4]);
    out.number(1);
    out.flag(false);
    out.number(1);
    out.raw(new byte[] {0, 0, 0});
    nested.accept(out);
    assertThat(thrown(out.toArray(), 1 << 26)).hasMessage("has a value within a value");
  }

  /** A number of a sample of a number of a sample: of six octets each, for as long as it is. */
  @Test
  void numbersOfSamplesOfNumbersAreMalformedBeforeTheStackEnds() {
    Output out = new Output(0);
    out.octet(FrameCodec.REPLY);
    out.raw(new byte[4]);
    out.number(1);
    out.flag(false);
    out.number(1);
    out.raw(new byte[] {0, 0, 0}); // a reading, without age
    for (int i = 0; i < 100_000; i++) {
      // Derived: no text, nothing missing, no properties, a sample of the counter 0, whose value is
      out.raw(new byte[] {21, 0, 0, 0, 1, 0});
    }
    assertThat(thrown(out.toArray(), 1 << 26)).hasMessage("has a value within a value");
  }

  @Test
  void manySendersThatBeginFramesAndDoNotEndThemTakeBoundedMemory() throws Exception {
    Parts parts = new Parts();
    byte[] part = new byte[1 << 20];
    for (int sender = 0; sender < 200; sender++) {
      parts.add("all", new Header("s" + sender, 0, false, 0, Parts.MOST_BYTES, 0), part, 0);
    }
    assertThat(parts.held()).isLessThanOrEqualTo(Parts.MOST_HELD);
  }

  /** Each has one octet, and takes four hundred. */
  @Test
  void manySendersThatBeginFramesWithNextToNothingTakeBoundedMemory() throws Exception {
    Parts parts = new Parts();
    byte[] part = new byte[1];
    for (int sender = 0; sender < 500_000; sender++) {
      parts.add("all", new Header("s" + sender, 0, false, 0, Parts.MOST_BYTES, 0), part, 0);
    }
    assertThat(parts.held()).isBetween(Parts.MOST_HELD / 2, Parts.MOST_HELD);
  }

  @Test
  void partsOfManySubjectsTakeTogetherWhatThoseOfOneMayTake() {
    Parts parts = new Parts();
    byte[] part = new byte[1 << 20];
    for (int slot = 0; slot < 200; slot++) {
      String subject = "changes." + slot;
      assertThatCode(
              () -> parts.add(subject, new Header("s", 0, false, 0, Parts.MOST_BYTES, 0), part, 0))
          .doesNotThrowAnyException();
    }
    assertThat(parts.held()).isLessThanOrEqualTo(Parts.MOST_HELD);
  }

  @Test
  void aFrameThatGoesOnIsNotDroppedForThoseThatDoNot() throws Exception {
    Parts parts = new Parts();
    byte[] part = new byte[1 << 20];
    byte[] whole = null;
    for (int i = 0; i < 32; i++) {
      whole = parts.add("all", new Header("good", 0, false, 0, Parts.MOST_BYTES, i << 20), part, 0);
      for (int other = 0; i < 30 && other < 20; other++) {
        String sender = "s" + i + "-" + other;
        byte[] little = new byte[64 << 10];
        parts.add("all", new Header(sender, 0, false, 0, Parts.MOST_BYTES, 0), little, 0);
      }
    }
    assertThat(whole).hasSize(Parts.MOST_BYTES);
  }

  /** An id is a part of the subjects at which a member is answered. */
  @Test
  void aSenderOfWhichTheBrokerCouldMakeAnotherLineIsMalformed() {
    for (String id : List.of("", "a b", "a\r\nPUB x 0\r\n", "a.b", "*", ">", "ä", "a".repeat(65))) {
      Output out = new Output(0);
      new Header(id, 0, false, 0, 0, 0).write(out);
      Input in = new Input(out.toArray(), 0, out.length(), 0, 0, 1 << 20);
      assertThat(catchThrowable(() -> Header.read(in))).as(id).isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void whatMembersAreCalledHoldsNothingThatIsAnotherLineWhereItIsShown() throws Exception {
    MemberState state =
        new MemberState(
            new Member("a", "x\ndiffers: y\u001b[2J\u202e", Set.of(), "s\r", "d", "m\n", "1\n", 0),
            1,
            false,
            false,
            Map.of(),
            Map.of("f\n", 1L));
    byte[] frame = FrameCodec.encode(new Frame.State(state), 0);
    Frame.State read =
        (Frame.State) FrameCodec.decode(frame[0], new Input(frame, 5, frame.length, 0, 0, 1 << 20));
    assertThat(read.state().member().name()).isEqualTo("x?differs: y?[2J?");
    assertThat(read.state().member().site()).isEqualTo("s?");
    assertThat(read.state().member().map()).isEqualTo("m?");
    assertThat(read.state().member().version()).isEqualTo("1?");
    assertThat(read.state().figures()).containsKey("f?");
  }

  /** Thirty megabytes of the same octet take thirty kilobytes compressed. */
  @Test
  void aTextThatIsMuchLongerThanItsMessageIsMalformed() {
    byte[] frame =
        FrameCodec.encode(new Frame.Inventory("d", "x".repeat(30_000_000)), AnyFrame.NANOS);
    assertThat(frame).hasSizeLessThan(200_000);
    assertThat(thrown(frame, 96 << 20)).hasMessage("takes too much memory");
    assertThat(thrown(frame, 200 << 20)).isNull();
  }
}
