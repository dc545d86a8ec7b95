package org.aeiou.daemon.backend.snmp.trap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodecs;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.aeiou.daemon.backend.snmp.message.UserMessage;
import org.aeiou.daemon.backend.snmp.message.UsmKeys;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.state.StateFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.ScopedPDU;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** What becomes of datagrams, good and bad. */
class TrapReceiverTest {
  private static final UsmUser USER =
      new UsmUser(
          "ops",
          Authentication.SHA_256,
          new Secret("authentication"),
          Privacy.AES_128,
          new Secret("encryption"),
          "");

  private static final String LINK_DOWN = "1.3.6.1.6.3.1.1.5.3";
  private static final String IF_INDEX = "1.3.6.1.2.1.2.2.1.1.7";
  private static final byte[] ENGINE = {(byte) 0x80, 0, 0x7e, (byte) 0xd9, 5, 1, 2, 3};

  @TempDir Path folder;
  private long now = TimeUnit.DAYS.toNanos(1);
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };

  private final List<Notification> taken = new ArrayList<>();
  private final List<String> storms = new ArrayList<>();
  private final TrapCounters counters = new TrapCounters(new MetricSet());
  private final UsmKeys keys = new MessageCodecs(new SnmpCounters()).keys();
  private final Senders senders = new Senders((host, found) -> found.accept(null), ticker);
  private TrapReceiver receiver;

  private final Notification.Sink sink =
      new Notification.Sink() {
        @Override
        public void notified(Notification notification) {
          taken.add(notification);
        }

        @Override
        public void dropped(List<String> systems, String from, long count, long nanos) {
          storms.add(
              systems + " " + from + " " + count + " " + TimeUnit.NANOSECONDS.toSeconds(nanos));
        }
      };

  @BeforeEach
  void start() throws Exception {
    senders.add(new Sender("core1", "10.0.0.1", new Secret("public"), null, () -> null));
    senders.add(new Sender("user1", "10.0.0.2", null, USER, () -> ENGINE));
    senders.add(new Sender("nat1", "10.0.0.3", new Secret("one"), null, () -> null));
    senders.add(new Sender("nat2", "10.0.0.3", new Secret("two"), null, () -> null));
    receiver = receiver(List.of());
  }

  private TrapReceiver receiver(List<Secret> communities) throws Exception {
    return new TrapReceiver(
        new Listening(List.of(), false, communities, 20, 200),
        senders,
        keys,
        new StateFolder(folder),
        TrapReceiverTest::value,
        sink,
        counters,
        ticker);
  }

  private static Value value(Variable variable) {
    if (variable instanceof OID oid) {
      return new Value.Identifier(Oid.of(oid.getValue()));
    }
    if (variable instanceof IpAddress address) {
      byte[] octets = address.getInetAddress().getAddress();
      return new Value.Octets(Value.OctetsType.ADDRESS, octets);
    }
    return variable instanceof Integer32 || variable instanceof TimeTicks
        ? new Value.Numeric(Value.NumberType.INTEGER, variable.toLong())
        : null;
  }

  private static InetSocketAddress from(String address) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(address), 50_000);
  }

  private static PDU pdu(PDU pdu, int type, int requestId) {
    pdu.setType(type);
    pdu.setRequestID(new Integer32(requestId));
    pdu.add(new VariableBinding(new OID("1.3.6.1.2.1.1.3.0"), new TimeTicks(100)));
    pdu.add(new VariableBinding(new OID("1.3.6.1.6.3.1.1.4.1.0"), new OID(LINK_DOWN)));
    pdu.add(new VariableBinding(new OID(IF_INDEX), new Integer32(7)));
    return pdu;
  }

  private static byte[] message(int version, String community, PDU pdu) {
    return Tlv.sequence(
        Tlv.integer(version), Tlv.string(community.getBytes(ISO_8859_1)), Tlv.encode(pdu));
  }

  private static byte[] trap(String community) {
    return message(1, community, pdu(new PDU(), PDU.TRAP, 1));
  }

  private byte[] received(byte[] datagram, String from) throws Exception {
    return receiver.received(datagram, from(from));
  }

  @Test
  void aTrapNamesItsSystemItsKindAndItsObjects() throws Exception {
    assertThat(received(trap("anything"), "10.0.0.1")).isNull();
    Notification trap = taken.get(0);
    assertThat(trap.systems()).containsExactly("core1");
    assertThat(trap.name()).isEqualTo(Oid.parse(LINK_DOWN));
    assertThat(trap.objects())
        .extracting(object -> object.oid().toString())
        .containsExactly(IF_INDEX);
    assertThat(trap.details())
        .containsEntry("source", "10.0.0.1")
        .containsEntry("version", "2c")
        .containsEntry("uptime_ms", 1000L)
        .containsEntry("inform", false)
        .doesNotContainValue("anything");
  }

  @Test
  void aTrapOfVersion1IsTheOneOfVersion2ThatRfc3584MakesOfIt() throws Exception {
    PDUv1 generic = new PDUv1();
    generic.setEnterprise(new OID("1.3.6.1.4.1.9"));
    generic.setAgentAddress(new IpAddress("10.0.0.1"));
    generic.setGenericTrap(PDUv1.LINKDOWN);
    generic.setTimestamp(100);
    generic.add(new VariableBinding(new OID(IF_INDEX), new Integer32(7)));
    received(message(0, "public", generic), "10.0.0.1");
    generic.setGenericTrap(PDUv1.ENTERPRISE_SPECIFIC);
    generic.setSpecificTrap(17);
    received(message(0, "public", generic), "10.0.0.1");
    assertThat(taken)
        .extracting(trap -> trap.name().toString())
        .containsExactly(LINK_DOWN, "1.3.6.1.4.1.9.0.17");
    assertThat(taken.get(0).objects()).hasSize(1);
  }

  @Test
  void anInformIsAcknowledgedEachTimeAndToldOnce() throws Exception {
    byte[] inform = message(1, "public", pdu(new PDU(), PDU.INFORM, 4711));
    byte[] first = received(inform, "10.0.0.1");
    byte[] second = received(inform, "10.0.0.1");
    assertThat(second).isEqualTo(first);
    assertThat(taken).hasSize(1);
    BERInputStream in = new BERInputStream(ByteBuffer.wrap(first));
    Tlv.header(in, BER.SEQUENCE);
    assertThat(Tlv.integer(in)).isEqualTo(1);
    assertThat(Tlv.string(in)).isEqualTo("public".getBytes(ISO_8859_1));
    PDU response = new PDU();
    response.decodeBER(in);
    assertThat(response.getType()).isEqualTo(PDU.RESPONSE);
    assertThat(response.getRequestID().getValue()).isEqualTo(4711);
    assertThat(response.size()).isEqualTo(3);
    received(message(1, "public", pdu(new PDU(), PDU.INFORM, 4712)), "10.0.0.1");
    assertThat(taken).hasSize(2);
    assertThat(counters.get(TrapCounter.DUPLICATES)).isEqualTo(1);
  }

  @Test
  void systemsOfOneAddressAreToldApartByTheirCommunityAndElseAllMeant() throws Exception {
    received(trap("two"), "10.0.0.3");
    received(trap("three"), "10.0.0.3");
    assertThat(taken.get(0).systems()).containsExactly("nat2");
    assertThat(taken.get(1).systems()).containsExactly("nat1", "nat2");
    assertThat(counters.get(TrapCounter.AMBIGUOUS)).isEqualTo(1);
  }

  @Test
  void whatARelayForwardsIsOfTheSystemWhoseAddressItNames() throws Exception {
    PDU forwarded = pdu(new PDU(), PDU.TRAP, 1);
    forwarded.add(new VariableBinding(new OID("1.3.6.1.6.3.18.1.3.0"), new IpAddress("10.0.0.1")));
    received(message(1, "public", forwarded), "192.0.2.1");
    assertThat(taken).hasSize(1);
    assertThat(taken.get(0).systems()).containsExactly("core1");
    assertThat(counters.get(TrapCounter.FORWARDED)).isEqualTo(1);
  }

  @Test
  void aSenderThatIsNoSystemAndAnotherCommunityAreDroppedAndCounted() throws Exception {
    assertThat(received(trap("public"), "192.0.2.1")).isNull();
    assertThat(counters.get(TrapCounter.UNKNOWN_SENDER)).isEqualTo(1);
    receiver = receiver(List.of(new Secret("ours")));
    received(trap("public"), "10.0.0.1");
    assertThat(counters.get(TrapCounter.UNKNOWN_COMMUNITY)).isEqualTo(1);
    assertThat(taken).isEmpty();
    received(trap("ours"), "10.0.0.1");
    assertThat(taken).hasSize(1);
  }

  @Test
  void aStormIsToldOnceAndKeepsNoOtherSourceOut() throws Exception {
    for (int i = 0; i < 5000; i++) {
      received(trap("public"), "10.0.0.1");
      now += Duration.ofMillis(1).toNanos();
    }
    // The burst, and what comes in five seconds.
    assertThat(taken).hasSizeBetween(299, 301);
    int before = taken.size();
    received(trap("one"), "10.0.0.3");
    assertThat(taken).hasSize(before + 1);
    receiver.tick();
    assertThat(storms).isEmpty();
    now += Duration.ofSeconds(10).toNanos();
    receiver.tick();
    receiver.tick();
    assertThat(storms).hasSize(1);
    assertThat(storms.get(0)).startsWith("[core1] 10.0.0.1 47");
    assertThat(counters.get(TrapCounter.STORM)).isEqualTo(5000 + 1 - taken.size());
  }

  @Test
  void anInformThatIsTooMuchIsNotAcknowledged() throws Exception {
    byte[] last = {};
    for (int i = 0; i < 300 && last != null; i++) {
      last = received(message(1, "public", pdu(new PDU(), PDU.INFORM, i)), "10.0.0.1");
    }
    assertThat(last).isNull();
    assertThat(taken).hasSize(200);
  }

  private byte[] trapOfUser(UsmUser user, int level, int boots, int time) {
    UserMessage.Security security =
        new UserMessage.Security(
            UsmKeys.protocol(user.authentication()),
            keys.authentication(user, ENGINE).getValue(),
            UsmKeys.protocol(user.privacy()),
            keys.privacy(user, ENGINE).getValue());
    ScopedPDU pdu = new ScopedPDU();
    pdu(pdu, PDU.TRAP, 1);
    pdu.setContextEngineID(new OctetString(ENGINE));
    return UserMessage.write(
        new UserMessage.Engine(ENGINE, boots, time, 1472), 1, level, user.name(), security, pdu);
  }

  @Test
  void aTrapOfAUserIsTakenIfItIsAuthenticAndEncryptedAsConfiguredAndNoRepetition()
      throws Exception {
    int both = UserMessage.AUTHENTICATED | UserMessage.ENCRYPTED;
    byte[] good = trapOfUser(USER, both, 3, 1000);
    received(good, "10.0.0.2");
    assertThat(taken.get(0).systems()).containsExactly("user1");
    // Behind another address: by its engine.
    received(trapOfUser(USER, both, 3, 1001), "192.0.2.1");
    assertThat(taken.get(1).systems()).containsExactly("user1");
    int before = taken.size();

    UsmUser other =
        new UsmUser(
            "ops",
            Authentication.SHA_256,
            new Secret("another pass"),
            Privacy.AES_128,
            new Secret("encryption"),
            "");
    received(trapOfUser(other, both, 3, 1002), "10.0.0.2");
    received(trapOfUser(USER, UserMessage.AUTHENTICATED, 3, 1002), "10.0.0.2");
    received(trapOfUser(USER, 0, 3, 1002), "10.0.0.2");
    received(trapOfUser(USER, both, 2, 2000), "10.0.0.2");
    received(trapOfUser(USER, both, 3, 800), "10.0.0.2");
    for (int i = 0; i < good.length; i += 7) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      received(changed, "10.0.0.2");
      now += Duration.ofSeconds(1).toNanos();
    }
    assertThat(taken).hasSize(before);
    assertThat(counters.get(TrapCounter.NOT_AUTHENTIC)).isGreaterThan(5);
    received(trapOfUser(USER, both, 4, 0), "10.0.0.2");
    assertThat(taken).hasSize(before + 1);
  }

  @Test
  void theOwnEngineIsTheSameAfterARestartOneBootLater() throws Exception {
    String first = Files.readString(folder.resolve("engine"));
    assertThat(first).contains("boots: 1\n");
    receiver(List.of());
    String second = Files.readString(folder.resolve("engine"));
    assertThat(second).isEqualTo(first.replace("boots: 1", "boots: 2"));
    Files.writeString(folder.resolve("engine"), "boots: many");
    receiver(List.of());
    assertThat(Files.readString(folder.resolve("engine")))
        .contains("boots: 1\n")
        .doesNotContain(first.lines().findFirst().orElseThrow());
    assertThat(folder.resolve("engine.unusable")).hasContent("boots: many");
  }

  @Test
  void noDatagramMakesItThrowOrTakeWhatIsNotThere() throws Exception {
    int both = UserMessage.AUTHENTICATED | UserMessage.ENCRYPTED;
    PDUv1 generic = new PDUv1();
    generic.setGenericTrap(PDUv1.LINKDOWN);
    List<byte[]> good =
        List.of(
            trap("public"),
            message(0, "public", generic),
            message(1, "public", pdu(new PDU(), PDU.INFORM, 1)),
            trapOfUser(USER, both, 3, 1000),
            trapOfUser(USER, 0, 3, 1000));
    Random random = new Random(15);
    String[] sources = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "192.0.2.1"};
    for (int i = 0; i < 60_000; i++) {
      byte[] datagram = good.get(random.nextInt(good.size())).clone();
      int changes = 1 + random.nextInt(4);
      for (int j = 0; j < changes; j++) {
        int at = random.nextInt(datagram.length);
        datagram[at] =
            switch (random.nextInt(4)) {
              case 0 -> (byte) 0xff;
              case 1 -> (byte) 0x84;
              case 2 -> (byte) (datagram[at] ^ (1 << random.nextInt(8)));
              default -> (byte) random.nextInt();
            };
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(datagram.length + 1) : datagram.length;
      byte[] answer =
          received(
              java.util.Arrays.copyOf(datagram, length), sources[random.nextInt(sources.length)]);
      assertThat(answer == null || answer.length <= datagram.length + 200).isTrue();
      now += Duration.ofMillis(100).toNanos();
    }
    assertThat(counters.get(TrapCounter.FAILED)).isZero();
    assertThat(counters.get(TrapCounter.RECEIVED)).isEqualTo(60_000);
    assertThat(counters.get(TrapCounter.GARBAGE)).isGreaterThan(10_000);
    for (Notification trap : taken) {
      assertThat(trap.objects()).hasSizeLessThanOrEqualTo(64);
    }
  }
}
