package org.aeiou.daemon.cluster.owner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.aeiou.daemon.cluster.message.Post;
import org.aeiou.daemon.testing.Users;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes in random worlds, between a member that asks and one that owns: messages are lost, late
 * and there twice, the owner is stopped for any time at any place, its ownership ends and begins
 * anew. A write is sent to the agent once at the most, by the ownership it named, and never after
 * its asker gave it up.
 */
class WritesModelTest {
  private static final long MILLI = 1_000_000;
  private static final int STEPS = 300;

  /** An owner that reads a clock of its own, which has nothing to do with that of the asker. */
  private static final long APART = 987_654_321_012_345L;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aWriteIsSentOnceAndNeverAfterItsTime(long seed) {
    int sent = 0;
    for (int i = 0; i < 40; i++) {
      sent += new World(seed * 1_000 + i).play();
    }
    assertThat(sent).as("seed %d: writes that were sent", seed).isGreaterThan(200);
  }

  private static final class World {
    private final long seed;
    private final SplittableRandom random;
    private final MemoryNetwork network = new MemoryNetwork();
    private final Ticker time = network.ticker();
    private final Post asker = post("a", time);
    private final Ticker ownerTime =
        new Ticker() {
          @Override
          public long read() {
            return time.read() + APART;
          }
        };
    private final Post owner = post("o", ownerTime);
    private final ScriptedQueue queue = new ScriptedQueue(null);
    private final OwnedSystems owned;
    private final Exchanger<Question, Value> guarded;

    /** The ownership of the moment; null without one. */
    private Epoch epoch = new Epoch(1, 1);

    private long revision = 1;
    private long exchanges;

    /** Of each write, by what it sets. */
    private final Map<Oid, Frame.Ask> asked = new HashMap<>();

    private final Map<Oid, Long> givenUp = new HashMap<>();
    private final Set<Oid> done = new HashSet<>();

    /** What was sent, for a broker that delivers it once more. */
    private final List<MemoryNetwork.Message> messages = new ArrayList<>();

    private final Broker again = network.connect("again");

    /** Exchanges whose back end still prepares a message. */
    private final List<Exchange<Question, Value>> prepared = new ArrayList<>();

    World(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      Authority authority =
          new Authority() {
            @Override
            public Epoch writes(int slot) {
              return epoch;
            }

            @Override
            public Epoch reads(int slot) {
              return epoch;
            }
          };
      owned =
          new OwnedSystems(
              new Sender() {
                @Override
                public boolean toMember(String id, Frame frame) {
                  return owner.toMember(id, frame);
                }

                @Override
                public boolean toSlot(int slot, Frame frame) {
                  return owner.toSlot(slot, frame);
                }
              },
              (nanos, task) -> task.run(),
              authority,
              OwnerFixture.OWNERS,
              name -> new OwnedSystem(queue, null),
              id -> id,
              Users::requester,
              ownerTime);
      guarded = owned.guard("core1", new BackEnd(), object -> null);
      owner.receive(Frame.Ask.class, owned::ask);
      owner.receive(Frame.Cancel.class, (from, frame, age) -> owned.cancel(from, frame));
      network.delaying(
          message -> {
            messages.add(message);
            return random.nextInt(4) == 0 ? random.nextLong(8_000 * MILLI) : random.nextLong(MILLI);
          });
      network.dropping(message -> random.nextInt(10) == 0);
      network.duplicating(message -> random.nextInt(5) == 0 ? 2 : 1);
    }

    private Post post(String id, Ticker ticker) {
      Post post =
          new Post(
              network.connect(id),
              MemoryNetwork.SUBJECTS,
              id,
              ticker,
              network.clock(),
              Runnable::run);
      post.start();
      return post;
    }

    /** Sends what it was given when the test says so. */
    private final class BackEnd implements Exchanger<Question, Value> {
      @Override
      public Object kind(Question key) {
        return null;
      }

      @Override
      public void start(Exchange<Question, Value> exchange) {
        prepared.add(exchange);
      }
    }

    int play() {
      for (int i = 0; i < STEPS; i++) {
        network.advance(random.nextLong(50 * MILLI));
        if (random.nextInt(60) == 0) {
          // The owner's process is stopped: all waits in its buffers.
          network.advance(random.nextLong(12_000 * MILLI));
        }
        step();
        network.deliver();
      }
      return done.size();
    }

    private void step() {
      switch (random.nextInt(9)) {
        case 0, 1 -> write();
        case 2 -> heartbeat();
        case 3, 4 -> start();
        case 5, 6 -> send();
        case 7 -> repeat();
        default -> ownership();
      }
    }

    private void write() {
      Oid oid = Oid.parse("1.3.6.1.4.1." + ++exchanges);
      Question set =
          new Question.Set(
              List.of(
                  new Question.Assignment(
                      oid, null, new Value.Numeric(Value.NumberType.INTEGER, 1))),
              () -> {});
      long timeout = 1L + random.nextInt(5_000);
      // Now and then an asker has not heard of the last change.
      Epoch known = epoch == null || random.nextInt(6) == 0 ? new Epoch(1, revision - 1) : epoch;
      Frame.Ask ask =
          new Frame.Ask(
              exchanges, known, "core1", timeout, true, List.of(new Frame.Wanted(set, 0, 10_000)));
      asked.put(oid, ask);
      givenUp.put(oid, time.read() + timeout * MILLI);
      asker.toMember("o", ask);
    }

    /** One of the last messages comes once more. */
    private void repeat() {
      if (!messages.isEmpty()) {
        int back = 1 + random.nextInt(Math.min(20, messages.size()));
        MemoryNetwork.Message message = messages.get(messages.size() - back);
        again.send(message.subject(), message.bytes());
      }
    }

    private void heartbeat() {
      owner.toAll(state("o"));
      asker.toAll(state("a"));
    }

    private static Frame state(String id) {
      return new Frame.State(
          new MemberState(
              new Member(id, id, Set.of(), "", "", "", "1", 0),
              1,
              false,
              false,
              Map.of(),
              Map.of()));
    }

    /** The scheduler's turn: what is at the front is started, or has its outcome before. */
    private void start() {
      if (queue.pending.isEmpty()) {
        return;
      }
      ScriptedQueue.Pending<?> next = queue.pending.remove(0);
      if (random.nextInt(4) == 0) {
        next.cancelled(); // and the scheduler starts it nevertheless
      }
      guarded.start(exchange(next.question));
    }

    /** The back end has what it takes to send. */
    private void send() {
      if (prepared.isEmpty()) {
        return;
      }
      Exchange<Question, Value> exchange = prepared.remove(random.nextInt(prepared.size()));
      if (guarded.refusal(exchange) != null) {
        return;
      }
      Question.Set set = (Question.Set) exchange.items().get(0).key();
      Oid oid = set.assignments().get(0).oid();
      assertThat(done.add(oid)).as("seed %d: %s sent once", seed, oid).isTrue();
      assertThat(time.read() - givenUp.get(oid))
          .as("seed %d: %s sent after its asker gave it up", seed, oid)
          .isNegative();
      assertThat(epoch)
          .as("seed %d: %s by the ownership it named", seed, oid)
          .isEqualTo(asked.get(oid).epoch());
    }

    private void ownership() {
      if (random.nextInt(4) == 0) {
        epoch = epoch == null ? new Epoch(1, ++revision) : null;
      }
    }

    private static Exchange<Question, Value> exchange(Question question) {
      return new Exchange<>() {
        @Override
        public List<Item<Question>> items() {
          return List.of(new Item<>(question, null));
        }

        @Override
        public long timeoutNanos() {
          return 2_000 * MILLI;
        }

        @Override
        public int attempt() {
          return 1;
        }

        @Override
        public boolean answer(Answer<Value> answer) {
          return true;
        }
      };
    }
  }
}
