package org.aeiou.daemon.cluster.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.codec.Input;
import org.aeiou.daemon.cluster.member.Epoch;

/**
 * Prints what it costs to write a frame and to read it, for each value in it, next to making the
 * same objects anew and copying as many octets by hand: a program, not a test.
 */
final class MessageCost {
  private static final int VALUES = 20;
  private static final int ROUNDS = 200_000;
  private static final Epoch EPOCH = new Epoch(1_700_000_000_000_000_000L, 4711);
  private static final Oid COLUMN = Oid.parse("1.3.6.1.2.1.31.1.1.1.6");

  /** Kept, so that the compiler does not leave out what makes it. */
  private static long sum;

  private MessageCost() {}

  public static void main(String[] arguments) throws Exception {
    SplittableRandom random = new SplittableRandom(17);
    List<Frame.Wanted> wanted = new ArrayList<>();
    List<Outcome<Value>> counters = new ArrayList<>();
    List<Outcome<Value>> texts = new ArrayList<>();
    List<Frame.Held> held = new ArrayList<>();
    for (int i = 1; i <= VALUES; i++) {
      Question question = new Question.Get(COLUMN.append(i));
      wanted.add(new Frame.Wanted(question, 5000, 10_000));
      counters.add(
          reading(new Value.Numeric(Value.NumberType.COUNTER64, random.nextLong() >>> 20)));
      texts.add(
          reading(
              new Value.Octets(
                  Value.OctetsType.OCTETS, ("GigabitEthernet0/" + i).getBytes(US_ASCII))));
      held.add(new Frame.Held(question, counters.get(i - 1)));
    }
    System.out.println("                  bytes  write   read  anew  copy   (ns, of each value)");
    print("ask", new Frame.Ask(1, EPOCH, "lon/edge17", 2000, true, wanted));
    print("reply, counters", new Frame.Reply(1, EPOCH, counters, null));
    print("reply, texts", new Frame.Reply(1, EPOCH, texts, null));
    print("changed", new Frame.Changed(EPOCH, "lon/edge17", held));
    if (sum == 42) {
      System.out.println();
    }
  }

  private static Outcome<Value> reading(Value value) {
    return new Reading<>(value, AnyFrame.NANOS - 1_500_000, AnyFrame.MILLIS, AnyFrame.MILLIS - 60);
  }

  private static void print(String name, Frame frame) throws Exception {
    byte[] bytes = FrameCodec.encode(frame, AnyFrame.NANOS);
    double write = 0;
    double read = 0;
    double anew = 0;
    double copy = 0;
    for (int run = 0; run < 3; run++) { // the last counts
      write = nanos(() -> sum += FrameCodec.encode(frame, AnyFrame.NANOS).length);
      read = nanos(() -> sum += decoded(bytes).hashCode() & 1);
      anew = nanos(() -> sum += made(frame).size());
      copy = nanos(() -> sum += bytes.clone()[5]);
    }
    System.out.printf(
        "%-16s  %5.1f  %5.0f  %5.0f %5.0f %5.1f%n",
        name, (double) bytes.length / VALUES, write, read, anew, copy);
  }

  private static double nanos(Runnable task) {
    long begin = System.nanoTime();
    for (int i = 0; i < ROUNDS; i++) {
      task.run();
    }
    return (double) (System.nanoTime() - begin) / ROUNDS / VALUES;
  }

  /** What the frame has, made of nothing but the parts of what it has. */
  private static List<Object> made(Frame frame) {
    List<Object> all = new ArrayList<>();
    if (frame instanceof Frame.Ask ask) {
      for (Frame.Wanted each : ask.wanted()) {
        Oid oid = ((Question.Get) each.question()).oid();
        all.add(new Frame.Wanted(new Question.Get(Oid.of(oid.toArray())), each.mostAgeMillis(), 0));
      }
    } else if (frame instanceof Frame.Reply reply) {
      reply.outcomes().forEach(each -> all.add(made((Reading<Value>) each)));
    } else if (frame instanceof Frame.Changed changed) {
      for (Frame.Held each : changed.readings()) {
        Oid oid = ((Question.Get) each.question()).oid();
        all.add(
            new Frame.Held(
                new Question.Get(Oid.of(oid.toArray())), made((Reading<Value>) each.outcome())));
      }
    }
    return all;
  }

  private static Reading<Value> made(Reading<Value> reading) {
    return reading.with(
        reading.value() instanceof Value.Numeric numeric
            ? new Value.Numeric(numeric.type(), numeric.number())
            : new Value.Octets(
                Value.OctetsType.OCTETS, ((Value.Octets) reading.value()).octets().clone()));
  }

  private static Object decoded(byte[] bytes) {
    try {
      Input in = new Input(bytes, 5, bytes.length, AnyFrame.NANOS, AnyFrame.MILLIS, 1 << 26);
      Frame frame = FrameCodec.decode(bytes[0], in);
      return frame instanceof Frame.Ask ? "ask" : "another";
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
