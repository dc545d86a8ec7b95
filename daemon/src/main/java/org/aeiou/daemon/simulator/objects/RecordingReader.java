package org.aeiou.daemon.simulator.objects;

import com.google.common.base.Splitter;
import com.google.common.io.BaseEncoding;
import com.google.common.net.InetAddresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;

/**
 * Reads {@code .snmprec} files: {@code OID|TAG|VALUE}, an object a line, in any order; {@code #}
 * begins a comment line.
 *
 * <p>TAG is the ASN.1 tag in decimal. An {@code x} behind it: VALUE is in hexadecimal. A {@code
 * :word} behind it names a variation: {@code numeric} plays its {@code initial} value, {@code
 * writecache} its {@code value} or {@code hexvalue}, both without moving; all others are skipped
 * and counted, and so is NULL. Of two lines for the same object the first counts: in walks that
 * were cut off, the last line is a false one.
 */
public final class RecordingReader {
  private static final String ENDING = ".snmprec";
  private static final Pattern TAG = Pattern.compile("(\\d{1,3})(x?)(?::(\\w+))?");
  private static final int MOST_ERRORS = 10;
  private static final int NULL = 5;
  private static final long MOST_UNSIGNED = 0xffffffffL;

  private final Path file;
  private final NavigableMap<int[], Value> objects = new TreeMap<>(Arrays::compareUnsigned);
  private final List<String> errors = new ArrayList<>();
  private int skipped;
  private int duplicates;

  private RecordingReader(Path file) {
    this.file = file;
  }

  /**
   * Reads a file, or all the {@code .snmprec} files of a folder in the order of their names.
   *
   * @throws IOException with file, line and what was expected, for the first few errors
   */
  public static List<Recording> readAll(Path path) throws IOException {
    List<Path> files = List.of(path);
    if (Files.isDirectory(path)) {
      try (Stream<Path> entries = Files.list(path)) {
        files = entries.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
      }
      if (files.isEmpty()) {
        throw new IOException(path + ": holds no recordings; expected *" + ENDING + " files");
      }
    }
    List<Recording> recordings = new ArrayList<>();
    for (Path file : files) {
      recordings.add(new RecordingReader(file).read());
    }
    return recordings;
  }

  private Recording read() throws IOException {
    // One character for each octet: values are octets, not text.
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isEmpty() && !line.startsWith("#")) {
          read(line, number);
        }
        if (errors.size() >= MOST_ERRORS) {
          break;
        }
      }
    }
    if (!errors.isEmpty()) {
      throw new IOException(String.join(System.lineSeparator(), errors));
    }
    String name = file.getFileName().toString();
    return new Recording(
        name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name,
        objects.keySet().toArray(int[][]::new),
        objects.values().toArray(Value[]::new),
        skipped,
        duplicates);
  }

  private void read(String line, int number) {
    try {
      List<String> parts = Splitter.on('|').limit(3).splitToList(line);
      if (parts.size() != 3) {
        throw new IllegalArgumentException("'" + line + "' is no object; expected OID|TAG|VALUE");
      }
      int[] name = Oid.parse(parts.get(0)).toArray();
      Value value = value(parts.get(1), parts.get(2));
      if (value == null) {
        skipped++;
      } else if (objects.putIfAbsent(name, value) != null) {
        duplicates++;
      }
    } catch (IllegalArgumentException e) {
      errors.add(file + ":" + number + ": " + e.getMessage());
    }
  }

  /** Null for what cannot be played. */
  private static Value value(String tag, String text) {
    Matcher matcher = TAG.matcher(tag);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "tag '" + tag + "' is unknown; expected a number, with x behind it for hexadecimal");
    }
    int type = Integer.parseInt(matcher.group(1));
    boolean hex = !matcher.group(2).isEmpty();
    String variation = matcher.group(3);
    if (type == NULL) {
      return null;
    }
    if (variation == null) {
      return value(type, hex, text);
    }
    return switch (variation) {
      case "numeric" -> numeric(type, options(text));
      case "writecache" -> written(type, options(text));
      default -> null;
    };
  }

  private static Value numeric(int type, Map<String, String> options) {
    String least = options.getOrDefault("min", "0");
    return value(type, false, options.getOrDefault("initial", least));
  }

  private static Value written(int type, Map<String, String> options) {
    String hex = options.get("hexvalue");
    return hex != null
        ? value(type, true, hex)
        : value(type, false, options.getOrDefault("value", ""));
  }

  /** A value may hold commas: they separate options only in front of a word and an equals sign. */
  private static Map<String, String> options(String text) {
    Map<String, String> options = new TreeMap<>();
    for (String option : Splitter.on(Pattern.compile(",(?=\\w+=)")).split(text)) {
      List<String> parts = Splitter.on('=').limit(2).splitToList(option);
      if (parts.size() == 2) {
        options.put(parts.get(0), parts.get(1));
      }
    }
    return options;
  }

  private static Value value(int type, boolean hex, String text) {
    return switch (type) {
      case 2 ->
          number("INTEGER32", NumberType.INTEGER, text, hex, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case 4 -> new Value.Octets(OctetsType.OCTETS, octets(text, hex));
      case 6 -> new Value.Identifier(Oid.parse(decoded(text, hex)));
      case 64 -> address(text, hex);
      case 65 -> number("COUNTER32", NumberType.COUNTER32, text, hex, 0, MOST_UNSIGNED);
      case 66 -> number("GAUGE32", NumberType.GAUGE, text, hex, 0, MOST_UNSIGNED);
      case 67 -> number("TIME_TICKS", NumberType.TIME, text, hex, 0, MOST_UNSIGNED);
      case 68 -> new Value.Octets(OctetsType.OPAQUE, octets(text, hex));
      case 70 -> counter64(decoded(text, hex));
      default ->
          throw new IllegalArgumentException(
              "tag " + type + " is unknown; expected 2, 4, 6, 64, 65, 66, 67, 68 or 70");
    };
  }

  private static Value number(
      String name, NumberType type, String text, boolean hex, long least, long most) {
    try {
      long number = Long.parseLong(decoded(text, hex));
      if (number >= least && number <= most) {
        return new Value.Numeric(type, number);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no " + name + "; expected a number from " + least + " to " + most);
  }

  private static Value counter64(String text) {
    try {
      return new Value.Numeric(NumberType.COUNTER64, Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no COUNTER64; expected a number from 0 to 18446744073709551615", e);
    }
  }

  private static Value address(String text, boolean hex) {
    byte[] octets = null;
    if (hex) {
      octets = octets(text, true);
    } else if (InetAddresses.isInetAddress(text)) {
      octets = InetAddresses.forString(text).getAddress();
    }
    if (octets == null || octets.length != 4) {
      throw new IllegalArgumentException("'" + text + "' is no IpAddress; expected four octets");
    }
    return new Value.Octets(OctetsType.ADDRESS, octets);
  }

  /** Hexadecimal of a number or identifier is that of its text. */
  private static String decoded(String text, boolean hex) {
    return hex ? new String(octets(text, true), StandardCharsets.ISO_8859_1) : text;
  }

  private static byte[] octets(String text, boolean hex) {
    if (!hex) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    try {
      return BaseEncoding.base16().decode(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not hexadecimal; expected pairs of 0-9 and a-f", e);
    }
  }
}
