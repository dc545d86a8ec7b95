package org.aeiou.daemon.simulator;

import static org.aeiou.daemon.simulator.Client.bulk;
import static org.aeiou.daemon.simulator.Client.pdu;
import static org.aeiou.daemon.simulator.Client.pduV1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.PDU;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

@Timeout(60)
class SimulatedNetworkIT {
  private static final String SYS_NAME = "1.3.6.1.2.1.1.5.0";
  private static final String SYS_UPTIME = "1.3.6.1.2.1.1.3.0";

  @Test
  void everyAgentAnswersFromItsOwnAddress() throws IOException {
    try (SimulatedNetwork network = start(options().systems(300));
        Client client = new Client()) {
      for (SimulatedAgent agent : network.agents()) {
        client.send(agent, pdu(PDU.GET, SYS_NAME));
        Client.Datagram answer = client.receive();
        assertThat(answer.from()).isEqualTo(agent.address());
        assertThat(Client.decode(answer.octets(), false).get(0).toValueString())
            .isEqualTo(agent.name());
      }
      assertThat(network.agents().stream().map(a -> a.address().getAddress().getAddress()[3]))
          .doesNotContain((byte) 0, (byte) 255);
      assertThat(network.agents().stream().map(a -> a.address().getPort()))
          .containsOnly(network.port());
      assertThat(network.agents().stream().map(SimulatedAgent::name)).doesNotHaveDuplicates();
    }
  }

  @Test
  void walkOverTheWireIsWhatTheAgentSaysItHolds() throws IOException {
    try (SimulatedNetwork network = start(options().systems(8).rows(20));
        Client client = new Client()) {
      for (SimulatedAgent agent : network.agents()) {
        agent.freeze(true);
        SortedMap<Oid, Value> objects = agent.objects();
        List<VariableBinding> walked = client.walk(agent, 50);
        assertThat(walked.stream().map(b -> Oid.of(b.getOid().getValue())).toList())
            .containsExactlyElementsOf(objects.keySet());
        assertThat(walked.stream().map(VariableBinding::getVariable).toList())
            .containsExactlyElementsOf(objects.values().stream().map(Variables::of).toList());
      }
    }
  }

  @Test
  void walkIsTheSameWhateverTheNumberOfRepetitions() throws IOException {
    try (SimulatedNetwork network = start(options().systems(4).rows(3));
        Client client = new Client()) {
      SimulatedAgent agent = network.agent("srv1");
      agent.freeze(true);
      List<VariableBinding> once = client.walk(agent, 1);
      assertThat(client.walk(agent, 7)).isEqualTo(once);
      assertThat(client.walk(agent, Integer.MAX_VALUE)).isEqualTo(once);
    }
  }

  @Test
  void v1NeverSeesACounter64() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      PDU direct = client.ask(agent, pduV1(PDU.GET, SYS_NAME, "1.3.6.1.2.1.31.1.1.1.6.1"));
      assertThat(direct.getErrorStatus()).isEqualTo(PDU.noSuchName);
      assertThat(direct.getErrorIndex()).isEqualTo(2);
      PDU next = client.ask(agent, pduV1(PDU.GETNEXT, "1.3.6.1.2.1.31.1.1.1.6"));
      assertThat(next.get(0).getOid().startsWith(new OID("1.3.6.1.2.1.31.1.1.1.14"))).isTrue();
      PDU end = client.ask(agent, pduV1(PDU.GETNEXT, "2.1"));
      assertThat(end.getErrorStatus()).isEqualTo(PDU.noSuchName);
      assertThat(end.getErrorIndex()).isEqualTo(1);
    }
  }

  @Test
  void v2cTellsAMissingInstanceFromAMissingObject() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      PDU answer =
          client.ask(
              network.agents().get(0),
              pdu(
                  PDU.GET,
                  "1.3.6.1.2.1.2.2.1.8.99999",
                  "1.3.6.1.2.1.1.5.7",
                  "1.3.6.1.2.1.1.5",
                  "1.3.6.1.2.1.25.1.1.0",
                  "1.3.6.1.4.1.99999.1.0",
                  SYS_NAME));
      assertThat(answer.getErrorStatus()).isZero();
      assertThat(answer.getVariableBindings().stream().map(VariableBinding::getSyntax).toList())
          .startsWith(
              Null.noSuchInstance.getSyntax(),
              Null.noSuchInstance.getSyntax(),
              Null.noSuchInstance.getSyntax(),
              Null.noSuchObject.getSyntax(),
              Null.noSuchObject.getSyntax());
      assertThat(answer.get(5).toValueString()).isEqualTo("core1");
      PDU end = client.ask(network.agents().get(0), pdu(PDU.GETNEXT, "2.1"));
      assertThat(end.get(0).getVariable()).isEqualTo(Null.endOfMibView);
      assertThat(end.get(0).getOid()).isEqualTo(new OID("2.1"));
    }
  }

  @Test
  void nothingCanBeWrittenWithTheCommunityForReading() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      PDU known = client.ask(agent, pdu(PDU.SET, SYS_NAME));
      assertThat(known.getErrorStatus()).isEqualTo(PDU.noAccess);
      assertThat(known.getErrorIndex()).isEqualTo(1);
      PDU unknown = client.ask(agent, pdu(PDU.SET, "1.3.6.1.4.1.99999.1.0"));
      assertThat(unknown.getErrorStatus()).isEqualTo(PDU.noAccess);
      PDU old = client.ask(agent, pduV1(PDU.SET, SYS_NAME));
      assertThat(old.getErrorStatus()).isEqualTo(PDU.noSuchName);
      assertThat(agent.counts().sets()).isEqualTo(3);
    }
  }

  @Test
  void bulkRepeatsOnlyTheRepeatersAndStopsAtTheEnd() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1).rows(4));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      PDU answer =
          client.ask(
              agent, bulk(1, 3, "1.3.6.1.2.1.1.5", "1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.2.2.1.2"));
      assertThat(answer.size()).isEqualTo(7);
      assertThat(answer.get(0).getOid()).isEqualTo(new OID(SYS_NAME));
      assertThat(answer.get(1).getOid()).isEqualTo(new OID("1.3.6.1.2.1.2.2.1.1.1"));
      assertThat(answer.get(2).getOid()).isEqualTo(new OID("1.3.6.1.2.1.2.2.1.2.1"));
      assertThat(answer.get(3).getOid()).isEqualTo(new OID("1.3.6.1.2.1.2.2.1.1.500"));
      PDU end = client.ask(agent, bulk(0, 100, "2.1", "2.2"));
      assertThat(end.size()).isEqualTo(2);
      assertThat(client.ask(agent, bulk(5, 9, "2.1")).size()).isEqualTo(1);
      assertThat(client.ask(agent, bulk(-1, -1, "2.1")).size()).isZero();
    }
  }

  @Test
  void wrongCommunityMeetsSilenceAndIsCounted() throws IOException {
    try (SimulatedNetwork network =
            start(options().systems(1).communities("public", "s\u00e9cret"));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      client.send(agent, client.encode(pdu(PDU.GET, SYS_NAME), "wrong"));
      client.send(agent, client.encode(pdu(PDU.GET, SYS_NAME), "s\u00e9cret"));
      assertThat(Client.decode(client.receive().octets(), false).get(0).toValueString())
          .isEqualTo("core1");
      assertThat(client.receive(20)).isNull();
      assertThat(agent.counts().badCommunity()).isEqualTo(1);
      assertThat(agent.counts().requests()).isEqualTo(1);
    }
  }

  @Test
  void countsAreExact() throws IOException {
    try (SimulatedNetwork network = start(options().systems(2));
        Client client = new Client()) {
      SimulatedAgent first = network.agents().get(0);
      client.ask(first, pdu(PDU.GET, SYS_NAME, SYS_UPTIME));
      client.ask(first, pdu(PDU.GETNEXT, SYS_NAME));
      client.ask(first, bulk(0, 10, SYS_NAME, SYS_UPTIME, "1.3"));
      client.send(first, new byte[] {1, 2, 3});
      client.send(first, pdu(PDU.RESPONSE, SYS_NAME));
      client.ask(first, pduV1(PDU.GET, SYS_NAME));
      client.ask(network.agents().get(1), pdu(PDU.GET, SYS_NAME));
      assertThat(first.counts()).isEqualTo(new Counts(6, 4, 7, 1, 2, 1, 1, 0, 0, 1, 1, 0, 4, 0));
      assertThat(network.totals()).isEqualTo(new Counts(7, 5, 8, 1, 3, 1, 1, 0, 0, 1, 1, 0, 5, 0));
      network.resetCounts();
      assertThat(network.totals()).isEqualTo(Counts.NONE);
    }
  }

  @Test
  void mostInFlightIsWhatArrivedBeforeTheFirstAnswerLeft() throws IOException {
    try (SimulatedNetwork network = start(options().systems(1).rtt(Duration.ofMillis(300)));
        Client client = new Client()) {
      SimulatedAgent agent = network.agents().get(0);
      long before = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        client.send(agent, pdu(PDU.GET, SYS_NAME));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(client.receive()).isNotNull();
      }
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(300_000_000L);
      assertThat(agent.counts().mostInFlight()).isEqualTo(5);
      agent.resetCounts();
      client.ask(agent, pdu(PDU.GET, SYS_NAME));
      assertThat(agent.counts().mostInFlight()).isEqualTo(1);
    }
  }

  @Test
  void closingFreesThePortAndTheThreads() throws IOException {
    SimulatedNetwork network = start(options().systems(5));
    int port = network.port();
    network.close();
    network.close();
    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .noneMatch(name -> name.startsWith("simulated-network"));
    start(options().systems(5).port(port)).close();
  }

  @Test
  void takenAddressIsNamedAndNothingIsLeftBehind() throws IOException {
    try (SimulatedNetwork network = start(options().systems(3))) {
      assertThatThrownBy(
              () -> SimulatedNetwork.start(options().systems(3).port(network.port()).build()))
          .hasMessageContaining("127.9.0.1:" + network.port())
          .hasMessageContaining("--port");
    }
  }

  @Test
  void configurationIsWrittenForItsOwnerOnly(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("net.yaml");
    try (SimulatedNetwork network = start(options().systems(5).configOut(file))) {
      assertThat(file).hasContent(network.configuration());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(folder.toFile().list()).containsExactly("net.yaml");
    }
  }

  /** On loopback addresses and a port of this test's own. */
  private static SimulationOptions.Builder options() {
    return SimulationOptions.builder().firstAddress("127.9.0.1").port(0);
  }

  private static SimulatedNetwork start(SimulationOptions.Builder options) throws IOException {
    return SimulatedNetwork.start(options.build());
  }
}
