package org.aeiou.daemon.simulator;

import static org.aeiou.daemon.simulator.Client.bulk;
import static org.aeiou.daemon.simulator.Client.pdu;
import static org.aeiou.daemon.simulator.Client.pduV1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snmp4j.PDU;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;

@Timeout(60)
class FaultsIT {
  private static final String SYS_NAME = "1.3.6.1.2.1.1.5.0";
  private static final String SYS_UPTIME = "1.3.6.1.2.1.1.3.0";

  @Test
  void tooMuchForAMessageIsTooBigForGetAndCutForBulk() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1).rows(60).maxMessage(500));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      String[] many = new String[40];
      for (int i = 0; i < many.length; i++) {
        many[i] = "1.3.6.1.2.1.1.4.0";
      }
      PDU get = client.ask(agent, pdu(PDU.GET, many));
      assertThat(get.getErrorStatus()).isEqualTo(PDU.tooBig);
      assertThat(get.getErrorIndex()).isZero();
      assertThat(get.size()).isZero();
      client.send(agent, bulk(0, 1000, "1.3.6.1.2.1.2.2.1.2"));
      byte[] cut = client.receive().octets();
      assertThat(cut.length).isBetween(440, 500);
      assertThat(Client.decode(cut, false).getErrorStatus()).isZero();
      String[] five = {SYS_NAME, SYS_NAME, SYS_NAME, SYS_NAME, SYS_NAME};
      agent.faults(Faults.builder().tooBigAbove(4).build());
      assertThat(client.ask(agent, pdu(PDU.GET, five)).getErrorStatus()).isEqualTo(PDU.tooBig);
      PDU old = client.ask(agent, pduV1(PDU.GET, five));
      assertThat(old.getErrorStatus()).isEqualTo(PDU.tooBig);
      assertThat(old.size()).isEqualTo(5);
    }
  }

  @Test
  void genErrNamesTheObject() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      agent.faults(Faults.builder().genErr(Oid.parse(SYS_NAME)).build());
      for (PDU request :
          List.of(pdu(PDU.GET, SYS_UPTIME, SYS_NAME), pduV1(PDU.GET, SYS_UPTIME, SYS_NAME))) {
        PDU answer = client.ask(agent, request);
        assertThat(answer.getErrorStatus()).isEqualTo(PDU.genErr);
        assertThat(answer.getErrorIndex()).isEqualTo(2);
        assertThat(answer.size()).isEqualTo(2);
      }
    }
  }

  @Test
  void deadAgentTakesRequestsAndAnswersNone() throws IOException {
    try (SimulatedNetwork network = start(options().systems(10).dead(3));
        Client client = new Client()) {
      assertThat(network.agents().stream().filter(a -> a.faults().dead())).hasSize(3);
      SimulatedAgent dead =
          network.agents().stream().filter(a -> a.faults().dead()).findFirst().orElseThrow();
      client.send(dead, pdu(PDU.GET, SYS_NAME));
      client.awaitDatagrams(dead, 1);
      assertThat(client.receive(10)).isNull();
      assertThat(dead.counts().requests()).isEqualTo(1);
      dead.faults(Faults.NONE);
      assertThat(client.ask(dead, pdu(PDU.GET, SYS_NAME)).get(0).toValueString())
          .isEqualTo(dead.name());
    }
  }

  @Test
  void eachFaultOfAnAnswerCanBeSeen() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      agent.freeze(true);
      byte[] good = answer(client, agent, Faults.NONE).octets();

      agent.faults(Faults.builder().duplicate(1).build());
      client.send(agent, pdu(PDU.GET, SYS_NAME));
      assertThat(client.receive().octets()).isEqualTo(client.receive().octets());

      byte[] cut = answer(client, agent, Faults.builder().truncate(1).build()).octets();
      assertThat(cut.length).isLessThan(good.length);

      byte[] garbage = answer(client, agent, Faults.builder().garbage(1).build()).octets();
      assertThatThrownBy(() -> Client.decode(garbage, false)).isInstanceOf(RuntimeException.class);

      PDU request = pdu(PDU.GET, SYS_NAME);
      agent.faults(Faults.builder().wrongId(1).build());
      PDU other = client.ask(agent, request);
      assertThat(other.getRequestID()).isNotEqualTo(request.getRequestID());

      InetSocketAddress from =
          answer(client, agent, Faults.builder().wrongAddress(1).build()).from();
      assertThat(from.getAddress()).isNotEqualTo(agent.address().getAddress());

      agent.faults(Faults.builder().late(1, Duration.ofMillis(200)).build());
      long before = System.nanoTime();
      client.ask(agent, pdu(PDU.GET, SYS_NAME));
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(200_000_000L);

      agent.faults(Faults.builder().loss(1).build());
      agent.resetCounts();
      client.send(agent, pdu(PDU.GET, SYS_NAME));
      client.awaitDatagrams(agent, 1);
      assertThat(client.receive(10)).isNull();
      assertThat(agent.counts().lost()).isEqualTo(1);
      assertThat(agent.counts().answers()).isZero();
    }
  }

  @Test
  void reorderedAnswersPassOneAnother() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      agent.faults(Faults.builder().reorder(0.5, Duration.ofMillis(100)).build());
      for (int i = 0; i < 20; i++) {
        client.send(agent, pdu(PDU.GET, SYS_NAME));
      }
      TreeSet<Integer> ids = new TreeSet<>();
      boolean passed = false;
      for (int i = 0; i < 20; i++) {
        int id = Client.decode(client.receive().octets(), false).getRequestID().getValue();
        passed |= !ids.isEmpty() && id < ids.last();
        ids.add(id);
      }
      assertThat(ids).hasSize(20);
      assertThat(passed).isTrue();
    }
  }

  @Test
  void everyAgentLosesRepeatsAndReordersAsTheOptionsSay() throws IOException {
    SimulationOptions.Builder faulty =
        options().systems(3).loss(0.1).duplicates(0.2).reordered(0.3).rtt(Duration.ofMillis(5));
    try (SimulatedNetwork network = start(faulty)) {
      assertThat(network.agents())
          .allSatisfy(
              agent -> {
                assertThat(agent.faults().loss()).isEqualTo(0.1);
                assertThat(agent.faults().duplicate()).isEqualTo(0.2);
                assertThat(agent.faults().reorder()).isEqualTo(0.3);
                assertThat(agent.faults().reorderBy()).isGreaterThan(Duration.ofMillis(5));
              });
    }
  }

  @Test
  void lossIsAShareAndTheSameForTheSameSeed() throws IOException {
    long[] lost = new long[2];
    for (int i = 0; i < 2; i++) {
      try (SimulatedNetwork network = start(options().systems(1).loss(0.3).seed(7));
          Client client = new Client()) {
        SimulatedAgent agent = network.agents().get(0);
        for (int sent = 0; sent < 200; sent++) {
          client.send(agent, pdu(PDU.GET, SYS_NAME));
        }
        client.awaitDatagrams(agent, 200);
        Counts counts = agent.counts();
        assertThat(counts.requests()).isEqualTo(200);
        assertThat(counts.answers() + counts.lost()).isEqualTo(200);
        lost[i] = counts.lost();
      }
    }
    assertThat(lost[0]).isBetween(30L, 90L).isEqualTo(lost[1]);
  }

  @Test
  void objectsCanBeSetAddedAndTakenAwayWhileItRuns() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      agent.set(Oid.parse(SYS_NAME), new Value.Numeric(NumberType.COUNTER64, -1));
      agent.set(Oid.parse("1.3.6.1.4.1.99999.1.0"), new Value.Numeric(NumberType.INTEGER, -5));
      agent.remove(Oid.parse(SYS_UPTIME));
      PDU answer = client.ask(agent, pdu(PDU.GET, SYS_NAME, "1.3.6.1.4.1.99999.1.0", SYS_UPTIME));
      assertThat(answer.get(0).toValueString()).isEqualTo("18446744073709551615");
      assertThat(answer.get(1).toValueString()).isEqualTo("-5");
      assertThat(answer.get(2).getVariable()).isEqualTo(Null.noSuchInstance);
      PDU next = client.ask(agent, pdu(PDU.GETNEXT, "1.3.6.1.2.1.1.2.0", "1.3.6.1.4.1.99999"));
      assertThat(next.get(0).getOid()).isEqualTo(new OID("1.3.6.1.2.1.1.4.0"));
      assertThat(next.get(1).getOid()).isEqualTo(new OID("1.3.6.1.4.1.99999.1.0"));
    }
  }

  @Test
  void hostileOctetsNeverStopAnAgentAndAreCounted() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      SplittableRandom random = new SplittableRandom(42);
      byte[] good = client.encode(pdu(PDU.GET, SYS_NAME), "public");
      int sent = 0;
      for (int i = 0; i < 4_000; i++) {
        byte[] bad;
        if (i % 2 == 0) {
          bad = new byte[random.nextInt(200)];
          random.nextBytes(bad);
        } else {
          bad = good.clone();
          for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
          }
        }
        client.send(agent, bad);
        sent++;
        if (i % 100 == 99) {
          // Keeps the socket's queue short, so that none is lost.
          client.send(agent, good);
          sent++;
          while (client.receive(5) != null) {
            // whatever a flipped bit has made of the question
          }
        }
      }
      client.awaitDatagrams(agent, sent);
      Counts counts = agent.counts();
      assertThat(counts.undecodable()).isGreaterThan(2_000);
      assertThat(counts.datagrams())
          .isEqualTo(
              counts.requests()
                  + counts.badCommunity()
                  + counts.undecodable()
                  + counts.unhandled()
                  + counts.refused());
      assertThat(client.ask(agent, pdu(PDU.GET, SYS_NAME)).get(0).toValueString())
          .isEqualTo("core1");
    }
  }

  /** On loopback addresses and a port of this test's own. */
  private static SimulationOptions.Builder options() {
    return SimulationOptions.builder().firstAddress("127.9.5.1").port(0);
  }

  private static SimulatedNetwork start(SimulationOptions.Builder options) throws IOException {
    return SimulatedNetwork.start(options.build());
  }

  private static Client.Datagram answer(Client client, SimulatedAgent agent, Faults faults) {
    agent.faults(faults);
    client.send(agent, pdu(PDU.GET, SYS_NAME));
    return client.receive();
  }
}
