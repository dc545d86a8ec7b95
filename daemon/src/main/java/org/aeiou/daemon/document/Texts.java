package org.aeiou.daemon.document;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.net.InetAddresses;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How single values are written: durations, modes, numbers, addresses. What is wrong is an
 * IllegalArgumentException.
 */
public final class Texts {
  /** Of a host name (RFC 1123, and the underscore that is in use). */
  private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

  private static final Pattern HOST_NAME =
      Pattern.compile("(?=.{1,254}$)" + LABEL + "(\\." + LABEL + ")*\\.?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final Pattern LOOKS_LIKE_IPV4 = Pattern.compile("[0-9.]+");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern FACTOR = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,9})?");

  private static final Pattern RATE = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,3})?");

  /** Of an IPv6 address: an interface's name or number. */
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private static final String CHARSETS =
      "one such as UTF-8, windows-1252, KOI8-R, GBK, Big5, Shift_JIS or EUC-KR";

  private static final double MAX_FACTOR = 1000;
  private static final double MAX_RATE = 100_000;
  private static final int MAX_QUOTED = 40;

  /** A host and a port. */
  public record Address(String host, int port) {}

  private Texts() {}

  public static Duration duration(String text) {
    return Durations.parse(text);
  }

  public static Duration positiveDuration(String text) {
    Duration duration = duration(text);
    if (duration.isZero()) {
      throw wrong(text, "is no time at all", "more than 0");
    }
    return duration;
  }

  public static int number(String text, int least, int most) {
    // Integer.parseInt would take a sign, and the digits of all scripts.
    if (NUMBER.matcher(text.strip()).matches()) {
      int number = Integer.parseInt(text.strip());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong(text, "is not a number from " + least + " to " + most, "one");
  }

  public static double factor(String text) {
    // Double.parseDouble would take "1d", which is no day, and "0x1p3".
    if (FACTOR.matcher(text.strip()).matches()) {
      double factor = Double.parseDouble(text.strip());
      if (factor <= MAX_FACTOR) {
        return factor;
      }
    }
    throw wrong(text, "is not a factor", "a number from 0 to 1000: the grace period in TTLs");
  }

  /** How often in a second: more than 0, up to 100000. */
  public static double rate(String text) {
    if (RATE.matcher(text.strip()).matches()) {
      double rate = Double.parseDouble(text.strip());
      if (rate > 0 && rate <= MAX_RATE) {
        return rate;
      }
    }
    throw wrong(text, "is not a rate", "a number a second, from 0.001 to 100000");
  }

  public static boolean truth(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw wrong(text, "is neither true nor false", "true or false");
    };
  }

  public static int mode(String text) {
    if (!text.matches("0?[0-7]{3}")) {
      throw wrong(text, "is not a mode", "three octal digits in quotes, as in \"0444\"");
    }
    int mode = Integer.parseInt(text, 8);
    if ((mode & 0222) != 0 || (mode & 0111) != 0) {
      throw wrong(text, "permits to write or execute", "only read bits, as in \"0440\"");
    }
    return mode;
  }

  public static int socketMode(String text) {
    if (!text.matches("0?[0-7]{3}")) {
      throw wrong(text, "is not a mode", "three octal digits in quotes, as in \"0660\"");
    }
    return Integer.parseInt(text, 8);
  }

  /** One of the constants, as {@link #written}; letters may be small, and hyphens left out. */
  public static <E extends Enum<E>> E oneOf(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (bare(written(constant)).equals(bare(text))) {
        return constant;
      }
    }
    // The value is not shown: a pass is next to most of these, and may have slipped in here.
    throw new IllegalArgumentException(
        "is not known; expected one of "
            + Arrays.stream(type.getEnumConstants())
                .map(Texts::written)
                .collect(Collectors.joining(", ")));
  }

  private static String bare(String text) {
    return text.strip().toUpperCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /**
   * {@code AES_128} is written {@code AES-128}, {@code V2C} {@code 2c}, {@code NONE} {@code none}.
   */
  public static String written(Enum<?> constant) {
    String name = constant.name();
    if (name.equals("NONE")) {
      return "none";
    }
    return name.startsWith("V") && Character.isDigit(name.charAt(1))
        ? name.substring(1).toLowerCase(Locale.ROOT)
        : name.replace('_', '-');
  }

  /** A character set in which ASCII is ASCII, as it is in all that agents write. */
  public static Charset charset(String text) {
    Charset charset;
    try {
      charset = Charset.forName(text.strip());
    } catch (IllegalArgumentException e) {
      String nearest = Spelling.nearest(text.strip(), charsets());
      throw new IllegalArgumentException(
          quoted(text)
              + " is not a character set; expected "
              + (nearest == null ? "" : "'" + nearest + "', or ")
              + CHARSETS,
          e);
    }
    if (!isAscii(charset)) {
      throw wrong(
          text,
          "is not a character set for text of agents: ASCII reads as something else",
          CHARSETS);
    }
    return charset;
  }

  /** All of ASCII, controls too: a character set that shifts by them means something else. */
  private static boolean isAscii(Charset charset) {
    byte[] octets = new byte[128];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) i;
    }
    return new String(octets, charset).equals(new String(octets, US_ASCII));
  }

  private static Set<String> charsets() {
    Set<String> names = new LinkedHashSet<>(Charset.availableCharsets().keySet());
    Charset.availableCharsets().values().forEach(charset -> names.addAll(charset.aliases()));
    return names;
  }

  public static Address address(String text, int standardPort) {
    return address(text, standardPort, 1);
  }

  /** As {@link #address(String, int)}, where port 0 stands for any that is free. */
  public static Address listening(String text, int standardPort) {
    return address(text, standardPort, 0);
  }

  private static Address address(String text, int standardPort, int leastPort) {
    String given = text.strip();
    int colon = given.lastIndexOf(':');
    if (given.startsWith("[")) {
      int end = given.indexOf(']');
      if (end > 0 && isIpv6(given.substring(1, end))) {
        String rest = given.substring(end + 1);
        if (rest.isEmpty()) {
          return new Address(given.substring(1, end), standardPort);
        }
        if (rest.startsWith(":")) {
          return new Address(given.substring(1, end), port(text, rest.substring(1), leastPort));
        }
      }
      throw notAnAddress(text);
    }
    if (colon >= 0 && given.indexOf(':') != colon) {
      if (isIpv6(given)) {
        throw wrong(
            text, "is an IPv6 address without brackets", "[" + given + "] or [" + given + "]:PORT");
      }
      throw notAnAddress(text);
    }
    String host = colon < 0 ? given : given.substring(0, colon);
    if (!isHost(host)) {
      throw notAnAddress(text);
    }
    return new Address(
        host, colon < 0 ? standardPort : port(text, given.substring(colon + 1), leastPort));
  }

  private static int port(String text, String port, int least) {
    if (PORT.matcher(port).matches()) {
      int number = Integer.parseInt(port);
      if (number >= least && number <= 65535) {
        return number;
      }
    }
    throw wrong(text, "has no port from " + least + " to 65535 behind the colon", "HOST:PORT");
  }

  private static boolean isHost(String host) {
    return LOOKS_LIKE_IPV4.matcher(host).matches()
        ? InetAddresses.isInetAddress(host)
        : HOST_NAME.matcher(host).matches();
  }

  private static boolean isIpv6(String host) {
    int percent = host.indexOf('%');
    if (percent >= 0 && !ZONE.matcher(host.substring(percent + 1)).matches()) {
      return false;
    }
    String address = percent < 0 ? host : host.substring(0, percent);
    return address.contains(":") && InetAddresses.isInetAddress(address);
  }

  /**
   * A value as messages show it: not much of it, as where a quote is missing it may be the rest of
   * the file.
   */
  public static String quoted(String text) {
    return "'" + (text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…") + "'";
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        quoted(text) + " is not an address; use HOST or HOST:PORT, or [IPV6]:PORT");
  }

  private static IllegalArgumentException wrong(String text, String what, String expected) {
    return new IllegalArgumentException(quoted(text) + " " + what + "; expected " + expected);
  }
}
