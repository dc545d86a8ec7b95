package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.document.Spelling;

/**
 * Texts as values, the inverse of rendering: what reading gives can be written. What is wrong with
 * a text is a {@link NoValueException}.
 */
final class TextValues {
  private static final int MOST_LABELS = 24;

  /** Octets in hexadecimal, in whatever way: {@code 0xdeadbeef}. */
  private static final Pattern HEX = Pattern.compile("0[xX]((?:[0-9a-fA-F]{2})*)");

  /** As octets read that are no text: {@code de ad be ef}. */
  private static final Pattern PAIRS = Pattern.compile("[0-9a-fA-F]{2}(?: [0-9a-fA-F]{2})+");

  private final DefinedSyntax syntax;
  private final Charset charset;

  TextValues(DefinedSyntax syntax, Charset charset) {
    this.syntax = syntax;
    this.charset = charset;
  }

  Value.Single parse(String text) throws NoValueException {
    return switch (syntax.base()) {
      case INTEGER, INTEGER32 -> number(NumberType.INTEGER, text);
      case UNSIGNED32, GAUGE32 -> number(NumberType.GAUGE, text);
      case COUNTER32 -> number(NumberType.COUNTER32, text);
      case COUNTER64 -> number(NumberType.COUNTER64, text);
      case TIME_TICKS -> number(NumberType.TIME, text);
      case OBJECT_IDENTIFIER -> identifier(text.strip());
      case IP_ADDRESS -> address(text.strip());
      case OPAQUE ->
          new Value.Octets(
              OctetsType.OPAQUE, sized(hex(text.strip(), "0x and hexadecimal digits")));
      case OCTET_STRING, BITS -> new Value.Octets(OctetsType.OCTETS, sized(octets(text)));
    };
  }

  // --- numbers

  private Value.Numeric number(NumberType type, String given) throws NoValueException {
    String text = given.strip();
    for (Map.Entry<Long, String> label : syntax.names().entrySet()) {
      if (label.getValue().equals(text)) {
        return new Value.Numeric(type, label.getKey());
      }
    }
    BigInteger number = bare(text);
    boolean onlyLabels =
        syntax.base() == BaseType.INTEGER && !syntax.names().isEmpty() && syntax.range() == null;
    if (number == null || (onlyLabels && !isLabelled(number))) {
      throw NoValueException.wrong(text, "is no value", expectedNumber(text, onlyLabels));
    }
    if (!natural(type).contain(number)) {
      throw NoValueException.outOfRange(text, natural(type).toString());
    }
    if (syntax.range() != null && !syntax.range().contain(number) && !isLabelled(number)) {
      throw NoValueException.outOfRange(text, syntax.range().toString());
    }
    return new Value.Numeric(type, number.longValue());
  }

  private boolean isLabelled(BigInteger number) {
    return number.bitLength() < Long.SIZE && syntax.names().containsKey(number.longValue());
  }

  /** A number as its hint shows it, or in decimal without one; null if it is none. */
  private BigInteger bare(String text) throws NoValueException {
    return syntax.hints().number() == null
        ? text.matches("-?[0-9]{1,20}") ? new BigInteger(text) : null
        : syntax.hints().number().read(text);
  }

  private static Ranges natural(NumberType type) {
    return switch (type) {
      case INTEGER -> Ranges.of(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case COUNTER32, GAUGE, TIME -> Ranges.of(0, 0xFFFF_FFFFL);
      case COUNTER64 -> Ranges.parse("0..18446744073709551615");
    };
  }

  private String expectedNumber(String text, boolean onlyLabels) {
    if (syntax.names().isEmpty()) {
      NumberHint hint = syntax.hints().number();
      return hint == null ? "a number" : hint.expected();
    }
    return Spelling.meant(text, syntax.names().values())
        + labels()
        + (onlyLabels ? ", or the number of one" : ", or a number");
  }

  /** The labels in the order of their numbers: {@code up(1), down(2)}. */
  private String labels() {
    Map<Long, String> ordered = new TreeMap<>(syntax.names());
    String some =
        ordered.entrySet().stream()
            .limit(MOST_LABELS)
            .map(label -> label.getValue() + "(" + label.getKey() + ")")
            .collect(Collectors.joining(", "));
    return ordered.size() > MOST_LABELS ? some + ", …" : some;
  }

  // --- octets

  private byte[] octets(String text) throws NoValueException {
    Matcher hex = HEX.matcher(text.strip());
    if (hex.matches() && !isText()) {
      return HexFormat.of().parseHex(hex.group(1));
    }
    return switch (syntax.format()) {
      case BITS -> bits(text.strip());
      case INET_ADDRESS -> inetAddress(text.strip());
      case DATE_AND_TIME -> date(text.strip());
      case HINT -> {
        OctetHint hint = syntax.hints().octets();
        if (hint == null) {
          yield PAIRS.matcher(text).matches() ? hex(text, "") : text(text, charset);
        }
        yield hint.isText() ? text(text, hint.isUtf8() ? UTF_8 : charset) : hint.read(text.strip());
      }
    };
  }

  private boolean isText() {
    OctetHint hint = syntax.hints().octets();
    return syntax.format() == DefinedSyntax.Format.HINT && hint != null && hint.isText();
  }

  /** Text in UTF-8, or in the system's character set if it is told from UTF-8 in that. */
  private byte[] text(String text, Charset own) throws NoValueException {
    int bad = (int) text.codePoints().takeWhile(PlainText::isPrintable).count();
    if (bad < text.codePointCount(0, text.length())) {
      throw new NoValueException(
          "has a character that cannot be shown, number %d; expected text without controls"
              .formatted(bad + 1),
          false);
    }
    if (US_ASCII.newEncoder().canEncode(text)) {
      return text.getBytes(US_ASCII);
    }
    try {
      ByteBuffer encoded = own.newEncoder().encode(CharBuffer.wrap(text));
      byte[] octets = new byte[encoded.remaining()];
      encoded.get(octets);
      if (text.equals(PlainText.declared(octets, charset))) {
        return octets;
      }
    } catch (CharacterCodingException e) {
      // It has not all of these characters; UTF-8 has, and comes first when it is read.
    }
    return text.getBytes(UTF_8);
  }

  private byte[] hex(String text, String expected) throws NoValueException {
    Matcher prefixed = HEX.matcher(text);
    if (prefixed.matches()) {
      return HexFormat.of().parseHex(prefixed.group(1));
    }
    if (PAIRS.matcher(text).matches()) {
      return HexFormat.ofDelimiter(" ").parseHex(text);
    }
    throw NoValueException.wrong(text, "is no value", expected);
  }

  private byte[] sized(byte[] octets) throws NoValueException {
    Ranges sizes = sizes();
    if (sizes != null && !sizes.contain(octets.length)) {
      throw new NoValueException(
          "has %d octets; expected %s".formatted(octets.length, sizes), true);
    }
    return octets;
  }

  /** How many octets there may be; null if that is not known. */
  private Ranges sizes() {
    if (syntax.range() != null) {
      return syntax.range();
    }
    if (syntax.size() > 0) {
      return Ranges.of(syntax.size(), syntax.size());
    }
    return isText() ? Ranges.of(0, syntax.hints().octets().length()) : null;
  }

  private byte[] bits(String text) throws NoValueException {
    long highest = syntax.names().keySet().stream().mapToLong(bit -> bit).max().orElse(-1);
    byte[] octets = new byte[(int) (highest / 8) + 1];
    for (String word : text.isEmpty() ? new String[0] : text.split("[\\s,]+")) {
      long bit = bit(word);
      if (bit > highest) {
        throw NoValueException.wrong(word, "is no bit", "any of " + labels());
      }
      octets[(int) bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    return octets;
  }

  private long bit(String word) throws NoValueException {
    for (Map.Entry<Long, String> label : syntax.names().entrySet()) {
      if (label.getValue().equals(word)) {
        return label.getKey();
      }
    }
    if (word.matches("[0-9]{1,5}")) {
      return Long.parseLong(word);
    }
    throw NoValueException.wrong(
        word, "is no bit", Spelling.meant(word, syntax.names().values()) + "any of " + labels());
  }

  private byte[] date(String text) throws NoValueException {
    byte[] octets = text.isEmpty() ? new byte[0] : SpecialOctets.parseDate(text);
    if (octets == null) {
      throw NoValueException.wrong(
          text, "is no date", "one such as 2026-11-22,8:50:07.0,+1:0, the zone may be left out");
    }
    return octets;
  }

  // --- addresses and identifiers

  private static InetAddress parsed(String text) throws NoValueException {
    if (!InetAddresses.isInetAddress(text) || text.indexOf('%') >= 0) {
      throw NoValueException.wrong(text, "is no address", "one such as 10.0.0.1");
    }
    return InetAddresses.forString(text);
  }

  private Value.Octets address(String text) throws NoValueException {
    InetAddress address = parsed(text);
    if (!(address instanceof Inet4Address)) {
      throw NoValueException.wrong(text, "is no IPv4 address", "one such as 10.0.0.1");
    }
    return new Value.Octets(OctetsType.ADDRESS, address.getAddress());
  }

  private static byte[] inetAddress(String text) throws NoValueException {
    return text.isEmpty() ? new byte[0] : parsed(text).getAddress();
  }

  private static Value.Identifier identifier(String text) throws NoValueException {
    try {
      Oid oid = Oid.parse(text);
      if (oid.isEncodable()) {
        return new Value.Identifier(oid);
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw NoValueException.wrong(text, "is no object identifier", "numbers with dots between them");
  }
}
