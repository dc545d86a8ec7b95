package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.HexFormat;

/**
 * Octets as text, where they are text.
 *
 * <p>Text is UTF-8 without control characters other than tab and line ends, and without the
 * characters that reorder or break a terminal's line: what an agent answers goes to a terminal, and
 * an escape sequence in it must not.
 */
public final class PlainText {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private PlainText() {}

  /** {@code de ad be ef}. */
  static String hex(byte[] octets) {
    return HEX.formatHex(octets);
  }

  /**
   * The text that the octets are, or null if they are none. NULs at the end are padding and left
   * out; line ends become {@code \n}, and those at the end are left out.
   */
  public static String of(byte[] octets) {
    String utf8 = decoded(octets, unpadded(octets), UTF_8);
    return isPrintable(utf8) ? tidy(utf8) : null;
  }

  /**
   * Like {@link #of}, for octets that are said to be text: what is not UTF-8 is read in the
   * system's character set, and what is not that either as ISO 8859-1, which is what old agents
   * send.
   */
  public static String declared(byte[] octets, Charset charset) {
    int length = unpadded(octets);
    String text = decoded(octets, length, UTF_8);
    if (text == null) {
      String local = decoded(octets, length, charset);
      text = isPrintable(local) ? local : decoded(octets, length, ISO_8859_1);
    }
    return isPrintable(text) ? tidy(text) : null;
  }

  /** The text with everything that is not printable replaced by U+FFFD. */
  static String printable(String text) {
    if (isPrintable(text)) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : 0xFFFD));
    return clean.toString();
  }

  public static boolean isPrintable(int c) {
    if (Character.isISOControl(c)) {
      return c == '\t' || c == '\n' || c == '\r';
    }
    return switch (Character.getType(c)) {
      case Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      // The bidirectional embeddings, overrides and isolates; noncharacters are unassigned.
      case Character.FORMAT -> !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069);
      case Character.UNASSIGNED -> (c & 0xFFFE) != 0xFFFE && !(c >= 0xFDD0 && c <= 0xFDEF);
      default -> true;
    };
  }

  /** Whether it is a text at all, and one that can be shown. */
  private static boolean isPrintable(String text) {
    return text != null && text.codePoints().allMatch(PlainText::isPrintable);
  }

  private static int unpadded(byte[] octets) {
    int length = octets.length;
    while (length > 0 && octets[length - 1] == 0) {
      length--;
    }
    return length;
  }

  private static String decoded(byte[] octets, int length, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(octets, 0, length)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String tidy(String text) {
    String tidy = text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
    int end = tidy.length();
    while (end > 0 && tidy.charAt(end - 1) == '\n') {
      end--;
    }
    return tidy.substring(0, end);
  }
}
