package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.service.fetch.Rereads;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;

/**
 * Step 1 of what a system tells of its own accord: into the log of events, and what it may have
 * changed is read again. Any thread.
 */
final class NotificationIntake implements Notification.Sink {
  private final Network network;
  private final Catalogue catalogue;
  private final EventLog events;
  private final Rereads rereads;

  NotificationIntake(Network network, Catalogue catalogue, EventLog events, Rereads rereads) {
    this.network = network;
    this.catalogue = catalogue;
    this.events = events;
    this.rereads = rereads;
  }

  @Override
  public void notified(Notification notification) {
    KnownNotification known = KnownNotification.of(notification.name());
    for (String system : notification.systems()) {
      events.add(event(system, notification, known));
    }
    if (known == KnownNotification.AUTHENTICATION_FAILURE) {
      return; // about one who asked, and not about what there is
    }
    Set<Oid> changed = new HashSet<>();
    for (Notification.Named object : notification.objects()) {
      changed.add(object.oid());
    }
    if (known != null) {
      changed.addAll(known.alsoChanged(notification.objects()));
    }
    for (String system : notification.systems()) {
      Endpoint endpoint = endpoint(system);
      if (endpoint != null) {
        rereads.readAgain(
            endpoint,
            question ->
                (question instanceof Question.Get get && changed.contains(get.oid()))
                    || (known != null && known.concerns(question)),
            known != null && known.isRestart());
      }
    }
  }

  @Override
  public void dropped(List<String> systems, String from, long count, long nanos) {
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos));
    for (String system : systems) {
      String message =
          "%s: storm: %,d notifications from %s in %d s; what is watched is read again"
              .formatted(system, count, from, seconds)
              .replace(',', ' ');
      events.add(
          Event.warn("storm", system, message)
              .with("source", from)
              .with("count", count)
              .with("duration_ms", TimeUnit.NANOSECONDS.toMillis(nanos)));
      Endpoint endpoint = endpoint(system);
      if (endpoint != null) {
        rereads.readAgain(endpoint, question -> true, true);
      }
    }
  }

  private Endpoint endpoint(String name) {
    MonitoredSystem system = network.system(name);
    return system == null ? null : system.endpoint();
  }

  private Event event(String system, Notification notification, KnownNotification known) {
    String name = known == null ? notification.name().toString() : known.written();
    Event event =
        Event.info("trap", system, system + " sent " + name + said(notification))
            .with("trap", name)
            .with("oid", notification.name().toString());
    for (Map.Entry<String, Object> detail : notification.details().entrySet()) {
      event = event.with(detail.getKey(), detail.getValue());
    }
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Notification.Named object : notification.objects()) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("oid", object.oid().toString());
      String called = catalogue.name(object.oid());
      if (called != null) {
        shown.put("name", called);
      }
      shown.put("value", shown(object));
      objects.add(shown);
    }
    return event.with("objects", objects);
  }

  /** The values in short, for a person. */
  private String said(Notification notification) {
    StringBuilder said = new StringBuilder();
    for (Notification.Named object : notification.objects()) {
      String called = catalogue.name(object.oid());
      if (called != null && said.length() < 200) {
        said.append(said.isEmpty() ? ": " : ", ")
            .append(called.substring(called.lastIndexOf('/') + 1))
            .append(' ')
            .append(shown(object));
      }
    }
    return said.toString();
  }

  /** A number as a number, where nothing else is known of it; else as its file would show it. */
  private Object shown(Notification.Named object) {
    if (object.value() == null) {
      return null;
    }
    AttributeGroup.Attribute attribute = catalogue.describe(object.oid());
    if (attribute == null && object.value() instanceof Value.Numeric numeric) {
      return numeric.number();
    }
    Syntax syntax = attribute == null ? Catalogue.undefined() : attribute.syntax();
    return new String(syntax.render(object.value(), ISO_8859_1), UTF_8);
  }
}
