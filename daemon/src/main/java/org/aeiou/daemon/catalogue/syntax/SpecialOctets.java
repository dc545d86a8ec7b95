package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.net.InetAddresses;
import java.math.BigDecimal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The octet strings that no display hint can describe: addresses, bits, dates, numbers in Opaque.
 */
final class SpecialOctets {
  /** RFC 2579, DateAndTime. */
  private static final OctetHint DATE_AND_TIME = OctetHint.parse("2d-1d-1d,1d:1d:1d.1d,1a1d:1d");

  private static final int LOCAL_DATE = 8;
  private static final int DATE_WITH_ZONE = 11;

  private static final int REAL = 0x09;
  private static final int MOST_PLACES = 400;

  // Net-SNMP's numbers in an Opaque: a BER tag of two octets, a length, the number.
  private static final int OPAQUE_TAG = 0x9F;
  private static final int OPAQUE_COUNTER64 = 0x76;
  private static final int OPAQUE_FLOAT = 0x78;
  private static final int OPAQUE_DOUBLE = 0x79;
  private static final int OPAQUE_INTEGER64 = 0x7A;
  private static final int OPAQUE_UNSIGNED64 = 0x7B;

  private SpecialOctets() {}

  /**
   * An Internet address by its length (RFC 4001): 4 octets IPv4, 16 IPv6 (as RFC 5952 writes it), 8
   * and 20 the same with a zone, 0 none. Null if it is of another length.
   */
  static String inetAddress(byte[] octets) {
    return switch (octets.length) {
      case 0 -> "";
      case 4, 16 -> plainAddress(octets);
      case 8, 20 -> {
        int zone = octets.length - Integer.BYTES;
        yield plainAddress(Arrays.copyOf(octets, zone))
            + "%"
            + Integer.toUnsignedString(ByteBuffer.wrap(octets).getInt(zone));
      }
      default -> null;
    };
  }

  private static String plainAddress(byte[] octets) {
    try {
      // Not InetAddress.getByAddress for IPv6: it turns ::ffff:a00:1 into 10.0.0.1.
      return InetAddresses.toAddrString(
          octets.length == 4
              ? InetAddress.getByAddress(octets)
              : Inet6Address.getByAddress(null, octets, -1));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(octets.length + " octets were said to be an address", e);
    }
  }

  /** The labels of the bits that are set, bit 0 being the first octet's highest (RFC 2578). */
  static String bits(byte[] octets, Map<Long, String> labels) {
    StringJoiner set = new StringJoiner(" ");
    for (int bit = 0; bit < octets.length * 8; bit++) {
      if ((octets[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        set.add(labels.getOrDefault((long) bit, Integer.toString(bit)));
      }
    }
    return set.toString();
  }

  /**
   * A date as its convention shows it; empty if all of it is zero, which is how agents say that
   * they do not know. Null if it is none: some agents answer the text that a date reads as.
   */
  static String dateAndTime(byte[] octets) {
    if (isZero(octets)) {
      return "";
    }
    boolean fits = octets.length == LOCAL_DATE || octets.length == DATE_WITH_ZONE;
    // Text may have as many octets, and then is no date: its month would be 48 or more.
    return fits && (isDate(octets) || PlainText.of(octets) == null)
        ? DATE_AND_TIME.apply(octets)
        : null;
  }

  /** The octets of a date that reads so; null if it is none. */
  static byte[] parseDate(String text) {
    try {
      byte[] octets = DATE_AND_TIME.read(text);
      boolean fits = octets.length == LOCAL_DATE || octets.length == DATE_WITH_ZONE;
      return fits && isDate(octets) ? octets : null;
    } catch (NoValueException e) {
      return null;
    }
  }

  private static boolean isZero(byte[] octets) {
    for (byte octet : octets) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether month, day, hour, minute, second, decisecond and zone have values that these have. */
  private static boolean isDate(byte[] date) {
    boolean zone =
        date.length == LOCAL_DATE
            || ((date[8] == '+' || date[8] == '-')
                && isIn(date[9], 0, 14)
                && isIn(date[10], 0, 59));
    return zone
        && isIn(date[2], 1, 12)
        && isIn(date[3], 1, 31)
        && isIn(date[4], 0, 23)
        && isIn(date[5], 0, 59)
        && isIn(date[6], 0, 60)
        && isIn(date[7], 0, 9);
  }

  private static boolean isIn(byte octet, int least, int most) {
    return octet >= least && octet <= most;
  }

  /** The number in an Opaque, or null if there is none. */
  static String opaqueNumber(byte[] octets) {
    return octets.length > 0 && octets[0] == REAL ? real(octets) : tagged(octets);
  }

  /** ASN.1's REAL in decimal digits (X.690, section 8.5.8), which some agents answer; else null. */
  private static String real(byte[] octets) {
    if (octets.length < 4 || octets[1] != octets.length - 2 || octets[2] < 1 || octets[2] > 3) {
      return null;
    }
    try {
      String digits = new String(octets, 3, octets.length - 3, US_ASCII);
      BigDecimal number = new BigDecimal(digits.strip().replace(',', '.'));
      // Written out, an exponent of nine digits would take a gigabyte.
      return Math.abs((long) number.scale()) > MOST_PLACES ? null : number.toPlainString();
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** One of Net-SNMP's. */
  private static String tagged(byte[] octets) {
    if (octets.length < 4
        || (octets[0] & 0xFF) != OPAQUE_TAG
        || octets[2] != octets.length - 3
        // One more than it needs: an unsigned number may have a leading 0.
        || octets[2] > Long.BYTES + 1) {
      return null;
    }
    ByteBuffer number = ByteBuffer.wrap(octets, 3, octets.length - 3);
    int tag = octets[1] & 0xFF;
    return switch (tag) {
      case OPAQUE_FLOAT -> number.remaining() == 4 ? decimal(number.getFloat()) : null;
      case OPAQUE_DOUBLE -> number.remaining() == 8 ? decimal(number.getDouble()) : null;
      case OPAQUE_INTEGER64 -> Long.toString(integer(octets, octets[3] < 0 ? -1 : 0));
      case OPAQUE_COUNTER64, OPAQUE_UNSIGNED64 -> Long.toUnsignedString(integer(octets, 0));
      default -> null;
    };
  }

  private static long integer(byte[] octets, long sign) {
    long number = sign;
    for (int i = 3; i < octets.length; i++) {
      number = number << 8 | (octets[i] & 0xFF);
    }
    return number;
  }

  private static String decimal(float number) {
    return Float.isFinite(number) ? plain(Float.toString(number)) : Float.toString(number);
  }

  private static String decimal(double number) {
    return Double.isFinite(number) ? plain(Double.toString(number)) : Double.toString(number);
  }

  private static String plain(String number) {
    return new BigDecimal(number).toPlainString();
  }
}
