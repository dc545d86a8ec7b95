package org.aeiou.daemon.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Something that happened: a line of {@code /.aeiou/events}, and of {@code .events} of the system
 * that it is about. Immutable.
 *
 * @param name what kind of event it is, in one lower-case word: {@code trap}, {@code write}, {@code
 *     down}
 * @param system the name of the system that it is about; null if it is about none
 * @param message a sentence for a person, which names the system as its first word
 * @param fields what else a program may want to know, in order: texts, numbers, truth values, null,
 *     and maps and lists of those
 */
public record Event(
    String name, String system, Level level, String message, Map<String, Object> fields) {

  /** Keeps the order of the fields. */
  public Event {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** As it should be. */
  public static Event info(String name, String system, String message) {
    return new Event(name, system, Level.INFO, message, Map.of());
  }

  /** Of interest to the operator. */
  public static Event warn(String name, String system, String message) {
    return new Event(name, system, Level.WARN, message, Map.of());
  }

  /** The same with one more field. */
  public Event with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(key, value);
    return new Event(name, system, level, message, more);
  }
}
