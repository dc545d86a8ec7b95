package org.aeiou.daemon.cluster.member;

/** A pattern of names with at least one star, each of which stands for any characters, or none. */
final class Glob {
  /** What is between the stars, with what is before the first and behind the last. */
  private final String[] parts;

  private final int least;

  Glob(String pattern) {
    this.parts = pattern.split("\\*", -1);
    this.least = pattern.length() - (parts.length - 1);
  }

  /** Takes as long as the name times the pattern at the most, whatever they are. */
  boolean matches(String name) {
    String last = parts[parts.length - 1];
    if (name.length() < least || !name.startsWith(parts[0]) || !name.endsWith(last)) {
      return false;
    }
    int from = parts[0].length();
    int end = name.length() - last.length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = name.indexOf(parts[i], from);
      if (found < 0 || found + parts[i].length() > end) {
        return false;
      }
      from = found + parts[i].length();
    }
    return from <= end;
  }
}
