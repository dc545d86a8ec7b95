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
import org.aeiou.daemon.catalogue.syntax.PlainText;

/**
 * Turns labels into file names that are valid and unique.
 *
 * <p>A label that only one row has is its name. Where several rows have the same, <em>each</em> of
 * them gets a {@code ~} and what tells it from the others: a further label, else its index. Had one
 * of them the plain name, that name would come to mean another row when this one goes. So a plain
 * name always means the only row with that label, wherever it moves, and does not depend on the
 * order of the rows.
 *
 * <p>Names stay unique because a plain one has no {@code ~}, and because what follows the last
 * {@code ~} of the others is either the row's own index or something that cannot be one: a label
 * with a {@code ~} in it gets the index too, and so does a label that is too long and had to be
 * cut.
 */
final class UniqueFileNames {
  /** What Linux allows a name, in octets (NAME_MAX). */
  static final int MAX_NAME = 255;

  private static final int MAX_SUFFIX = 128;
  private static final char SLASH = '\u2215';
  private static final char LEADING_DOT = '\u2024';
  private static final char CONTROL_PICTURES = '\u2400';
  private static final char DELETE_PICTURE = '\u2421';
  private static final char REPLACEMENT = '\uFFFD';

  /** What could be mistaken for an index, in numbers or hashed. */
  private static final Pattern LIKE_INDEX = Pattern.compile("[0-9.]*|#[0-9a-f]{32}");

  private static final char TILDE = '~';

  private UniqueFileNames() {}

  /**
   * A row to be named.
   *
   * @param label any text
   * @param shortIndex the index without what {@code in-name: false} leaves out
   */
  record Candidate(String label, Oid index, Oid shortIndex) {}

  /**
   * A row's name.
   *
   * @param further which further label it ends in, counted from 0; or -1
   */
  record Name(String text, int further) {
    private Name(String text) {
      this(text, -1);
    }
  }

  /** What may tell rows of the same label apart. Only asked for rows that share theirs. */
  interface Further {
    /** There are none. */
    Further NONE =
        new Further() {
          @Override
          public int count() {
            return 0;
          }

          @Override
          public String label(int row, int number) {
            throw new IllegalStateException("there are no further labels");
          }
        };

    /** How many labels are to be tried, in their order. */
    int count();

    /** The further label of that number, any text; null if the row has none that counts. */
    String label(int row, int number);
  }

  /** The rows' names, in their order. The candidates' indices are distinct. */
  static List<Name> of(List<Candidate> rows, Further further) {
    Map<String, List<Integer>> byStem = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      byStem.computeIfAbsent(escape(rows.get(i).label), stem -> new ArrayList<>(1)).add(i);
    }
    Name[] names = new Name[rows.size()];
    byStem.forEach(
        (stem, sharing) -> {
          if (sharing.size() > 1) {
            nameApart(stem, sharing, rows, further, names);
          } else {
            int row = sharing.get(0);
            names[row] = new Name(isPlain(stem) ? stem : indexed(stem, rows.get(row).index));
          }
        });
    return List.of(names);
  }

  /** Names the rows that share a label. */
  private static void nameApart(
      String stem, List<Integer> sharing, List<Candidate> rows, Further further, Name[] names) {
    Map<String, Set<Integer>> rowsByLabel = new HashMap<>();
    String[][] labels = new String[sharing.size()][further.count()];
    for (int i = 0; i < sharing.size(); i++) {
      for (int number = 0; number < further.count(); number++) {
        String label = further.label(sharing.get(i), number);
        labels[i][number] = label == null ? "" : escape(label);
        rowsByLabel.computeIfAbsent(labels[i][number], any -> new HashSet<>()).add(i);
      }
    }
    for (int i = 0; i < sharing.size(); i++) {
      int row = sharing.get(i);
      for (int number = 0; number < further.count() && names[row] == null; number++) {
        String label = labels[i][number];
        if (rowsByLabel.get(label).size() == 1 && tellsApart(stem, label)) {
          names[row] = new Name(stem + TILDE + label, number);
        }
      }
    }
    Set<Oid> shortIndices = new HashSet<>();
    boolean isShort = sharing.stream().allMatch(row -> shortIndices.add(rows.get(row).shortIndex));
    for (int row : sharing) {
      if (names[row] == null) {
        Candidate candidate = rows.get(row);
        names[row] = new Name(indexed(stem, isShort ? candidate.shortIndex : candidate.index));
      }
    }
  }

  private static boolean tellsApart(String stem, String apart) {
    return apart.indexOf(TILDE) < 0
        && !LIKE_INDEX.matcher(apart).matches()
        && (stem + TILDE + apart).getBytes(UTF_8).length <= MAX_NAME;
  }

  private static boolean isPlain(String stem) {
    return !stem.isEmpty() && stem.indexOf(TILDE) < 0 && stem.getBytes(UTF_8).length <= MAX_NAME;
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
