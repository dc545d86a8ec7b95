package org.aeiou.daemon.cluster.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.aeiou.daemon.cluster.message.Post;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;
import org.junit.jupiter.api.Test;

/** A hand-over as messages, between members of which one is newer than the other. */
final class HandoverMessagesTest {
  private static final Slots SLOTS = new Slots(4);
  private static final int SLOT = SLOTS.of("core1");
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Freshness FRESHNESS = new Freshness(10 * SECOND, 5 * SECOND);
  private static final Question QUESTION = new Question.Get(Oid.parse("1.3.6.1.2.1.1.6.0"), null);
  private static final Learned STRICT =
      new Learned(new Learned.Bound(12, Duration.ofMinutes(20)), null, null, 2_000_000, 300_000);

  private final MemoryNetwork net = new MemoryNetwork();
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  /** What is sent through it comes from a program of a later minor version. */
  private record Later(Broker broker) implements Broker {
    private static byte[] later(byte[] message) {
      message[5] = (byte) (message[5] + 7); // see Header of cluster.message
      return message;
    }

    @Override
    public boolean send(String subject, byte[] message) {
      return broker.send(subject, later(message));
    }

    @Override
    public boolean send(String subject, byte[] message, Runnable unheard) {
      return broker.send(subject, later(message), unheard);
    }

    @Override
    public Closeable subscribe(String subject, Consumer<byte[]> handler) {
      return broker.subscribe(subject, handler);
    }

    @Override
    public State state() {
      return broker.state();
    }

    @Override
    public void listen(Consumer<State> listener) {
      broker.listen(listener);
    }

    @Override
    public int mostBytes() {
      return broker.mostBytes();
    }

    @Override
    public long roundTripNanos() {
      return broker.roundTripNanos();
    }

    @Override
    public void close() {
      broker.close();
    }
  }

  private final class Member implements HeldSystems {
    private final HandedQueue queue = new HandedQueue();
    private final ReadingCache cache =
        new ReadingCache(
            net.ticker(), HandoverWorld.UNHEARD, new CacheBound(1 << 20, net.ticker()));
    private final LearnedSystems learned =
        new LearnedSystems(net.clock(), new EventLog(net.clock()));
    private final Handover handover;

    Member(Post post) {
      learned.opened("core1", "10.0.0.1:161", learned.profile("core1", "10.0.0.1:161"), queue);
      handover =
          new Handover(
              post::toMember,
              post::toAll,
              this,
              slot -> List.of(),
              SLOTS,
              learned,
              Shelf.NONE,
              (nanos, task) -> tasks.add(task),
              net.ticker(),
              net.clock());
      post.receive(Frame.PageWanted.class, (from, frame, age) -> handover.wanted(from, frame));
      post.receive(Frame.Page.class, (from, frame, age) -> handover.received(from, frame));
    }

    @Override
    public Held named(String system) {
      return system.equals("core1") ? new Held("core1", cache, queue) : null;
    }

    @Override
    public Collection<Held> of(int slot) {
      return slot == SLOT ? List.of(named("core1")) : List.of();
    }
  }

  /** All that is due at once happens; what is to be kept in minutes does not. */
  private void settle() {
    for (int i = 0; i < 5; i++) {
      List<Runnable> due = new ArrayList<>(tasks);
      tasks.clear();
      due.forEach(Runnable::run);
      net.deliver();
    }
  }

  private Value known(Member old) {
    Value value = new Value.Octets(Value.OctetsType.OCTETS, new byte[] {1, 2, 3});
    old.cache.open(QUESTION, FRESHNESS).answered();
    old.cache.accept(QUESTION, Reading.of(value, net.ticker().read(), net.clock().millis()));
    old.handover.acquired(SLOT, new Epoch(1, 1));
    old.queue.heardOf = true;
    old.queue.learned = STRICT;
    net.advance(4 * SECOND);
    return value;
  }

  private void isAsOldAsItIs(Member next, Value value) {
    Outcome<Value> held = next.cache.find(QUESTION).outcome();
    assertThat(((Reading<Value>) held).value()).isEqualTo(value);
    assertThat((net.ticker().read() - Slot.takenNanos(held)) / SECOND).isBetween(3L, 4L);
    assertThat(next.queue.learned).isEqualTo(STRICT);
  }

  @Test
  void anOlderMemberIsGivenASlotByANewerOne() {
    Member old = new Member(net.post("old", new Later(net.connect("old"))));
    Member next = new Member(net.post("next"));
    Value value = known(old);
    List<String> released = new ArrayList<>();
    old.handover.give(SLOT, "next", () -> released.add("released"));
    settle();
    assertThat(released).containsExactly("released");
    isAsOldAsItIs(next, value);
    next.handover.acquired(SLOT, new Epoch(1, 2));
    assertThat(next.handover.metrics().values()).containsEntry("wanted", 0L);
  }

  @Test
  void aNewerMemberAsksAnOlderOneWhatItHolds() {
    Member old = new Member(net.post("old"));
    Member next = new Member(net.post("next", new Later(net.connect("next"))));
    Value value = known(old);
    next.handover.acquired(SLOT, new Epoch(1, 2));
    settle();
    isAsOldAsItIs(next, value);
  }
}
