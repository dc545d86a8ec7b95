package org.aeiou.daemon.cluster.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.codec.Output;
import org.aeiou.daemon.cluster.codec.TravelledNumber;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.metrics.Events;
import org.junit.jupiter.api.Test;

/**
 * What each frame is as bytes, in version 1. Members of two releases hear each other only if this
 * stays: what changes here is another minor version, and another major one if a line changes.
 */
final class FrameBytesTest {
  private static final Path FILE = Path.of("src/test/resources/cluster/messages-1.txt");
  private static final long NOW = 1_000_000_000_000L;
  private static final Epoch EPOCH = new Epoch(1_700_000_000_000_000_000L, 77);
  private static final Oid NAME = Oid.parse("1.3.6.1.2.1.1.5.0");
  private static final Oid IN = Oid.parse("1.3.6.1.2.1.2.2.1.10.3");
  private static final Oid LABEL = Oid.parse("1.3.6.1.2.1.31.1.1.1.1.3");

  private static Map<String, Frame> frames() {
    Map<String, Frame> frames = new LinkedHashMap<>();
    frames.put("state", new Frame.State(state("")));
    frames.put("state-map", new Frame.State(state("256-3f9a1234")));
    frames.put("ask", ask(7, new Question.Get(NAME), new Question.Get(IN, LABEL)));
    frames.put("ask-scalar", ask(8, Question.Get.withProbes(NAME)));
    frames.put(
        "ask-sample",
        ask(
            9,
            new Question.Sample(
                List.of(IN),
                LABEL,
                Oid.parse("1.3.6.1.2.1.31.1.1.1.19.3"),
                List.of(Oid.parse("1.3.6.1.2.1.2.2.1.5.3")),
                new Question.CounterMeaning("ifTable", 8, List.of(1L), true))));
    frames.put("ask-probe", ask(10, new Question.Probe(Oid.parse("1.3.6.1.2.1.2"))));
    frames.put("ask-walk", ask(11, new Question.Walk(List.of(IN.prefix(10)), true, NAME, 100)));
    frames.put(
        "ask-set",
        ask(
            12,
            new Question.Set(
                List.of(new Question.Assignment(NAME, null, octets("new"))), () -> {})));
    frames.put("cancel", new Frame.Cancel(7));
    int number = 0;
    for (Value value : values()) {
      frames.put("reply-" + number++, new Frame.Reply(7, EPOCH, List.of(reading(value)), null));
    }
    frames.put(
        "reply-health",
        new Frame.Reply(
            7,
            null,
            List.of(
                new Absent<>(NOW - 2_000_000, 0),
                new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer")),
            health()));
    int reason = 0;
    for (Failure.Reason each : Failure.Reason.values()) {
      frames.put(
          "failure-" + reason++, new Frame.Reply(1, null, List.of(new Failure<>(each, "")), null));
    }
    int refusal = 0;
    for (Frame.Refusal.Why why : Frame.Refusal.Why.values()) {
      frames.put("refusal-" + refusal++, new Frame.Refusal(7, why, "not here"));
    }
    frames.put(
        "changed",
        new Frame.Changed(
            EPOCH, "core1", List.of(new Frame.Held(new Question.Get(NAME), reading(octets("n"))))));
    frames.put("condition", new Frame.Condition(EPOCH, "core1", health()));
    frames.put(
        "notified",
        new Frame.Notified(
            new Notification(
                List.of("core1"),
                NAME,
                List.of(new Notification.Named(IN, null)),
                Map.of("inform", true))));
    frames.put(
        "happened", new Frame.Happened(Events.up("core1", 5000, "timeout", "no answer"), 1500));
    frames.put("doubted", new Frame.Doubted(List.of("core1")));
    frames.put("inventory-wanted", new Frame.InventoryWanted("d1"));
    frames.put("page-wanted", new Frame.PageWanted(255, EPOCH));
    frames.put(
        "page",
        new Frame.Page(
            255,
            "core1",
            List.of(new Frame.Kept(new Question.Get(NAME), reading(octets("n")), 600_000)),
            "learned"));
    frames.put("page-end", new Frame.Page(255, "", List.of(), null));
    frames.put("offer", new Frame.Offer(255));
    return frames;
  }

  /**
   * How a member is.
   *
   * @param map empty for one of minor version 0
   */
  private static MemberState state(String map) {
    return new MemberState(
        new Member("0123456789abcdef", "h:1", Set.of(Role.POLL), "lon", "d1", map, "1.2", 1234567),
        42,
        true,
        false,
        Map.of(3, EPOCH, 4, EPOCH, 200, new Epoch(EPOCH.incarnation(), 78)),
        Map.of("systems", 12L));
  }

  private static Frame ask(long exchange, Question... questions) {
    return new Frame.Ask(
        exchange,
        EPOCH,
        "core1",
        5000,
        true,
        List.of(questions).stream().map(each -> new Frame.Wanted(each, 15_000, 60_000)).toList());
  }

  private static Value.Octets octets(String text) {
    return new Value.Octets(
        Value.OctetsType.OCTETS, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Outcome<Value> reading(Value value) {
    return new Reading<>(value, NOW - 1_500_000, 500_000, 400_000);
  }

  private static List<Value> values() {
    Value.Numeric counter = new Value.Numeric(Value.NumberType.COUNTER64, -1);
    CounterSample sample = new CounterSample(0, counter, octets("eth0"), 4711, null, 1_000_000);
    return List.of(
        new Value.Numeric(Value.NumberType.INTEGER, -2),
        new Value.Numeric(Value.NumberType.COUNTER32, 1_000_000),
        counter,
        new Value.Numeric(Value.NumberType.GAUGE, 5),
        new Value.Numeric(Value.NumberType.TIME, 100),
        octets("core1"),
        new Value.Octets(Value.OctetsType.ADDRESS, new byte[] {10, 0, 0, 1}),
        new Value.Octets(Value.OctetsType.OPAQUE, new byte[] {1, 2}),
        new Value.Octets(Value.OctetsType.OCTETS, new byte[] {1, 2}, 300),
        new Value.Identifier(NAME),
        new Value.Guarded(counter, octets("eth0")),
        new Value.Rows(
            List.of(
                new Value.Row(Oid.of(1), List.of(octets("eth0"), counter)),
                new Value.Row(Oid.of(2), java.util.Arrays.asList(octets("eth1"), null)))),
        Value.DONE,
        sample,
        new TravelledNumber("12.5", null, Map.of("quality", "ok"), sample),
        new TravelledNumber(
            "no", new Derived.Missing("no", 5_000_000_000L), Map.of("quality", "reset"), null));
  }

  private static Health health() {
    return new Health(
        Health.BreakerState.OPEN,
        NOW + 5_000_000_000L,
        NOW - 60_000_000_000L,
        1_200_000,
        NOW - 61_000_000_000L,
        "no answer",
        20,
        1,
        2,
        900_000,
        new Health.Pace(new Rate(20, 5), "lon", new Rate(100, 1), true, 3, 4_000_000),
        List.of("walks"),
        List.of("is slow"),
        org.aeiou.closures.exchange.Learned.NOTHING);
  }

  private static String written(Frame frame) {
    return HexFormat.of().formatHex(FrameCodec.encode(frame, NOW));
  }

  @Test
  void framesAreTheBytesThatOtherReleasesKnow() throws Exception {
    StringBuilder made = new StringBuilder();
    frames().forEach((name, frame) -> made.append(name + " " + written(frame) + "\n"));
    if (Boolean.getBoolean("aeiou.golden.write")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, made);
    }
    assertThat(made.toString()).isEqualTo(Files.readString(FILE));
  }

  @Test
  void whatOtherReleasesWriteIsUnderstood() throws Exception {
    Map<String, Frame> frames = frames();
    for (String line : Files.readAllLines(FILE)) {
      String[] words = line.split(" ", -1);
      byte[] bytes = HexFormat.of().parseHex(words[1]);
      Frame frame = FrameCodecTest.back(bytes, NOW, 500_001);
      assertThat(written(frame)).as(words[0]).isEqualTo(words[1]);
      assertThat(frame).as(words[0]).hasSameClassAs(frames.get(words[0]));
    }
  }

  @Test
  void theHeaderIsWhatOtherReleasesKnow() {
    Output out = new Output(0);
    new Header("0123456789abcdef", 1_000_000, true, -5, 300, 200).write(out);
    assertThat(HexFormat.of().formatHex(out.toArray()))
        .isEqualTo("4145495501011a03103031323334353637383961626364656680897a09ac02c801");
  }
}
