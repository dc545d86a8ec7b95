package org.aeiou.daemon.backend.snmp.message;

/**
 * As much of a datagram as says which request it answers, read without trusting the rest: whether
 * it is from the right sender is known before anything is decoded or decrypted.
 *
 * @param version 0 for v1, 1 for v2c, 3 for v3
 * @param id the request id of v1 and v2c; the msgID of v3
 */
public record MessageHeader(int version, int id) {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int RESPONSE = 0xA2;

  /** Reads the header; null if this is not an SNMP response (RFC 1157, 1901, 3412). */
  public static MessageHeader of(byte[] datagram) {
    Cursor cursor = new Cursor(datagram);
    cursor.open(SEQUENCE);
    int version = cursor.integer();
    switch (version) {
      case 0, 1 -> {
        cursor.skip(OCTETS);
        cursor.open(RESPONSE);
      }
      case 3 -> cursor.open(SEQUENCE);
      default -> cursor.fail();
    }
    int id = cursor.integer();
    return cursor.failed ? null : new MessageHeader(version, id);
  }

  /** Walks over BER; once something is not as expected, it stays failed. */
  private static final class Cursor {
    private final byte[] bytes;
    private int at;
    private boolean failed;

    Cursor(byte[] bytes) {
      this.bytes = bytes;
    }

    void fail() {
      failed = true;
    }

    private int next() {
      if (failed || at >= bytes.length) {
        failed = true;
        return 0;
      }
      return bytes[at++] & 0xFF;
    }

    /** Steps into a tag; returns its length. What it holds may be cut off: that is seen later. */
    int open(int tag) {
      if (next() != tag) {
        failed = true;
      }
      int length = next();
      if (length >= 0x80) {
        int octets = length & 0x7F;
        length = 0;
        if (octets == 0 || octets > 4) {
          failed = true;
        }
        for (int i = 0; i < octets && !failed; i++) {
          length = length << 8 | next();
        }
      }
      if (length < 0) {
        failed = true;
      }
      return failed ? 0 : length;
    }

    void skip(int tag) {
      int length = open(tag);
      if (length > bytes.length - at) {
        failed = true;
      } else {
        at += length;
      }
    }

    int integer() {
      int length = open(INTEGER);
      if (length < 1 || length > 4) {
        failed = true;
        return -1;
      }
      int value = 0;
      for (int i = 0; i < length; i++) {
        value = value << 8 | next();
      }
      return value;
    }
  }
}
