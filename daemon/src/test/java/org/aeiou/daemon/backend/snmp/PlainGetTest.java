package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.MessageCodecs;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BEROutputStream;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** GETs that are written and read without SNMP4J: they mean what SNMP4J says they mean. */
class PlainGetTest {
  private static final int ROUNDS = 1_000;

  private final Random random = new Random(17);

  private static MessageCodec codec(boolean v1, String community) {
    return new MessageCodecs(new SnmpCounters()).community(v1, new Secret(community));
  }

  private static List<VariableBinding> bindings(List<Oid> objects) {
    return objects.stream().map(SmiValues::unset).toList();
  }

  /** Sub-identifiers of all lengths. */
  private int id() {
    return random.nextInt() >>> random.nextInt(32);
  }

  private Oid object() {
    int first = random.nextInt(3);
    int[] ids = new int[2 + random.nextInt(random.nextInt(10) == 0 ? 126 : 14)];
    ids[0] = first;
    ids[1] = first < 2 ? random.nextInt(40) : id() & 0xFFFF;
    for (int i = 2; i < ids.length; i++) {
      ids[i] = id();
    }
    return Oid.of(ids);
  }

  private List<Oid> objects() {
    Set<Oid> objects = new HashSet<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      objects.add(object());
    }
    return List.copyOf(objects);
  }

  private byte[] octets(int most) {
    byte[] octets = new byte[random.nextInt(most)];
    random.nextBytes(octets);
    return octets;
  }

  private Variable variable() {
    return switch (random.nextInt(12)) {
      case 0 -> new Integer32(random.nextInt() >> random.nextInt(32));
      case 1 -> new Counter32(id() & 0xFFFF_FFFFL);
      case 2 -> new Gauge32(id() & 0xFFFF_FFFFL);
      case 3 -> new TimeTicks(id() & 0xFFFF_FFFFL);
      case 4 -> new Counter64(random.nextLong() >>> random.nextInt(64));
      case 5 -> new OctetString(octets(random.nextInt(5) == 0 ? 400 : 40));
      case 6 -> new Opaque(octets(12));
      case 7 -> new IpAddress(Arrays.copyOf(octets(5), 4));
      case 8 -> SmiValues.oid(object());
      case 9 -> Null.noSuchInstance;
      case 10 -> Null.noSuchObject;
      default -> Null.instance;
    };
  }

  private byte[] response(boolean v1, String community, int id, List<VariableBinding> bindings)
      throws IOException {
    PDU pdu = new PDU(PDU.RESPONSE, bindings);
    pdu.setRequestID(new Integer32(id));
    BEROutputStream body = new BEROutputStream(ByteBuffer.allocate(pdu.getBERLength()));
    pdu.encodeBER(body);
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    BEROutputStream stream = new BEROutputStream(out);
    Integer32 version = new Integer32(v1 ? 0 : 1);
    OctetString name = new OctetString(community);
    int length = version.getBERLength() + name.getBERLength() + pdu.getBERLength();
    BER.encodeHeader(stream, 0x30, length);
    version.encodeBER(stream);
    name.encodeBER(stream);
    out.put(body.getBuffer().array());
    return Arrays.copyOf(out.array(), out.position());
  }

  /** As the codec reads it with nothing but SNMP4J; null if that cannot. */
  private static List<VariableBinding> slowly(MessageCodec codec, byte[] datagram, int id) {
    MessageCodec.Decoded decoded =
        codec.decode(datagram, id, new MessageCodec.Message(new byte[0], null));
    return decoded instanceof MessageCodec.Decoded.Response response
            && response.pdu().getErrorStatus() == PDU.noError
        ? new ArrayList<>(response.pdu().getVariableBindings())
        : null;
  }

  @Test
  void requestIsByteForByteWhatSnmp4jWrites() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      MessageCodec codec =
          codec(random.nextBoolean(), "c".repeat(random.nextInt(random.nextInt(9) == 0 ? 300 : 9)));
      List<Oid> objects = objects();
      int id = Math.max(1, id() & Integer.MAX_VALUE);
      byte[] expected =
          codec.encode(new MessageCodec.Request(PDU.GET, bindings(objects), 0), id).octets();
      assertThat(codec.encodeGet(objects, id).octets()).as(objects.toString()).isEqualTo(expected);
      for (Oid object : objects) {
        assertThat(MessageCodec.bindingLength(object))
            .isEqualTo(SmiValues.unset(object).getBERLength());
      }
    }
  }

  @Test
  void objectThatHasNoEncodingIsLeftToSnmp4j() throws IOException {
    MessageCodec codec = codec(false, "public");
    List<Oid> objects = List.of(Oid.of(1, 40, 1), Oid.of(1));
    byte[] expected = null;
    try {
      expected = codec.encode(new MessageCodec.Request(PDU.GET, bindings(objects), 0), 7).octets();
    } catch (RuntimeException e) {
      // then neither can the other
    }
    byte[] got = null;
    try {
      got = codec.encodeGet(objects, 7).octets();
    } catch (RuntimeException e) {
      // as above
    }
    assertThat(got).isEqualTo(expected);
  }

  @Test
  void usualResponseHasTheValuesThatSnmp4jFinds() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      boolean v1 = random.nextBoolean();
      MessageCodec codec = codec(v1, "public");
      List<Oid> objects = objects();
      int id = random.nextInt(Integer.MAX_VALUE) + 1;
      List<VariableBinding> answered = new ArrayList<>();
      objects.forEach(
          object -> answered.add(new VariableBinding(SmiValues.oid(object), variable())));
      byte[] datagram = response(v1, "public", id, answered);
      MessageCodec.Decoded decoded = codec.decode(datagram, id, codec.encodeGet(objects, id));
      List<VariableBinding> expected = slowly(codec, datagram, id);
      if (v1 && answered.stream().anyMatch(PlainGetTest::isUnknownToV1)) {
        assertThat(decoded).isNotInstanceOf(MessageCodec.Decoded.Values.class);
        continue;
      }
      assertThat(decoded).as("of " + answered).isInstanceOf(MessageCodec.Decoded.Values.class);
      assertThat(((MessageCodec.Decoded.Values) decoded).values())
          .containsExactly(values(expected));
    }
  }

  private static boolean isUnknownToV1(VariableBinding binding) {
    return binding.isException() || binding.getVariable() instanceof Counter64;
  }

  private static Value[] values(List<VariableBinding> bindings) {
    return bindings.stream()
        .map(binding -> SmiValues.value(binding.getVariable()))
        .toArray(Value[]::new);
  }

  /** Whatever an agent sends instead: what is read without SNMP4J is what SNMP4J reads. */
  @Test
  void spoiltResponseIsReadAsSnmp4jReadsItOrLeftToIt() throws IOException {
    MessageCodec codec = codec(false, "public");
    int usual = 0;
    for (int round = 0; round < 10 * ROUNDS; round++) {
      List<Oid> objects = objects();
      int id = random.nextInt(Integer.MAX_VALUE) + 1;
      List<VariableBinding> answered = new ArrayList<>();
      objects.forEach(
          object -> answered.add(new VariableBinding(SmiValues.oid(object), variable())));
      byte[] datagram = spoilt(response(false, "public", id, answered));
      MessageCodec.Message sent = codec.encodeGet(objects, id);
      MessageCodec.Decoded decoded = codec.decode(datagram, id, sent);
      if (decoded instanceof MessageCodec.Decoded.Values values) {
        usual++;
        List<VariableBinding> expected = slowly(codec, datagram, id);
        assertThat(expected).as("what SNMP4J cannot read").isNotNull();
        assertThat(expected.stream().map(VariableBinding::getOid).map(SmiValues::oid).toList())
            .isEqualTo(objects);
        assertThat(values.values()).containsExactly(values(expected));
      }
    }
    assertThat(usual).as("spoilt in a value only").isGreaterThan(ROUNDS / 4);
  }

  private byte[] spoilt(byte[] datagram) {
    byte[] bytes = datagram.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(3));
      case 2 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      case 3 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(bytes.length - from);
        System.arraycopy(datagram, random.nextInt(bytes.length - length), bytes, from, length);
      }
    }
    return bytes;
  }

  @Test
  void lengthsInMoreOctetsThanTheyNeedAreUsual() throws IOException {
    // As net-snmp writes them: 30 82 00 2E.
    byte[] datagram =
        HexFormat.of()
            .parseHex(
                "3082002e"
                    + "020101"
                    + "04067075626c6963"
                    + "a282001f"
                    + "020109020100020100"
                    + "30820012"
                    + "3082000e"
                    + "06082b06010201010300"
                    + "43020100");
    MessageCodec codec = codec(false, "public");
    MessageCodec.Message sent = codec.encodeGet(List.of(Oid.parse("1.3.6.1.2.1.1.3.0")), 9);
    MessageCodec.Decoded decoded = codec.decode(datagram, 9, sent);
    assertThat(decoded).isInstanceOf(MessageCodec.Decoded.Values.class);
    assertThat(((MessageCodec.Decoded.Values) decoded).values())
        .containsExactly(new Value.Numeric(Value.NumberType.TIME, 256));
  }

  @Test
  void otherCommunityIsNoResponse() throws IOException {
    MessageCodec codec = codec(false, "public");
    List<Oid> objects = List.of(Oid.parse("1.3.6.1.2.1.1.3.0"));
    List<VariableBinding> answered =
        List.of(new VariableBinding(new OID("1.3.6.1.2.1.1.3.0"), new TimeTicks(5)));
    MessageCodec.Message sent = codec.encodeGet(objects, 9);
    assertThat(codec.decode(response(false, "public", 9, answered), 9, sent))
        .isInstanceOf(MessageCodec.Decoded.Values.class);
    assertThat(codec.decode(response(false, "publik", 9, answered), 9, sent))
        .isInstanceOf(MessageCodec.Decoded.Dropped.class);
  }
}
