package org.aeiou.daemon.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with a file, in the order of its lines. Messages hold no control characters, and
 * are not endless.
 */
public final class Problems {
  private static final int MAX_LENGTH = 400;
  private static final int MAX_KEY = 100;

  /** What a section says that goes for many systems may be found wrong for each of them. */
  private static final int MAX_COMPARED = 16;

  private static final int MAX_PROBLEMS = 100;

  /**
   * How many are kept at all: a hostile file must not fill the memory with what is wrong with it.
   */
  private static final int MAX_KEPT = 10_000;

  private final String file;
  private final Map<Integer, List<String>> byLine = new TreeMap<>();
  private int count;

  /**
   * None yet.
   *
   * @param file how messages call it; empty for what is wrong with no file in particular
   */
  public Problems(String file) {
    this.file = file;
  }

  /**
   * Adds one.
   *
   * @param line counted from 1; 0 for the file as a whole
   * @param path the keys that lead there, as in {@code systems.core1.address}; empty for the file
   *     as a whole
   */
  public void add(int line, String path, String message) {
    if (count >= MAX_KEPT) {
      count++;
      return;
    }
    String text = clean(place(line) + (path.isEmpty() ? "" : path + ": ") + message);
    List<String> ofLine = byLine.computeIfAbsent(line, any -> new ArrayList<>());
    // Compared with the last ones only: a line may hold a thousand systems.
    int from = Math.max(0, ofLine.size() - MAX_COMPARED);
    if (!ofLine.subList(from, ofLine.size()).contains(text)) {
      ofLine.add(text);
      count++;
    }
  }

  /** Where a line is, for problems of another file: {@code net.yaml:12}. */
  String placeOf(int line) {
    return file + ":" + line;
  }

  private String place(int line) {
    return file.isEmpty() ? "" : line == 0 ? file + ": " : file + ":" + line + ": ";
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * One line each; if there are very many, only how many more there are behind the first hundred.
   */
  public List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            byLine.values().stream().flatMap(List::stream).limit(MAX_PROBLEMS).toList());
    if (count > MAX_PROBLEMS) {
      lines.add(file + ": and " + (count - MAX_PROBLEMS) + " more");
    }
    return lines;
  }

  /** A key as it was written, short enough to leave room for what is wrong with it. */
  public static String shortened(String key) {
    return key.length() <= MAX_KEY ? key : key.substring(0, MAX_KEY) + "…";
  }

  private static String clean(String message) {
    boolean tooLong = message.length() > MAX_LENGTH;
    StringBuilder oneLine = new StringBuilder();
    (tooLong ? message.substring(0, MAX_LENGTH) : message)
        .codePoints()
        .map(character -> isHarmless(character) ? character : '?')
        .forEach(oneLine::appendCodePoint);
    return (tooLong ? oneLine.append('…') : oneLine).toString();
  }

  /** Whether a terminal shows it where it stands: no controls, no change of direction. */
  private static boolean isHarmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
