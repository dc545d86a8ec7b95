package org.aeiou.daemon.cli.attached;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A path with {@code *}, {@code ?}, {@code [a-z]} and {@code [!a-z]} in its names, as a shell
 * matches them: none of them matches a slash, nor the dot that a name begins with. A backslash
 * takes the meaning of what follows it. Immutable.
 */
final class PathPattern {
  /** A shell has no bound; a list of a hundred systems in braces is long. */
  private static final int MOST_ALTERNATIVES = 10_000;

  private final String text;
  private final List<Part> parts;

  /**
   * A name of a path: a text, or a pattern.
   *
   * @param pattern null of a text
   * @param showsHidden whether the pattern itself begins with a dot
   */
  record Part(String text, Pattern pattern, boolean showsHidden) {
    boolean isPattern() {
      return pattern != null;
    }

    boolean matches(String name) {
      return isPattern()
          ? (showsHidden || !name.startsWith(".")) && pattern.matcher(name).matches()
          : text.equals(name);
    }
  }

  private PathPattern(String text) {
    this.text = text;
    List<Part> found = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        found.add(part(name));
      }
    }
    this.parts = List.copyOf(found);
  }

  /**
   * The patterns that a text is short for, by the alternatives in its braces.
   *
   * @throws IllegalArgumentException if there are too many, in words
   */
  static List<PathPattern> of(String text) {
    List<String> texts = new ArrayList<>();
    addAlternatives("", text, texts);
    return texts.stream().map(PathPattern::new).toList();
  }

  /** A pattern of one name, as {@code --name} takes it. */
  static Part part(String name) {
    StringBuilder literal = new StringBuilder();
    StringBuilder regex = new StringBuilder();
    boolean isPattern = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      int set = c == '[' ? endOfSet(name, i) : -1;
      if (c == '*' || c == '?') {
        isPattern = true;
        regex.append(c == '*' ? ".*" : ".");
      } else if (set > 0) {
        isPattern = true;
        regex.append(set(name.substring(i + 1, set)));
        i = set;
      } else {
        char meant = c == '\\' && i + 1 < name.length() ? name.charAt(++i) : c;
        literal.append(meant);
        regex.append(Pattern.quote(String.valueOf(meant)));
      }
    }
    return isPattern
        ? new Part(name, Pattern.compile(regex.toString(), Pattern.DOTALL), name.startsWith("."))
        : new Part(literal.toString(), null, false);
  }

  /** Where a set of characters ends that begins with the bracket there; -1 if it does not. */
  private static int endOfSet(String name, int bracket) {
    int from = bracket + 1;
    if (from < name.length() && (name.charAt(from) == '!' || name.charAt(from) == '^')) {
      from++;
    }
    return name.indexOf(']', from + 1);
  }

  private static String set(String inside) {
    boolean isNegated = inside.startsWith("!") || inside.startsWith("^");
    StringBuilder regex = new StringBuilder(isNegated ? "[^" : "[");
    for (int i = isNegated ? 1 : 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      boolean isRange = c == '-' && i > (isNegated ? 1 : 0) && i + 1 < inside.length();
      // Of a range that runs backwards a shell makes nothing; here its ends are meant.
      if (isRange && inside.charAt(i - 1) <= inside.charAt(i + 1)) {
        regex.append('-');
      } else if (Character.isLetterOrDigit(c)) {
        regex.append(c);
      } else {
        regex.append('\\').append(c);
      }
    }
    return regex.append(']').toString();
  }

  /** Adds {@code before} with every alternative of {@code rest}; those in braces may have more. */
  private static void addAlternatives(String before, String rest, List<String> to) {
    int open = -1;
    int depth = 0;
    List<Integer> commas = new ArrayList<>();
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        if (depth++ == 0) {
          open = i;
          commas.clear();
        }
      } else if (c == ',' && depth == 1) {
        commas.add(i);
      } else if (c == '}' && depth > 0 && --depth == 0) {
        if (commas.isEmpty()) {
          break;
        }
        commas.add(i);
        int from = open + 1;
        for (int end : commas) {
          addAlternatives(
              before + rest.substring(0, open),
              rest.substring(from, end) + rest.substring(i + 1),
              to);
          from = end + 1;
        }
        return;
      }
    }
    if (open >= 0) {
      // A brace alone is a brace; there may be others inside.
      addAlternatives(before + rest.substring(0, open + 1), rest.substring(open + 1), to);
      return;
    }
    if (to.size() >= MOST_ALTERNATIVES) {
      throw new IllegalArgumentException(
          "more than " + MOST_ALTERNATIVES + " alternatives in braces; expected fewer");
    }
    to.add(before + rest);
  }

  /** Its names. */
  List<Part> parts() {
    return parts;
  }

  /** Whether it stands for what there is, and not for one path. */
  boolean isPattern() {
    return parts.stream().anyMatch(Part::isPattern);
  }

  /** The path, of what is no pattern. */
  String path() {
    return String.join("/", parts.stream().map(Part::text).toList());
  }

  @Override
  public String toString() {
    return text;
  }
}
