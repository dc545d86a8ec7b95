package org.aeiou.daemon.document;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which of the known words a word was meant to be. */
public final class Spelling {
  /** What is longer is no slip of a finger, and costs time to compare. */
  private static final int LONGEST = 40;

  /** A word of as many letters is another one if two of them differ. */
  private static final int SHORT = 4;

  private static final int LEAST_BEGINNING = 3;

  private Spelling() {}

  /**
   * The known word that is close to one that is not known; null if none is: nothing helps less than
   * a word that was never meant. Close is one letter that is wrong, missing, too much or in the
   * place of its neighbour, two in words of more than four letters, or the beginning of one word.
   *
   * @param known in the order of preference
   */
  public static String nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return null;
    }
    String small = word.toLowerCase(Locale.ROOT);
    int most = word.length() <= SHORT ? 1 : 2;
    String best = null;
    String begun = null;
    int beginnings = 0;
    for (String candidate : known) {
      String other = candidate.toLowerCase(Locale.ROOT);
      int distance =
          Math.abs(other.length() - small.length()) > most ? most + 1 : distance(small, other);
      if (distance <= most) {
        best = candidate;
        most = distance - 1;
      }
      if (other.startsWith(small)) {
        begun = candidate;
        beginnings++;
      }
    }
    boolean isBeginning = small.length() >= LEAST_BEGINNING && beginnings == 1;
    return best == null && isBeginning ? begun : best;
  }

  /** The same as the beginning of what is expected: {@code 'nearest', or }; empty if none is. */
  public static String meant(String word, Collection<String> known) {
    String nearest = nearest(word, known);
    return nearest == null ? "" : "'" + nearest + "', or ";
  }

  /** {@code a, b or c}. */
  public static String choice(Stream<String> words) {
    List<String> all = words.toList();
    int last = all.size() - 1;
    return last < 1
        ? String.join("", all)
        : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
  }

  /** Damerau's distance: how many letters differ, two that changed places counting as one. */
  private static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 ? j : j == 0 ? i : least(a, b, rows, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int least(String a, String b, int[][] rows, int i, int j) {
    int changed = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(changed, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
  }
}
