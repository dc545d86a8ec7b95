package org.aeiou.daemon.cli.output;

import java.util.Locale;
import java.util.Map;
import org.aeiou.closures.Failure;

/**
 * A path and what came of it; one of value, absent, failure, or none of them if nothing was asked.
 *
 * @param path as below the mount point
 * @param text the value without the newline at its end; null if there is none
 * @param facts what else is known, by the names that extended attributes have: {@code type}, {@code
 *     age_ms}; empty if that was not asked
 * @param absent whether the system does not have it
 * @param reason why there is neither; null if there is
 * @param message the same in words
 */
public record Item(
    String path,
    String text,
    Map<String, String> facts,
    boolean absent,
    Failure.Reason reason,
    String message) {

  /** A value. */
  public static Item value(String path, String text, Map<String, String> facts) {
    return new Item(path, text, facts, false, null, null);
  }

  /** A name that was found, and not read. */
  public static Item name(String path) {
    return new Item(path, null, Map.of(), false, null, null);
  }

  /** What its system does not have. */
  public static Item absent(String path) {
    return new Item(path, null, Map.of(), true, null, "this system does not have it");
  }

  /** What could not be read. */
  public static Item failed(String path, Failure.Reason reason, String message) {
    return new Item(path, null, Map.of(), false, reason, message);
  }

  /** The same under another path. */
  public Item at(String other) {
    return new Item(other, text, facts, absent, reason, message);
  }

  /** Whether there is neither a value nor an absence. */
  public boolean hasFailed() {
    return reason != null;
  }

  /** The reason as programs read it: {@code unknown-name}; {@code absent} of what is not there. */
  public String reasonWord() {
    return absent ? "absent" : reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a person is told: the path, and what is wrong with it. */
  public String complaint() {
    return (path.isEmpty() ? "/" : path) + ": " + message;
  }
}
