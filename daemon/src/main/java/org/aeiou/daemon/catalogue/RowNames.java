package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Oid;

/**
 * Turns labels into file names that are valid and unique.
 *
 * <p>A label that only one row has is its name. Where several rows have the same, <em>each</em> of
 * them gets {@code ~index}: had one of them the plain name, that name would come to mean another
 * row when this one goes. So a plain name always means the only row with that label, wherever it
 * moves, and does not depend on the order of the rows.
 *
 * <p>Names stay unique because what follows the last {@code ~} of a name is either the row's own
 * index or something that cannot be one: a label that itself ends like an index gets one too, and
 * so does a label that is too long and had to be cut.
 */
final class RowNames {
  /** What Linux allows a name, in octets (NAME_MAX). */
  static final int MAX_NAME = 255;

  private static final int MAX_SUFFIX = 128;
  private static final char SLASH = '\u2215';
  private static final char LEADING_DOT = '\u2024';
  private static final char CONTROL_PICTURES = '\u2400';
  private static final char DELETE_PICTURE = '\u2421';
  private static final char REPLACEMENT = '\uFFFD';

  /** A label that could be mistaken for one with {@code ~index}. */
  private static final Pattern LIKE_INDEXED = Pattern.compile("~#?[0-9a-f.]*$");

  private RowNames() {}

  /**
   * A row to be named.
   *
   * @param label any text
   * @param shortIndex the index without what {@code in-name: false} leaves out
   */
  record Candidate(String label, Oid index, Oid shortIndex) {}

  /** The rows' names, in their order. The candidates' indices are distinct. */
  static List<String> of(List<Candidate> rows) {
    List<String> stems = new ArrayList<>(rows.size());
    Map<String, Set<Oid>> byStem = new HashMap<>();
    Set<String> shared = new HashSet<>();
    Set<String> sharedWithShortIndex = new HashSet<>();
    for (Candidate row : rows) {
      String stem = escape(row.label);
      stems.add(stem);
      Set<Oid> shortIndices = byStem.get(stem);
      if (shortIndices == null) {
        shortIndices = new HashSet<>();
        byStem.put(stem, shortIndices);
      } else {
        shared.add(stem);
      }
      if (!shortIndices.add(row.shortIndex)) {
        sharedWithShortIndex.add(stem);
      }
    }
    List<String> names = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      String stem = stems.get(i);
      boolean plain = !shared.contains(stem) && isPlain(stem);
      Candidate row = rows.get(i);
      boolean full = sharedWithShortIndex.contains(stem) || !shared.contains(stem);
      names.add(plain ? stem : indexed(stem, full ? row.index : row.shortIndex));
    }
    return names;
  }

  private static boolean isPlain(String stem) {
    return !stem.isEmpty()
        && stem.getBytes(UTF_8).length <= MAX_NAME
        && !LIKE_INDEXED.matcher(stem).find();
  }

  private static String indexed(String stem, Oid index) {
    String digits = index.toString();
    // An index of 128 sub-identifiers may take more than a name holds; its hash is as distinct.
    String suffix =
        digits.length() < MAX_SUFFIX
            ? "~" + digits
            : "~#" + Hashing.sha256().hashString(digits, UTF_8).toString().substring(0, 32);
    return cut(stem, MAX_NAME - suffix.length()) + suffix;
  }

  /** The most of the beginning of {@code text} that takes at most {@code max} octets of UTF-8. */
  private static String cut(String text, int max) {
    byte[] octets = text.getBytes(UTF_8);
    if (octets.length <= max) {
      return text;
    }
    int end = max;
    // 10xxxxxx goes on with a character that began before.
    while (end > 0 && (octets[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(octets, 0, end, UTF_8);
  }

  /** The label as one line without {@code /}, and without a dot to hide behind. */
  static String escape(String label) {
    String line = label.strip();
    StringBuilder name = new StringBuilder(line.length());
    line.codePoints().forEach(c -> name.appendCodePoint(escape(c)));
    if (name.length() > 0 && name.charAt(0) == '.') {
      name.setCharAt(0, LEADING_DOT);
    }
    return name.toString();
  }

  private static int escape(int c) {
    if (c == '/') {
      return SLASH;
    }
    if (c < ' ') {
      return CONTROL_PICTURES + c;
    }
    if (c == 0x7F) {
      return DELETE_PICTURE;
    }
    return PlainText.isPrintable(c) ? c : REPLACEMENT;
  }
}
