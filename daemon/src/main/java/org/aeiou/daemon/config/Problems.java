package org.aeiou.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with a file, in the order of its lines. Messages hold no control characters, and
 * are not endless.
 */
final class Problems {
  private static final int MAX_LENGTH = 400;
  private static final int MAX_PROBLEMS = 100;

  private final String file;
  private final Map<Integer, List<String>> byLine = new TreeMap<>();
  private int count;

  Problems(String file) {
    this.file = file;
  }

  /**
   * Adds one.
   *
   * @param path the keys that lead there, as in {@code systems.core1.address}; empty for the file
   *     as a whole
   */
  void add(int line, String path, String message) {
    count++;
    byLine
        .computeIfAbsent(line, any -> new ArrayList<>())
        .add(clean(file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message));
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * One line each; if there are very many, only how many more there are behind the first hundred.
   */
  List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            byLine.values().stream().flatMap(List::stream).limit(MAX_PROBLEMS).toList());
    if (count > MAX_PROBLEMS) {
      lines.add(file + ": and " + (count - MAX_PROBLEMS) + " more");
    }
    return lines;
  }

  private static String clean(String message) {
    String oneLine = message.replaceAll("\\p{Cntrl}", "?");
    return oneLine.length() <= MAX_LENGTH ? oneLine : oneLine.substring(0, MAX_LENGTH) + "…";
  }
}
