package org.aeiou.daemon.backend.snmp.message;

import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;

/**
 * The messages that most of the traffic is made of, from bytes and to bytes without an object for
 * each part: a GET with a community (RFC 1901, RFC 3416), and the response that answers just what
 * was asked, in that order and without an error. {@link #read} reads nothing else: what is unusual
 * in any way, valid or not, is left to SNMP4J.
 *
 * <p>In the Basic Encoding Rules (X.690) a request is
 *
 * <pre>
 *   30 message:  02 version   04 community
 *   A0 PDU:      02 request id   02 01 00 error status   02 01 00 error index
 *   30 bindings: 30 binding: 06 object   05 00 no value
 *                30 …
 * </pre>
 *
 * and in the response the PDU is A2, and values stand behind the objects.
 */
final class PlainGet {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int NULL = 0x05;
  private static final int OBJECT = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int ADDRESS = 0x40;
  private static final int COUNTER32 = 0x41;
  private static final int GAUGE = 0x42;
  private static final int TIME = 0x43;
  private static final int OPAQUE = 0x44;
  private static final int COUNTER64 = 0x46;
  private static final int NO_SUCH_OBJECT = 0x80;
  private static final int NO_SUCH_INSTANCE = 0x81;
  private static final int END_OF_VIEW = 0x82;
  private static final int GET = 0xA0;
  private static final int RESPONSE = 0xA2;

  /** A tag and a length of one octet. */
  private static final int SHORT_HEADER = 2;

  private static final int ADDRESS_BYTES = 4;

  private PlainGet() {}

  /** A request on its way: where its bindings begin, and how many there are. */
  record Asked(int bindingsAt, int count) {}

  /** How long a binding without a value is: an object and Null. */
  static int bindingLength(Oid object) {
    return whole(contentLength(object));
  }

  private static int contentLength(Oid object) {
    return whole(objectLength(object)) + SHORT_HEADER;
  }

  private static int objectLength(Oid object) {
    int length = subIdLength(firstSubId(object));
    for (int i = 2; i < object.length(); i++) {
      length += subIdLength(object.get(i));
    }
    return length;
  }

  /** The first two sub-identifiers share a number (X.690, 8.19.4). */
  private static int firstSubId(Oid object) {
    return 40 * object.get(0) + object.get(1);
  }

  private static int subIdLength(int id) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(id | 1);
    return (bits + 6) / 7;
  }

  /** How long a value of that length is with its tag and its length. */
  private static int whole(int length) {
    return length < 0x80 ? length + 2 : length <= 0xFF ? length + 3 : length + 4;
  }

  /**
   * Writes a GET.
   *
   * @param objects all of them {@linkplain Oid#isEncodable encodable}
   * @param id the request id, positive
   */
  static MessageCodec.Message encode(int version, byte[] community, List<Oid> objects, int id) {
    int bindings = 0;
    for (Oid object : objects) {
      bindings += bindingLength(object);
    }
    int idLength = id >>> 23 != 0 ? 4 : id >>> 15 != 0 ? 3 : id >>> 7 != 0 ? 2 : 1;
    int pdu = SHORT_HEADER + idLength + 6 + whole(bindings);
    int message = 3 + whole(community.length) + whole(pdu);
    Writer out = new Writer(new byte[whole(message)]);
    out.header(SEQUENCE, message);
    out.number(version, 1);
    out.header(OCTETS, community.length);
    out.bytes(community);
    out.header(GET, pdu);
    out.number(id, idLength);
    out.number(0, 1);
    out.number(0, 1);
    out.header(SEQUENCE, bindings);
    Asked asked = new Asked(out.at, objects.size());
    for (Oid object : objects) {
      out.header(SEQUENCE, contentLength(object));
      out.object(object);
      out.header(NULL, 0);
    }
    return new MessageCodec.Message(out.bytes, asked);
  }

  private static final class Writer {
    final byte[] bytes;
    int at;

    Writer(byte[] bytes) {
      this.bytes = bytes;
    }

    void octet(int value) {
      bytes[at++] = (byte) value;
    }

    void bytes(byte[] from) {
      System.arraycopy(from, 0, bytes, at, from.length);
      at += from.length;
    }

    void header(int tag, int length) {
      octet(tag);
      if (length > 0xFF) {
        octet(0x82);
        octet(length >> 8);
      } else if (length >= 0x80) {
        octet(0x81);
      }
      octet(length);
    }

    /** A number that is not negative, in so many octets. */
    void number(int value, int length) {
      header(INTEGER, length);
      for (int i = length - 1; i >= 0; i--) {
        octet(value >> (8 * i));
      }
    }

    void object(Oid object) {
      header(OBJECT, objectLength(object));
      subId(firstSubId(object));
      for (int i = 2; i < object.length(); i++) {
        subId(object.get(i));
      }
    }

    /** Seven bits in each octet, the most significant ones first; 0x80 says that more follow. */
    private void subId(int id) {
      for (int shift = 7 * (subIdLength(id) - 1); shift > 0; shift -= 7) {
        octet(((id >>> shift) & 0x7F) | 0x80);
      }
      octet(id & 0x7F);
    }
  }

  /**
   * Reads the usual response.
   *
   * @return the values in the order they were asked for, each null where the agent has none; null
   *     if the response is another one than usual
   */
  static Value[] read(int version, byte[] community, byte[] datagram, byte[] request, Asked asked) {
    Reader in = new Reader(datagram);
    in.enter(SEQUENCE);
    in.endsHere();
    in.isV1 = version == 0;
    in.is(version);
    int length = in.length(OCTETS);
    if (in.isUnusual
        || length != community.length
        || !Arrays.equals(datagram, in.at, in.at + length, community, 0, length)) {
      return null;
    }
    in.at += length;
    in.enter(RESPONSE);
    in.endsHere();
    in.number(); // the request id, by which the request was found
    in.is(0);
    in.is(0);
    in.enter(SEQUENCE);
    in.endsHere();
    Reader wanted = new Reader(request);
    wanted.at = asked.bindingsAt;
    Value[] values = new Value[asked.count];
    for (int i = 0; i < values.length && !in.isUnusual; i++) {
      values[i] = in.value(wanted);
    }
    return in.isUnusual || in.at != datagram.length ? null : values;
  }

  /** Walks over the encoding. Once something is unusual it stays so, and what is read is 0. */
  private static final class Reader {
    private final byte[] bytes;
    int at;
    boolean isUnusual;

    /** Then it has neither numbers of 64 bits nor exceptions (RFC 3584, section 2.1). */
    boolean isV1;

    /** Where what was entered last ends. */
    private int end;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    private int octet() {
      if (at >= bytes.length) {
        isUnusual = true;
        return 0;
      }
      return bytes[at++] & 0xFF;
    }

    /** Steps over a tag and a length, which is within the datagram; returns the length. */
    int length(int tag) {
      if (octet() != tag) {
        isUnusual = true;
        return 0;
      }
      return length();
    }

    private int length() {
      int length = octet();
      if (length >= 0x80) {
        int octets = length & 0x7F;
        length = 0;
        // A datagram has 65 507 octets at the most; agents may write that in four.
        isUnusual |= octets == 0 || octets > 4;
        for (int i = 0; i < octets && !isUnusual; i++) {
          length = (length << 8) | octet();
        }
      }
      isUnusual |= length < 0 || length > bytes.length - at;
      return isUnusual ? 0 : length;
    }

    void enter(int tag) {
      int length = length(tag);
      end = at + length;
    }

    /** What was entered ends with the datagram, as all does but the bindings. */
    void endsHere() {
      isUnusual |= end != bytes.length;
    }

    void skip(int tag) {
      int length = length(tag);
      at += length;
    }

    /** Steps over a number of one octet, which must be this one. */
    void is(int number) {
      isUnusual |= length(INTEGER) != 1 || octet() != number;
    }

    /** Steps over a number of 32 bits. */
    void number() {
      int length = length(INTEGER);
      isUnusual |= length < 1 || length > Integer.BYTES;
      at += length;
    }

    /** The value of the next binding, which is to be of the next object in the request. */
    Value value(Reader wanted) {
      wanted.enter(SEQUENCE);
      enter(SEQUENCE);
      int ends = end;
      int from = wanted.at;
      wanted.skip(OBJECT);
      int length = wanted.at - from;
      if (isUnusual
          || length > ends - at
          || !Arrays.equals(bytes, at, at + length, wanted.bytes, from, wanted.at)) {
        isUnusual = true;
        return null;
      }
      at += length;
      wanted.skip(NULL);
      int type = octet();
      length = length();
      isUnusual |= at + length != ends || (isV1 && (type == COUNTER64 || type >= NO_SUCH_OBJECT));
      return isUnusual ? null : value(type, length);
    }

    /** As {@code SmiValues} has it of SNMP4J's variables. */
    private Value value(int type, int length) {
      return switch (type) {
        case INTEGER -> integer(length);
        case COUNTER32 -> unsigned(NumberType.COUNTER32, Integer.BYTES, length);
        case GAUGE -> unsigned(NumberType.GAUGE, Integer.BYTES, length);
        case TIME -> unsigned(NumberType.TIME, Integer.BYTES, length);
        case COUNTER64 -> unsigned(NumberType.COUNTER64, Long.BYTES, length);
        case OCTETS -> octets(OctetsType.OCTETS, length);
        case OPAQUE -> octets(OctetsType.OPAQUE, length);
        case ADDRESS -> {
          isUnusual |= length != ADDRESS_BYTES;
          yield octets(OctetsType.ADDRESS, length);
        }
        case OBJECT -> object(length);
        case NULL, NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW -> {
          isUnusual |= length != 0;
          yield null;
        }
        default -> {
          isUnusual = true;
          yield null;
        }
      };
    }

    private Value integer(int length) {
      if (length < 1 || length > Integer.BYTES) {
        isUnusual = true;
        return null;
      }
      long number = bytes[at++];
      for (int i = 1; i < length; i++) {
        number = (number << 8) | (bytes[at++] & 0xFF);
      }
      return new Value.Numeric(NumberType.INTEGER, number);
    }

    /** One octet more than the number needs is a sign, and 0. */
    private Value unsigned(NumberType type, int most, int length) {
      if (length < 1 || length > most + 1 || (length > most && bytes[at] != 0)) {
        isUnusual = true;
        return null;
      }
      long number = 0;
      for (int i = 0; i < length; i++) {
        number = (number << 8) | (bytes[at++] & 0xFF);
      }
      return new Value.Numeric(type, number);
    }

    private Value octets(OctetsType type, int length) {
      byte[] octets = Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      return new Value.Octets(type, octets);
    }

    private Value object(int length) {
      int ends = at + length;
      int count = 1; // the first number stands for two
      for (int i = at; i < ends; i++) {
        count += bytes[i] >= 0 ? 1 : 0;
      }
      if (length < 1 || bytes[ends - 1] < 0 || count > Oid.MAX_LENGTH) {
        isUnusual = true;
        return null;
      }
      int[] ids = new int[count];
      int first = subId();
      isUnusual |= first < 0;
      ids[0] = Math.min(first / 40, 2);
      ids[1] = first - 40 * ids[0];
      for (int i = 2; i < count; i++) {
        ids[i] = subId();
      }
      return isUnusual ? null : new Value.Identifier(Oid.of(ids));
    }

    private int subId() {
      long id = 0;
      int octet;
      do {
        octet = octet();
        isUnusual |= id == 0 && octet == 0x80; // zeroes before the number
        id = (id << 7) | (octet & 0x7F);
        isUnusual |= id >>> Integer.SIZE != 0;
      } while (octet >= 0x80 && !isUnusual);
      return (int) id;
    }
  }
}
