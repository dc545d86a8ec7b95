package org.aeiou.daemon.backend.snmp.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.snmp4j.PDU;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.asn1.BERSerializable;

/** What is missing between SNMP4J's codec and whole messages. */
public final class Tlv {
  /** A message nests five deep; what nests deeper is not one. */
  private static final int DEEPEST = 12;

  private static final int CONSTRUCTED = 0x20;

  private Tlv() {}

  /**
   * Refuses octets with lengths that lie. SNMP4J allocates what a length says before it looks
   * whether that much is there, so nothing goes to it that has not passed here. What is behind the
   * first element is not looked at.
   */
  public static void check(byte[] octets) throws IOException {
    element(octets, 0, octets.length, 0);
  }

  /** Returns where the element that starts at {@code at} ends. */
  private static int element(byte[] octets, int at, int end, int depth) throws IOException {
    if (depth > DEEPEST || end - at < 2 || (octets[at] & 0x1f) == 0x1f) {
      throw new IOException("no BER element at octet " + at);
    }
    int tag = octets[at];
    int position = at + 1;
    long length = octets[position++] & 0xff;
    if (length >= 0x80) {
      int count = (int) length & 0x7f;
      if (count == 0 || count > 4 || end - position < count) {
        throw new IOException("no BER length at octet " + at);
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = (length << 8) | (octets[position++] & 0xff);
      }
    }
    if (length > end - position) {
      throw new IOException("BER length " + length + " is too long at octet " + at);
    }
    int last = position + (int) length;
    if ((tag & CONSTRUCTED) != 0) {
      while (position < last) {
        position = element(octets, position, last, depth + 1);
      }
    }
    return last;
  }

  /** Reads a tag and a length, and expects that tag. Returns the length. */
  public static int header(BERInputStream in, int tag) throws IOException {
    BER.MutableByte found = new BER.MutableByte();
    int length = BER.decodeHeader(in, found);
    if (found.getValue() != (byte) tag) {
      throw new IOException("BER tag " + found.getValue() + ", expected " + tag);
    }
    return length;
  }

  public static int integer(BERInputStream in) throws IOException {
    return BER.decodeInteger(in, new BER.MutableByte());
  }

  public static byte[] string(BERInputStream in) throws IOException {
    return BER.decodeString(in, new BER.MutableByte());
  }

  public static byte[] sequence(byte[]... parts) {
    return element(BER.SEQUENCE, parts);
  }

  public static byte[] string(byte[] octets) {
    return element(BER.OCTETSTRING, octets);
  }

  public static byte[] integer(int number) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(6);
      BER.encodeInteger(out, BER.INTEGER, number);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("an array took no octets", e);
    }
  }

  public static byte[] encode(BERSerializable object) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(object.getBERLength());
      object.encodeBER(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("an array took no octets", e);
    }
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
      BER.encodeHeader(out, tag, length);
      for (byte[] part : parts) {
        out.write(part);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("an array took no octets", e);
    }
  }

  /** Decodes what is checked for its lengths only; anything may be wrong with the rest. */
  public static void decode(PDU pdu, BERInputStream in) throws IOException {
    try {
      pdu.decodeBER(in);
    } catch (RuntimeException e) {
      throw new IOException("not a PDU", e);
    }
  }
}
