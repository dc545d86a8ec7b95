package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;

/** What becomes of datagrams that are not the answer, or not in time. */
class HostileDatagramsIT extends HostileAgents {

  @Test
  void garbageIsDroppedAndTheAnswerBehindItCounts() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              me.send(new byte[0], from);
              me.send(new byte[] {0x30, (byte) 0x84, 1}, from);
              me.send("not SNMP at all".getBytes(StandardCharsets.US_ASCII), from);
              me.send(honest(request), from);
            });
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(backend.count(SnmpCounter.GARBAGE)).isEqualTo(3);
  }

  @Test
  void aCutOffAnswerFailsItsOwnExchangeAndNoOther() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              byte[] whole = me.encode(honest(request), Responder.COMMUNITY);
              me.send(Arrays.copyOf(whole, whole.length - 3), from);
            });
    Answer<Value> answer = Asked.of(GET).from(system).answer();
    assertThat(failure(answer).reason()).isEqualTo(Reason.BAD_ANSWER);
    assertThat(failure(answer).message()).startsWith("core1: ");
    assertThat(((Answer.Failed<Value>) answer).retry()).isTrue();
    Question.Get other = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"));
    assertThat(Asked.of(GET, other).from(system).answer()).isInstanceOf(Answer.TooBig.class);
    assertThat(backend.count(SnmpCounter.UNDECODABLE)).isEqualTo(2);
  }

  @Test
  void anAnswerWithAnotherIdIsDropped() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              PDU wrong = honest(request);
              wrong.setRequestID(new Integer32(request.getRequestID().getValue() ^ 0x5555));
              me.send(wrong, from);
              me.send(honest(request), from);
            });
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(backend.count(SnmpCounter.UNMATCHED)).isEqualTo(1);
  }

  @Test
  void anAnswerFromAnotherAddressIsNotAccepted() throws Exception {
    DatagramSocket stranger =
        new DatagramSocket(new InetSocketAddress(InetAddresses.forString("127.0.0.2"), 0));
    open.add(stranger);
    BlockingQueue<SocketAddress> asked = new ArrayBlockingQueue<>(1);
    BlockingQueue<PDU> kept = new ArrayBlockingQueue<>(1);
    Responder agent =
        responder(
            (me, request, from) -> {
              PDU lie = honest(request);
              lie.getVariableBindings().get(0).setVariable(new OctetString("elsewhere"));
              byte[] octets = me.encode(lie, Responder.COMMUNITY);
              stranger.send(new DatagramPacket(octets, octets.length, from));
              asked.add(from);
              kept.add(request);
            });
    Exchanger<Question, Value> system = backend.connect("core1", agent.settings(Version.V2C));
    Asked get = Asked.of(GET).from(system);
    SocketAddress from = asked.take();
    awaitCount(SnmpCounter.OTHER_ADDRESS, 1);
    assertThat(get.answerSoFar()).isNull();
    assertThat(system.notes()).hasSize(1);
    assertThat(system.notes().get(0))
        .startsWith("an answer came from 127.0.0.2:" + stranger.getLocalPort() + " and not from")
        .contains("give the address that it answers from");
    agent.send(honest(kept.take()), from);
    assertThat(only(get.answer())).isEqualTo(HERE);
  }

  @Test
  void oneSystemCannotAnswerForAnother() throws Exception {
    // Both are asked through the same socket, by the same back end, with the same community.
    BlockingQueue<PDU> victims = new ArrayBlockingQueue<>(1);
    AtomicReference<PDU> asked = new AtomicReference<>();
    Responder victim = responder((me, request, from) -> victims.add(request));
    Responder liar =
        responder(
            (me, request, from) -> {
              me.send(honest(asked.get()), from);
              me.send(honest(request), from);
            });
    try (SnmpBackend one =
        new SnmpBackend(
            Ticker.systemTicker(), InstantSource.system(), options(1, 1 << 20), DEFINITIONS)) {
      Asked first = Asked.of(GET).from(one.connect("victim", victim.settings(Version.V2C)));
      asked.set(victims.take());
      Asked second = Asked.of(GET).from(one.connect("liar", liar.settings(Version.V2C)));
      assertThat(only(second.answer())).isEqualTo(HERE);
      assertThat(first.answerSoFar()).isNull();
      assertThat(one.count(SnmpCounter.OTHER_ADDRESS)).isEqualTo(1);
    }
  }

  @Test
  void anAgentThatSawItsOwnIdsCannotAnswerForItsNeighbour() throws Exception {
    // It knows the port, and can send from the neighbour's address: all but the id.
    BlockingQueue<SocketAddress> neighboursAsker = new ArrayBlockingQueue<>(1);
    BlockingQueue<PDU> neighbourAsked = new ArrayBlockingQueue<>(1);
    Responder neighbour =
        responder(
            (me, request, from) -> {
              neighboursAsker.add(from);
              neighbourAsked.add(request);
            });
    List<Integer> seen = new CopyOnWriteArrayList<>();
    Responder liar =
        responder(
            (me, request, from) -> {
              seen.add(request.getRequestID().getValue());
              me.send(honest(request), from);
            });
    try (SnmpBackend one =
        new SnmpBackend(
            Ticker.systemTicker(), InstantSource.system(), options(1, 1 << 20), DEFINITIONS)) {
      Exchanger<Question, Value> liars = one.connect("liar", liar.settings(Version.V2C));
      for (int i = 0; i < 20; i++) {
        assertThat(only(Asked.of(GET).from(liars).answer())).isEqualTo(HERE);
      }
      Asked get = Asked.of(GET).from(one.connect("neighbour", neighbour.settings(Version.V2C)));
      PDU request = neighbourAsked.take();
      SocketAddress to = neighboursAsker.take();
      for (int last : seen) {
        for (int step = -50; step <= 50; step++) {
          PDU lie = honest(request);
          lie.get(0).setVariable(new OctetString("poison"));
          lie.setRequestID(new Integer32((last + step) & Integer.MAX_VALUE));
          neighbour.send(lie, to);
        }
      }
      neighbour.send(honest(request), to);
      assertThat(only(get.answer())).isEqualTo(HERE);
      assertThat(seen).doesNotHaveDuplicates();
    }
  }

  @Test
  void anAnswerWithAnotherCommunityOrVersionIsDropped() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              me.send(me.encode(honest(request), "private"), from);
              byte[] v1 = me.encode(honest(request), Responder.COMMUNITY);
              v1[4] = 0;
              me.send(v1, from);
              me.send(honest(request), from);
            });
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(backend.count(SnmpCounter.OTHER_CREDENTIALS)).isEqualTo(2);
  }

  @Test
  void aSecondAnswerIsDroppedAndCounted() throws Exception {
    Exchanger<Question, Value> system =
        system(
            Version.V2C,
            (me, request, from) -> {
              me.send(honest(request), from);
              me.send(honest(request), from);
            });
    Asked get = Asked.of(GET).from(system);
    assertThat(only(get.answer())).isEqualTo(HERE);
    awaitCount(SnmpCounter.DUPLICATE, 1);
    assertThat(get.answerSoFar()).isNull();
  }

  @Test
  void aLateAnswerIsHandedOverAndCounted() throws Exception {
    BlockingQueue<PDU> kept = new ArrayBlockingQueue<>(1);
    BlockingQueue<SocketAddress> asker = new ArrayBlockingQueue<>(1);
    Responder agent =
        responder(
            (me, request, from) -> {
              kept.add(request);
              asker.add(from);
            });
    Asked get =
        Asked.of(Duration.ofSeconds(2), GET)
            .from(backend.connect("core1", agent.settings(Version.V2C)));
    PDU request = kept.take();
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    agent.send(honest(request), asker.take());
    assertThat(only(get.answer())).isEqualTo(HERE);
    assertThat(backend.count(SnmpCounter.LATE)).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsTwoTimeoutsLateIsForgottenAndCounted() throws Exception {
    BlockingQueue<PDU> kept = new ArrayBlockingQueue<>(1);
    BlockingQueue<SocketAddress> asker = new ArrayBlockingQueue<>(1);
    Responder agent =
        responder(
            (me, request, from) -> {
              kept.add(request);
              asker.add(from);
            });
    Asked get =
        Asked.of(Duration.ofSeconds(2), GET)
            .from(backend.connect("core1", agent.settings(Version.V2C)));
    PDU request = kept.take();
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    long end = System.nanoTime() + 5_000_000_000L;
    while (backend.waiting() > 0 && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    agent.send(honest(request), asker.take());
    awaitCount(SnmpCounter.UNMATCHED, 1);
    assertThat(get.answerSoFar()).isNull();
  }
}
