package org.aeiou.daemon.backend;

import java.util.List;
import java.util.Map;

/**
 * What a system sent of its own accord to say that something happened: an SNMP trap or inform.
 * Immutable. What it says of values is never taken for them: it says what is to be read again.
 *
 * @param systems the names of those that may have sent it; more than one where they cannot be told
 *     apart
 * @param name what kind of notification it is
 * @param objects what it names, with the values it gives; a value is null where it gives none
 * @param details what else people may want to know, as fields of an event
 */
public record Notification(
    List<String> systems, Oid name, List<Named> objects, Map<String, Object> details) {

  public Notification {
    systems = List.copyOf(systems);
    objects = List.copyOf(objects);
  }

  /** An object that it names. */
  public record Named(Oid oid, Value value) {}

  /** Takes notifications in. Called by any thread; must not wait. */
  public interface Sink {
    /** Takes one in; when this returns it is in the log. */
    void notified(Notification notification);

    /**
     * Notifications of these systems were dropped, for there were too many: anything may have
     * changed. Told once for many.
     *
     * @param from where they came from
     * @param count how many there were, those that were dropped included
     */
    void dropped(List<String> systems, String from, long count, long nanos);
  }
}
