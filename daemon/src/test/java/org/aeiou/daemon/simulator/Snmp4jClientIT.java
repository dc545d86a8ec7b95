package org.aeiou.daemon.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.Target;
import org.snmp4j.UserTarget;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** The agents, asked by the client that the daemon is built on. */
@Timeout(60)
class Snmp4jClientIT {
  private static final OID SYS_NAME = new OID("1.3.6.1.2.1.1.5.0");
  private static final OID NOT_IN_TIME_WINDOWS = new OID("1.3.6.1.6.3.15.1.1.2.0");

  private SimulatedNetwork network;
  private Snmp snmp;

  @BeforeEach
  void start() throws IOException {
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(3)
                .rows(30)
                .maxMessage(800)
                .firstAddress("127.9.2.1")
                .port(0)
                .build());
    snmp = new Snmp(new DefaultUdpTransportMapping());
    SecurityProtocols protocols =
        new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxCompatibility);
    USM usm = new USM(protocols, new OctetString(MPv3.createLocalEngineID()), 0);
    usm.addUser(
        new UsmUser(
            new OctetString("ops"),
            AuthHMAC192SHA256.ID,
            new OctetString(SimulationOptions.AUTHENTICATION_PASS),
            PrivAES128.ID,
            new OctetString(SimulationOptions.PRIVACY_PASS)));
    SecurityModels models = new SecurityModels();
    models.addSecurityModel(usm);
    MPv3 v3 = (MPv3) snmp.getMessageProcessingModel(MPv3.ID);
    v3.setSecurityProtocols(protocols);
    v3.setSecurityModels(models);
    snmp.listen();
  }

  @AfterEach
  void stop() throws IOException {
    snmp.close();
    network.close();
  }

  @Test
  void v2cAndV3ReadTheSame() throws IOException {
    for (SimulatedAgent agent : network.agents()) {
      assertThat(ask(community(agent), new PDU()).get(0).toValueString()).isEqualTo(agent.name());
      assertThat(ask(user(agent), new ScopedPDU()).get(0).toValueString()).isEqualTo(agent.name());
      assertThat(agent.counts().requests()).isEqualTo(2);
    }
  }

  @Test
  void rebootIsNoticedByTheTimeWindowAndGotOver() throws IOException {
    SimulatedAgent agent = network.agents().get(0);
    ask(user(agent), new ScopedPDU());
    agent.reboot();
    long refused = agent.counts().refused();
    PDU answer = ask(user(agent), new ScopedPDU());
    if (answer.getType() == PDU.REPORT) {
      assertThat(answer.get(0).getOid()).isEqualTo(NOT_IN_TIME_WINDOWS);
      answer = ask(user(agent), new ScopedPDU());
    }
    assertThat(answer.getType()).isEqualTo(PDU.RESPONSE);
    assertThat(agent.counts().refused()).isGreaterThan(refused);
    assertThat(answer.get(0).toValueString()).isEqualTo(agent.name());
  }

  @Test
  void bulkOfV3StaysBelowTheMessageLimit() throws IOException {
    SimulatedAgent agent = network.agents().get(0);
    ScopedPDU request = new ScopedPDU();
    request.setType(PDU.GETBULK);
    request.setMaxRepetitions(500);
    request.add(new VariableBinding(new OID("1.3.6.1.2.1.2.2.1.2")));
    PDU answer = send(user(agent), request);
    assertThat(answer.getErrorStatus()).isZero();
    assertThat(answer.size()).isBetween(20, 35);
  }

  @Test
  void hostileMessagesOfV3NeverStopAnAgentAndAreCounted() throws IOException {
    SimulatedAgent agent = network.agents().get(0);
    ask(user(agent), new ScopedPDU());
    agent.resetCounts();
    byte[] good = discovery();
    SplittableRandom random = new SplittableRandom(3);
    int sent = 0;
    try (Client client = new Client()) {
      for (int i = 0; i < 2_000; i++) {
        byte[] bad = good.clone();
        for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        client.send(agent, bad);
        sent++;
        if (i % 100 == 99) {
          while (client.receive(5) != null) {
            // reports
          }
        }
      }
      client.awaitDatagrams(agent, sent);
    }

    Counts counts = agent.counts();
    assertThat(counts.refused()).isPositive();
    assertThat(counts.undecodable()).isPositive();
    assertThat(
            counts.requests()
                + counts.badCommunity()
                + counts.undecodable()
                + counts.unhandled()
                + counts.refused())
        .isEqualTo(sent);
    assertThat(ask(user(agent), new ScopedPDU()).get(0).toValueString()).isEqualTo(agent.name());
  }

  @Test
  void everyAgentHasItsOwnEngine() throws IOException {
    List<OctetString> engines = new ArrayList<>();
    for (SimulatedAgent agent : network.agents()) {
      ScopedPDU response = (ScopedPDU) ask(user(agent), new ScopedPDU());
      engines.add(response.getContextEngineID());
    }
    assertThat(engines).doesNotHaveDuplicates();
  }

  private static byte[] discovery() {
    ScopedPDU pdu = new ScopedPDU();
    pdu.setType(PDU.GET);
    byte[] header =
        Tlv.sequence(
            Tlv.integer(77), Tlv.integer(65_507), Tlv.string(new byte[] {4}), Tlv.integer(3));
    byte[] security =
        Tlv.sequence(
            Tlv.string(new byte[0]),
            Tlv.integer(0),
            Tlv.integer(0),
            Tlv.string(new byte[0]),
            Tlv.string(new byte[0]),
            Tlv.string(new byte[0]));
    return Tlv.sequence(Tlv.integer(3), header, Tlv.string(security), Tlv.encode(pdu));
  }

  private PDU ask(Target<UdpAddress> target, PDU request) throws IOException {
    request.setType(PDU.GET);
    request.add(new VariableBinding(SYS_NAME));
    return send(target, request);
  }

  private PDU send(Target<UdpAddress> target, PDU request) throws IOException {
    ResponseEvent<UdpAddress> event = snmp.send(request, target);
    assertThat(event.getResponse()).as("%s", event.getError()).isNotNull();
    return event.getResponse();
  }

  private static CommunityTarget<UdpAddress> community(SimulatedAgent agent) {
    CommunityTarget<UdpAddress> target =
        new CommunityTarget<>(address(agent), new OctetString("public"));
    target.setVersion(SnmpConstants.version2c);
    target.setTimeout(10_000);
    return target;
  }

  private static UserTarget<UdpAddress> user(SimulatedAgent agent) {
    UserTarget<UdpAddress> target = new UserTarget<>();
    target.setAddress(address(agent));
    target.setVersion(SnmpConstants.version3);
    target.setSecurityLevel(SecurityLevel.AUTH_PRIV);
    target.setSecurityName(new OctetString("ops"));
    target.setTimeout(10_000);
    return target;
  }

  private static UdpAddress address(SimulatedAgent agent) {
    return new UdpAddress(agent.address().getAddress(), agent.address().getPort());
  }
}
