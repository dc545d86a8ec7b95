package org.aeiou.daemon.cluster.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.codec.Output;
import org.junit.jupiter.api.Test;

final class PostTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Broker broker = network.connect("a");
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Post a =
      new Post(broker, MemoryNetwork.SUBJECTS, "a", network.ticker(), network.clock(), tasks::add);
  private final Post b = network.post("b");
  private final List<String> told = new ArrayList<>();

  private void hear(Post post, String name) {
    post.receive(
        Frame.Offer.class,
        (sender, offer, age) -> told.add(name + " " + sender + " " + offer.slot()));
    post.receive(
        Frame.Doubted.class,
        (sender, doubted, age) ->
            told.add(name + " " + sender + " " + doubted.systems().get(0).length()));
  }

  /** A frame with a text in it. */
  private static Frame text(String text) {
    return new Frame.Doubted(List.of(text));
  }

  private void send() {
    while (!tasks.isEmpty()) {
      tasks.poll().run();
    }
    network.deliver();
  }

  private static long count(Post post, String name) {
    return post.metrics().values().get(name);
  }

  @Test
  void whatIsPutInBeforeItIsSentTravelsInOneMessageOfEachSubjectInItsOrder() {
    hear(b, "b");
    hear(network.post("c"), "c");
    for (int slot = 1; slot <= 3; slot++) {
      assertThat(a.toMember("b", new Frame.Offer(slot))).isTrue();
      a.toMember("c", new Frame.Offer(slot + 10));
    }
    assertThat(tasks).hasSize(1);
    send();
    assertThat(network.sent()).isEqualTo(2);
    assertThat(told).containsExactly("b a 1", "b a 2", "b a 3", "c a 11", "c a 12", "c a 13");
    assertThat(count(a, "sent-frames")).isEqualTo(6);
    assertThat(count(b, "received-frames")).isEqualTo(3);
  }

  @Test
  void whatAllAreToldGoesToAllButItsSender() {
    a.start();
    hear(a, "a");
    hear(b, "b");
    hear(network.post("c"), "c");
    a.toAll(new Frame.Offer(1));
    a.toEvents(text("{}"));
    send();
    assertThat(told).containsExactlyInAnyOrder("b a 1", "c a 1", "b a 2", "c a 2");
  }

  @Test
  void onlySubscribersOfASlotHearOfItForAsLongAsTheyAre() throws Exception {
    hear(b, "b");
    a.toSlot(7, new Frame.Offer(1));
    send();
    Closeable subscription = b.subscribe(7);
    a.toSlot(7, new Frame.Offer(2));
    a.toSlot(8, new Frame.Offer(3));
    send();
    subscription.close();
    a.toSlot(7, new Frame.Offer(4));
    send();
    assertThat(told).containsExactly("b a 2");
  }

  @Test
  void aBurstThatIsMoreThanAMessageIsAsManyAsItTakes() {
    network.mostBytes(1000);
    hear(b, "b");
    for (int i = 0; i < 100; i++) {
      a.toMember("b", text("x".repeat(50)));
    }
    send();
    assertThat(told).hasSize(100);
    assertThat(network.sent()).isBetween(6L, 8L);
  }

  @Test
  void aFrameThatIsLargerThanAMessageTravelsInParts() {
    network.mostBytes(1000);
    hear(b, "b");
    a.toMember("b", new Frame.Offer(1));
    a.toMember("b", text("x".repeat(100_000)));
    a.toMember("b", new Frame.Offer(2));
    send();
    assertThat(told).containsExactly("b a 1", "b a 100000", "b a 2");
  }

  @Test
  void aPartThatIsLostLosesItsFrameAndNoOther() {
    network.mostBytes(1000);
    hear(b, "b");
    long[] number = {0};
    network.dropping(message -> ++number[0] == 5);
    a.toMember("b", text("x".repeat(100_000)));
    a.toMember("b", text("y".repeat(5_000)));
    send();
    assertThat(told).containsExactly("b a 5000");
    assertThat(count(b, "malformed")).isPositive();
  }

  @Test
  void partsThatComeTwiceMakeNoOtherFrame() {
    network.mostBytes(1000);
    hear(b, "b");
    network.duplicating(message -> 2);
    a.toMember("b", text("x".repeat(5_000)));
    send();
    network.duplicating(message -> 1);
    a.toMember("b", text("x".repeat(6_000)));
    send();
    assertThat(told).containsExactly("b a 6000");
  }

  @Test
  void aMemberThatHearsNothingIsToldOfOnceForEachFrame() {
    int[] unheard = {0};
    a.toMember("gone", new Frame.Offer(1), () -> unheard[0]++);
    a.toMember("gone", new Frame.Offer(2), () -> unheard[0]++);
    a.toMember("gone", new Frame.Offer(3));
    a.toMember("b", new Frame.Offer(4), () -> unheard[0]--);
    send();
    assertThat(unheard[0]).isEqualTo(2);
    assertThat(count(a, "unheard")).isOne();
  }

  @Test
  void whatTheBrokerDoesNotTakeIsUnheardAndCounted() {
    int[] unheard = {0};
    assertThat(a.toMember("b", new Frame.Offer(1), () -> unheard[0]++)).isTrue();
    network.state(broker, Broker.State.UNREACHABLE);
    assertThat(a.toMember("b", new Frame.Offer(2), () -> unheard[0] += 100)).isFalse();
    send();
    assertThat(unheard[0]).isOne();
    assertThat(count(a, "unsent")).isEqualTo(2);
  }

  @Test
  void moreThanIsKeptIsRefused() {
    byte[] megabyte = new byte[1 << 20];
    Frame frame =
        new Frame.Reply(
            1,
            null,
            List.of(Reading.of(new Value.Octets(Value.OctetsType.OCTETS, megabyte), 0, 0)),
            null);
    int taken = 0;
    for (int i = 0; i < 40; i++) {
      taken += a.toMember("b", frame) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(31);
    assertThat(count(a, "overflowed")).isEqualTo(9);
    send();
    assertThat(a.toMember("b", frame)).isTrue();
  }

  @Test
  void whatALaterMinorVersionSaysBesidesIsSkipped() {
    hear(b, "b");
    Output out = new Output(0);
    new Header("later", 0, false, 0, 0, 0).write(out);
    out.raw(FrameCodec.encode(new Frame.Offer(1), 0));
    out.octet(200); // a type that this version has not
    out.raw(new byte[] {0, 0, 0, 2, 99, 99});
    out.octet(FrameCodec.OFFER); // with another field behind those that are known
    out.raw(new byte[] {0, 0, 0, 3, 2, 77, 77});
    byte[] message = out.toArray();
    message[5] = 1;
    broker.send(MemoryNetwork.SUBJECTS.member("b"), message);
    send();
    assertThat(told).containsExactly("b later 1", "b later 2");
    assertThat(count(b, "unknown")).isOne();
    assertThat(count(b, "malformed")).isZero();
  }

  @Test
  void aHeaderWithMoreFieldsIsRead() {
    hear(b, "b");
    Output out = new Output(0);
    out.raw(Header.MAGIC);
    out.octet(Header.MAJOR);
    out.octet(9);
    out.raw(new byte[] {6, 0, 1, 'z', 0, 55, 55});
    out.raw(FrameCodec.encode(new Frame.Offer(3), 0));
    broker.send(MemoryNetwork.SUBJECTS.member("b"), out.toArray());
    send();
    assertThat(told).containsExactly("b z 3");
  }

  @Test
  void anotherMajorVersionIsRefusedAndCounted() {
    hear(b, "b");
    Output out = new Output(0);
    new Header("other", 0, false, 0, 0, 0).write(out);
    out.raw(FrameCodec.encode(new Frame.Offer(1), 0));
    byte[] message = out.toArray();
    message[4] = Header.MAJOR + 1;
    broker.send(MemoryNetwork.SUBJECTS.member("b"), message);
    broker.send(MemoryNetwork.SUBJECTS.member("b"), new byte[] {1, 2, 3});
    send();
    assertThat(told).isEmpty();
    assertThat(count(b, "other-major")).isOne();
    assertThat(count(b, "foreign")).isOne();
  }

  @Test
  void aFrameThatMakesNoSenseIsDroppedAndTheNextIsTakenIn() {
    hear(b, "b");
    Output out = new Output(0);
    new Header("a", 0, false, 0, 0, 0).write(out);
    out.octet(FrameCodec.ASK);
    out.raw(new byte[] {0, 0, 0, 3, 1, 1, 1});
    out.raw(FrameCodec.encode(new Frame.Offer(5), 0));
    broker.send(MemoryNetwork.SUBJECTS.member("b"), out.toArray());
    send();
    assertThat(told).containsExactly("b a 5");
    assertThat(count(b, "malformed")).isOne();
  }

  @Test
  void aReceiverThatFailsEndsNothing() {
    b.receive(
        Frame.Offer.class,
        (sender, offer, age) -> {
          told.add("failed " + offer.slot());
          throw new IllegalStateException("as a test wants it");
        });
    a.toMember("b", new Frame.Offer(1));
    a.toMember("b", new Frame.Offer(2));
    send();
    assertThat(told).containsExactly("failed 1", "failed 2");
    assertThat(count(b, "failed")).isEqualTo(2);
  }

  @Test
  void aPostThatIsClosedHearsNothing() {
    hear(b, "b");
    b.close();
    a.toMember("b", new Frame.Offer(1));
    a.toAll(new Frame.Offer(2));
    send();
    assertThat(told).isEmpty();
  }

  @Test
  void theAgeOfAMessageIsNotKnownBeforeItsReceiverWasHeard() {
    List<Long> ages = new ArrayList<>();
    b.receive(Frame.Offer.class, (sender, offer, age) -> ages.add(age));
    a.start();
    a.toMember("b", new Frame.Offer(1));
    send();
    b.toAll(new Frame.Offer(2));
    network.deliver();
    a.toMember("b", new Frame.Offer(3));
    tasks.poll().run();
    network.advance(7_000_000);
    network.deliver();
    assertThat(ages).containsExactly(-1L, 7_000_000L);
  }

  /** Whatever is delayed: with tickers that differ, and do not run equally fast. */
  @Test
  void noMessageIsOlderThanItsAge() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Tickers tickers = new Tickers();
      long differ = random.nextLong() >> 20;
      double rate = 1 + (random.nextDouble() - 0.5) / 1000;
      long now = 0;
      for (int i = 0; i < 500; i++) {
        now += random.nextInt(1 << random.nextInt(24));
        long heardAt = now + random.nextInt(1 << random.nextInt(1, 24));
        tickers.heard("b", differ + (long) (now * rate), heardAt);
        now = heardAt;
        Long at = tickers.theirs("b", now);
        assertThat(at).as("seed %d", seed).isLessThanOrEqualTo(differ + (long) (now * rate));
      }
    }
  }

  @Test
  void whatLaySomewhereForLongIsOlderThanItWas() {
    List<Reading<Value>> readings = new ArrayList<>();
    b.receive(
        Frame.Reply.class,
        (sender, reply, age) -> readings.add((Reading<Value>) reply.outcomes().get(0)));
    a.start();
    b.toAll(new Frame.Offer(1));
    network.deliver();
    long taken = network.ticker().read();
    a.toMember("b", new Frame.Reply(1, null, List.of(Reading.of(Value.DONE, taken, 0)), null));
    tasks.poll().run();
    network.advance(TimeUnit.SECONDS.toNanos(8));
    network.deliver();
    assertThat(network.ticker().read() - readings.get(0).takenNanos())
        .isBetween(TimeUnit.MILLISECONDS.toNanos(7900), TimeUnit.SECONDS.toNanos(8));
  }
}
