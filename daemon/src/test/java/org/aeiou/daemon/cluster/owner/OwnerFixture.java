package org.aeiou.daemon.cluster.owner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.testing.Users;

/** A member that owns {@code core1}, as members {@code a} and {@code b} ask for it. */
abstract class OwnerFixture {
  static final Epoch FIRST = new Epoch(1, 7);
  static final Epoch SECOND = new Epoch(1, 9);
  static final Question NAME = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"));
  static final Question LOCATION = new Question.Get(Oid.parse("1.3.6.1.2.1.1.6.0"));
  static final long MOST_BYTES = 1 << 24;
  static final long MILLI = 1_000_000;

  private static final Slots SLOTS = new Slots(256);

  static final Owners OWNERS =
      new Owners() {
        @Override
        public Slots slots() {
          return SLOTS;
        }

        @Override
        public Owner of(int slot) {
          return null;
        }

        @Override
        public void listen(IntConsumer slot) {}
      };

  long now = -5_000_000_000L; // a ticker may be negative
  final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };

  /** What was sent, in order. */
  final List<Sent> sent = new ArrayList<>();

  /** What is to be done later, in order. */
  final List<Runnable> later = new ArrayList<>();

  boolean isGivenAway;
  boolean isConnected = true;
  IntPredicate isOwned = slot -> true;
  Epoch writes = FIRST;
  Epoch reads = FIRST;
  final Map<String, String> names = new HashMap<>(Map.of("a", "reader-a", "b", "reader-b"));
  final List<Dependent> observed = new ArrayList<>();
  final Authority authority =
      new Authority() {
        @Override
        public Epoch writes(int slot) {
          return isOwned.test(slot) ? writes : null;
        }

        @Override
        public Epoch reads(int slot) {
          return isOwned.test(slot) ? reads : null;
        }
      };
  final OwnedSystems owned =
      new OwnedSystems(
          new Sender() {
            @Override
            public boolean toMember(String id, Frame frame) {
              return send(id, frame);
            }

            @Override
            public boolean toSlot(int slot, Frame frame) {
              return send("slot " + slot, frame);
            }
          },
          (nanos, task) -> later.add(task),
          authority,
          OWNERS,
          this::system,
          names::get,
          Users::requester,
          ticker);
  final CacheBound bound = new CacheBound(MOST_BYTES, ticker);
  final ReadingCache cache = new ReadingCache(ticker, owned.listener(observer()), bound);
  final ScriptedQueue core1 = new ScriptedQueue(cache);

  record Sent(String to, Frame frame) {}

  private OwnedSystem system(String name) {
    return name.equals("core1") ? new OwnedSystem(isGivenAway ? null : core1, cache) : null;
  }

  CacheListener observer() {
    return new CacheListener() {
      @Override
      public void changed(
          Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {
        observed.add(dependent);
      }

      @Override
      public void confirmed(Dependent dependent) {
        observed.add(dependent);
      }
    };
  }

  boolean send(String to, Frame frame) {
    if (isConnected) {
      sent.add(new Sent(to, frame));
    }
    return isConnected;
  }

  /** Does what is to be done later. */
  void settle() {
    while (!later.isEmpty()) {
      later.remove(0).run();
    }
  }

  /** What was told to all that follow the slot. */
  List<Frame> told() {
    return sent.stream()
        .filter(one -> one.to().equals("slot " + OWNERS.slotOf("core1")))
        .map(Sent::frame)
        .toList();
  }

  void pass(long millis) {
    now += millis * MILLI;
  }

  Reading<Value> text(String text) {
    return Reading.of(
        new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(UTF_8)),
        now,
        1_000_000 + now / MILLI);
  }

  static Frame.Ask ask(long exchange, Frame.Wanted... wanted) {
    return new Frame.Ask(exchange, FIRST, "core1", 5_000, true, List.of(wanted));
  }

  /** A reading as old as that is good enough. */
  static Frame.Wanted wanted(Question question, long mostAgeMillis) {
    return new Frame.Wanted(question, mostAgeMillis, 10_000);
  }

  static Frame.Wanted set() {
    return wanted(
        new Question.Set(
            List.of(
                new Question.Assignment(
                    Oid.parse("1.3.6.1.2.1.1.6.0"),
                    null,
                    new Value.Numeric(Value.NumberType.INTEGER, 1))),
            () -> {}),
        0);
  }

  /** The last reply. */
  Frame.Reply reply() {
    return (Frame.Reply) sent.get(sent.size() - 1).frame();
  }

  /** The last refusal. */
  Frame.Refusal refusal() {
    return (Frame.Refusal) sent.get(sent.size() - 1).frame();
  }

  long count(String metric) {
    return owned.metrics().values().get(metric);
  }
}
