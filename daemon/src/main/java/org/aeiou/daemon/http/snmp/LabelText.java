package org.aeiou.daemon.http.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.syntax.Syntax;

/**
 * Values as snmp_exporter writes them: as text in a label, as a number. Both go by the definition,
 * as there, and not by what the octets look like.
 */
final class LabelText {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final HexFormat HARDWARE = HexFormat.ofDelimiter(":").withUpperCase();
  private static final int HARDWARE_OCTETS = 6;
  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  /** A number in a {@code double} is exact below it; counters start over there. */
  private static final long EXACT = 1L << 53;

  private LabelText() {}

  /** The value as text; empty for null. */
  static String of(Syntax syntax, Value value, Charset charset) {
    if (value instanceof Value.Numeric number) {
      return number.toString();
    }
    if (value instanceof Value.Identifier identifier) {
      return identifier.oid().toString();
    }
    if (!(value instanceof Value.Octets octets)) {
      return "";
    }
    if (octets.type() == Value.OctetsType.ADDRESS) {
      return address(octets.octets());
    }
    return switch (syntax.form()) {
      case TEXT -> new String(syntax.render(octets, charset), UTF_8);
      case HARDWARE_ADDRESS -> hardwareAddress(octets.octets());
      case INET_ADDRESS -> address(octets.octets());
      default -> hex(octets.octets());
    };
  }

  /** An object of an index as text: an enumeration by its label. */
  static String ofIndex(Syntax syntax, Value value, Charset charset) {
    String label =
        value instanceof Value.Numeric number ? syntax.labels().get(number.number()) : null;
    return label != null ? label : of(syntax, value, charset);
  }

  private static String hex(byte[] octets) {
    return octets.length == 0 ? "" : "0x" + HEX.formatHex(octets);
  }

  /** Always of six octets: more are left out, and fewer are filled up with zeros. */
  private static String hardwareAddress(byte[] octets) {
    byte[] six = new byte[HARDWARE_OCTETS];
    System.arraycopy(octets, 0, six, 0, Math.min(octets.length, HARDWARE_OCTETS));
    return HARDWARE.formatHex(six);
  }

  private static String address(byte[] octets) {
    StringBuilder text = new StringBuilder();
    if (octets.length == IPV4_OCTETS) {
      for (byte octet : octets) {
        text.append(text.length() == 0 ? "" : ".").append(octet & 0xFF);
      }
    } else if (octets.length == IPV6_OCTETS) {
      for (int i = 0; i < IPV6_OCTETS; i += 2) {
        text.append(i == 0 ? "" : ":").append(HEX.formatHex(octets, i, i + 2));
      }
    } else {
      text.append(hex(octets));
    }
    return text.toString();
  }

  /** Whether values of this syntax are numbers; else they are labels of a sample of 1. */
  static boolean isNumber(Syntax syntax) {
    return switch (syntax.form()) {
      case NUMBER, OPAQUE, DATE_AND_TIME -> true;
      default -> false;
    };
  }

  /** The number of a sample, as text; null if the value is none, or out of all reason. */
  static String number(Syntax syntax, Value value, Charset charset) {
    if (value instanceof Value.Numeric number) {
      return number.type() == Value.NumberType.COUNTER64
          ? Long.toString(number.number() & (EXACT - 1))
          : Long.toString(number.number());
    }
    if (!(value instanceof Value.Octets octets)) {
      return null;
    }
    if (syntax.form() == Syntax.Form.DATE_AND_TIME) {
      return seconds(octets.octets());
    }
    if (octets.type() != Value.OctetsType.OPAQUE) {
      return null;
    }
    try {
      return Double.toString(Double.parseDouble(new String(syntax.render(octets, charset), UTF_8)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A DateAndTime (RFC 2579) in seconds since the epoch; in UTC if it says no zone. */
  private static String seconds(byte[] octets) {
    if (octets.length != 8 && octets.length != 11) {
      return null;
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              ((octets[0] & 0xFF) << 8) | (octets[1] & 0xFF),
              octets[2],
              octets[3],
              octets[4],
              octets[5],
              Math.min(octets[6], 59)); // of a leap second
      ZoneOffset zone = ZoneOffset.UTC;
      if (octets.length == 11) {
        int sign = octets[8] == '-' ? -1 : 1;
        zone = ZoneOffset.ofHoursMinutes(sign * octets[9], sign * octets[10]);
      }
      return Long.toString(local.toEpochSecond(zone));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Writes a text as Prometheus reads a label's value. */
  static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
  }

  /** A name as Prometheus allows it. */
  static String name(String name) {
    StringBuilder clean = null;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isFine =
          c == '_'
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9' && i > 0);
      if (!isFine) {
        clean = clean == null ? new StringBuilder(name) : clean;
        clean.setCharAt(i, '_');
      }
    }
    return clean == null ? name : clean.toString();
  }
}
