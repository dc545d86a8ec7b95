package org.aeiou.daemon.cluster.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.codec.TravelledNumber;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventKind;
import org.slf4j.event.Level;

/** Makes frames of all types, with all that may be in them. */
final class AnyFrame {
  static final long NANOS = 1_000_000_000_000_000L;
  static final long MILLIS = 1_700_000_000_000L;

  private final SplittableRandom random;

  AnyFrame(SplittableRandom random) {
    this.random = random;
  }

  Frame next() {
    return switch (random.nextInt(15)) {
      case 0 -> new Frame.State(state());
      case 1 ->
          new Frame.Ask(
              random.nextLong(),
              maybe(this::epoch),
              text(),
              random.nextInt(60_000),
              random.nextBoolean(),
              list(() -> new Frame.Wanted(question(), random.nextInt(9), random.nextInt(99_999))));
      case 2 -> new Frame.Cancel(random.nextLong());
      case 3 ->
          new Frame.Reply(
              random.nextLong(), maybe(this::epoch), list(this::outcome), maybe(this::health));
      case 4 -> new Frame.Refusal(random.nextLong(), any(Frame.Refusal.Why.values()), text());
      case 5 ->
          new Frame.Changed(
              maybe(this::epoch), text(), list(() -> new Frame.Held(question(), outcome())));
      case 6 -> new Frame.Condition(epoch(), text(), health());
      case 7 -> new Frame.Notified(notification());
      case 8 -> new Frame.Happened(event(), random.nextInt(1 << 30));
      case 11 -> new Frame.Doubted(list(this::text));
      case 12 -> new Frame.InventoryWanted(text());
      case 13 -> new Frame.Inventory(text(), text().repeat(random.nextInt(99)));
      case 9 -> new Frame.PageWanted(random.nextInt(1024), maybe(this::epoch));
      case 10 ->
          new Frame.Page(
              random.nextInt(1024),
              text(),
              list(() -> new Frame.Kept(question(), outcome(), random.nextInt(1 << 30))),
              maybe(this::text));
      default -> new Frame.Offer(random.nextInt(1024));
    };
  }

  private <T> T any(T[] all) {
    return all[random.nextInt(all.length)];
  }

  private <T> T maybe(Supplier<T> made) {
    return random.nextBoolean() ? made.get() : null;
  }

  private <T> List<T> list(Supplier<T> made) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      list.add(made.get());
    }
    return list;
  }

  private String text() {
    return any(new String[] {"", "core1", "lon/core1", "Grüße ∕ 😀", "x".repeat(300)});
  }

  private long number() {
    return random.nextLong() >> random.nextInt(64);
  }

  private Epoch epoch() {
    return new Epoch(1_700_000_000_000_000_000L + random.nextInt(), random.nextInt(1 << 30));
  }

  private Oid oid() {
    int[] ids = new int[1 + random.nextInt(random.nextInt(10) == 0 ? 128 : 14)];
    int[] common = {1, 3, 6, 1, 2, 1, 2, 2, 1, 10};
    int shared = random.nextInt(11);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i < shared ? common[i] : (int) number();
    }
    return Oid.of(ids);
  }

  Question question() {
    return switch (random.nextInt(6)) {
      case 0 -> new Question.Get(oid(), maybe(this::oid));
      case 1 -> Question.Get.withProbes(oid().prefix(1).append(0));
      case 2 -> {
        List<Oid> speeds = list(this::oid);
        yield new Question.Sample(
            List.of(oid(), oid()),
            maybe(this::oid),
            maybe(this::oid),
            speeds,
            new Question.CounterMeaning(
                text(),
                random.nextInt(9),
                speeds.stream().map(each -> (long) random.nextInt(1 << 20)).toList(),
                random.nextBoolean()));
      }
      case 3 -> new Question.Probe(oid());
      case 4 ->
          new Question.Walk(
              List.of(oid(), oid()),
              random.nextBoolean(),
              maybe(this::oid),
              random.nextInt(Integer.MAX_VALUE));
      default ->
          new Question.Set(
              List.of(new Question.Assignment(oid(), maybe(this::oid), single())), () -> {});
    };
  }

  Value.Single single() {
    byte[] octets = new byte[random.nextInt(40)];
    random.nextBytes(octets);
    return switch (random.nextInt(5)) {
      case 0 -> new Value.Numeric(any(Value.NumberType.values()), number());
      case 1 -> new Value.Octets(any(Value.OctetsType.values()), octets);
      case 2 ->
          new Value.Octets(
              any(Value.OctetsType.values()), octets, octets.length + 1 + random.nextInt(9));
      case 3 -> new Value.Identifier(random.nextBoolean() ? oid() : Oid.EMPTY);
      default -> travelled();
    };
  }

  private TravelledNumber travelled() {
    return new TravelledNumber(
        text(),
        maybe(() -> new org.aeiou.daemon.backend.Derived.Missing(text(), number())),
        Map.of("quality", text(), "raw", "1.5"),
        maybe(this::sample));
  }

  private CounterSample sample() {
    return new CounterSample(
        random.nextInt(3),
        maybe(() -> new Value.Numeric(Value.NumberType.COUNTER64, number())),
        maybe(() -> new Value.Octets(Value.OctetsType.OCTETS, new byte[] {1, 2})),
        random.nextInt(),
        maybe(() -> new Value.Numeric(Value.NumberType.TIME, random.nextInt(1 << 30))),
        number() >>> 1);
  }

  private Value value() {
    return switch (random.nextInt(6)) {
      case 0 -> new Value.Guarded(maybe(this::single), maybe(this::single));
      case 1 -> new Value.Rows(list(() -> new Value.Row(oid(), list(() -> maybe(this::single)))));
      case 2 -> Value.DONE;
      case 3 -> sample();
      default -> single();
    };
  }

  Outcome<Value> outcome() {
    long ageMicros = random.nextInt(1 << random.nextInt(1, 31));
    long taken = NANOS - 1000 * ageMicros;
    long takenMillis = MILLIS - ageMicros / 1000;
    return switch (random.nextInt(5)) {
      case 0 -> new Absent<>(taken, takenMillis);
      case 1 -> new Failure<>(any(Failure.Reason.values()), text());
      default -> new Reading<>(value(), taken, takenMillis, takenMillis - random.nextInt(1 << 30));
    };
  }

  private long time() {
    return NANOS + 1000L * random.nextInt();
  }

  Health health() {
    return new Health(
        any(Health.BreakerState.values()),
        time(),
        time(),
        number(),
        time(),
        maybe(this::text),
        random.nextInt(99),
        random.nextInt(99),
        random.nextInt(99),
        number(),
        maybe(
            () ->
                new Health.Pace(
                    maybe(() -> new Rate(0.5, 7)),
                    maybe(this::text),
                    maybe(() -> new Rate(20, 1)),
                    random.nextBoolean(),
                    number() >>> 1,
                    number() >>> 1)),
        list(this::text),
        list(this::text),
        new Learned(maybe(this::bound), maybe(this::bound), maybe(this::bound), -1, number()));
  }

  private Learned.Bound bound() {
    return new Learned.Bound(number() >>> 1, Duration.ofMillis(random.nextInt(1 << 30)));
  }

  private Event event() {
    return new Event(
        any(EventKind.values()), text(), any(Level.values()), text(), fields(), maybe(this::text));
  }

  private Map<String, Object> fields() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("source", "10.0.0.1");
    details.put("none", null);
    details.put("inform", true);
    details.put("uptime_ms", number());
    details.put("share", 0.25);
    details.put("several", Arrays.asList("a", 1L, null, Map.of("deep", List.of(2L))));
    return details;
  }

  private Notification notification() {
    return new Notification(
        list(this::text),
        oid(),
        list(() -> new Notification.Named(oid(), maybe(this::single))),
        fields());
  }

  private MemberState state() {
    Map<Integer, Epoch> slots = new TreeMap<>();
    for (int i = random.nextInt(300); i > 0; i--) {
      slots.put(random.nextInt(1024), epoch());
    }
    return new MemberState(
        new Member(
            "0123456789abcdef",
            "host:17",
            random.nextBoolean() ? EnumSet.allOf(Role.class) : EnumSet.of(Role.READ),
            "site",
            "digest",
            random.nextBoolean() ? "" : "256-3f9a1234",
            "1.0",
            MILLIS),
        random.nextInt(1 << 30),
        random.nextBoolean(),
        random.nextBoolean(),
        slots,
        Map.of("queued", number(), "hits", number()));
  }
}
