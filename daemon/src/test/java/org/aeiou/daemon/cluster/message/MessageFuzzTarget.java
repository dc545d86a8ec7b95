package org.aeiou.daemon.cluster.message;

import com.google.common.base.Ticker;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import org.aeiou.daemon.cluster.codec.MalformedMessage;

/**
 * What a coverage-guided fuzzer runs: bytes are a message of another member. Whatever they are,
 * nothing is thrown, and what is understood of them can be sent on and means the same there. See
 * {@link MessageFuzzIT}.
 */
public final class MessageFuzzTarget {
  private static final Ticker TICKER =
      new Ticker() {
        @Override
        public long read() {
          return AnyFrame.NANOS;
        }
      };

  private final MessageCounters counters = new MessageCounters();
  private final Consumer<byte[]> inbox =
      new Inbox(
              "self",
              new Tickers(),
              TICKER,
              () -> Instant.ofEpochMilli(AnyFrame.MILLIS),
              counters,
              type -> (sender, frame, age) -> sendOn(frame))
          .subject("members");

  /** Called by the fuzzer for each input. */
  public static void fuzzerTestOneInput(byte[] input) {
    new MessageFuzzTarget().take(input);
  }

  /** Throws if the message is not taken in as it should be. */
  void take(byte[] message) {
    inbox.accept(message);
    // What a receiver throws is counted by the program, and is a failure of this test.
    if (counters.failed.sum() > 0) {
      throw new AssertionError("a frame cannot be sent on");
    }
  }

  /** How many frames were understood. */
  long understood() {
    return counters.receivedFrames.sum();
  }

  private static void sendOn(Frame frame) {
    byte[] once = FrameCodec.encode(frame, AnyFrame.NANOS);
    try {
      byte[] twice =
          FrameCodec.encode(
              FrameCodecTest.back(once, AnyFrame.NANOS, AnyFrame.MILLIS), AnyFrame.NANOS);
      if (!Arrays.equals(once, twice)) {
        throw new IllegalStateException(frame + " is another one when it is sent on");
      }
    } catch (MalformedMessage e) {
      throw new IllegalStateException(frame + " is not understood when it is sent on", e);
    }
  }
}
