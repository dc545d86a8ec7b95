package org.aeiou.daemon.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Something that happened: a line of {@code /.aeiou/events}, and of {@code .events} of the system
 * that it is about. Immutable. Made by {@link Events}.
 *
 * @param system the name of the system that it is about; null if it is about none
 * @param message a sentence for a person, which names the system as its first word
 * @param fields what else a program may want to know, in order: texts, numbers, truth values, null,
 *     and maps and lists of those. Which there are says {@link EventKind}
 * @param cause what may cause it again and again: of each a few a minute are kept. Null if that is
 *     limited already, or is a person's doing
 */
public record Event(
    EventKind kind,
    String system,
    Level level,
    String message,
    Map<String, Object> fields,
    String cause) {

  /** Keeps the order of the fields. */
  public Event {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** One without further fields, that is not limited. */
  static Event of(EventKind kind, Level level, String system, String message) {
    return new Event(kind, system, level, message, Map.of(), null);
  }

  /** The same with one more field. */
  Event with(String key, Object value) {
    assert kind.has(key) : kind + " has no field '" + key + "'";
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(key, value);
    return new Event(kind, system, level, message, more, cause);
  }

  /** The same, limited to a few a minute of this cause. */
  Event limited(String by) {
    return new Event(kind, system, level, message, fields, by);
  }

  /** The fields as texts, those without a value left out; maps and lists as JSON. */
  public Map<String, String> fieldTexts() {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (value != null) {
            texts.put(name, value instanceof String text ? text : EventLine.json(value));
          }
        });
    return texts;
  }

  /** The sentence: what the log has of it. */
  @Override
  public String toString() {
    return message;
  }
}
