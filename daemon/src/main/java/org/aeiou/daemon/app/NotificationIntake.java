package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.service.fetch.Rereads;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;

/**
 * Step 1 of what a system tells of its own accord: into the log of events, and what it may have
 * changed is read again. Any thread.
 */
final class NotificationIntake implements Notification.Sink {
  private static final Notification.Sink NO_OTHERS =
      new Notification.Sink() {
        @Override
        public void notified(Notification notification) {}

        @Override
        public void dropped(List<String> systems, String from, long count, long nanos) {}
      };

  private final Network network;
  private final Catalogue catalogue;
  private final EventLog events;
  private final Rereads rereads;
  private Notification.Sink others = NO_OTHERS;
  private Predicate<String> elsewhere = system -> false;

  NotificationIntake(Network network, Catalogue catalogue, EventLog events, Rereads rereads) {
    this.network = network;
    this.catalogue = catalogue;
    this.events = events;
    this.rereads = rereads;
  }

  /**
   * Shares what comes with other members of a cluster, and takes in what comes to them. Before it
   * receives any.
   *
   * @param others is told of each
   * @param elsewhere whether another member asks the system, and reads again what has changed; then
   *     it is read again here where it is watched
   */
  void share(Notification.Sink others, Predicate<String> elsewhere) {
    this.others = others;
    this.elsewhere = elsewhere;
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
    changed(notification);
    others.notified(notification);
  }

  @Override
  public void dropped(List<String> systems, String from, long count, long nanos) {
    for (String system : systems) {
      events.add(Events.storm(system, from, count, nanos));
    }
    doubted(systems);
    others.dropped(systems, from, count, nanos);
  }

  /** Reads again what a notification says has changed, which may have come to another member. */
  void changed(Notification notification) {
    KnownNotification known = KnownNotification.of(notification.name());
    Set<Oid> changed = new HashSet<>();
    for (Notification.Named object : notification.objects()) {
      changed.add(object.oid());
    }
    if (known != null) {
      changed.addAll(known.alsoChanged(notification.objects()));
    }
    readAgain(
        notification.systems(),
        question ->
            (question instanceof Question.Get get && changed.contains(get.oid()))
                || (known != null && known.concerns(question)),
        known != null && known.isRestart());
  }

  /** Reads again what is watched of systems in which anything may have changed. */
  void doubted(List<String> systems) {
    readAgain(systems, question -> true, true);
  }

  private void readAgain(List<String> systems, Predicate<Question> which, boolean onlyWatched) {
    for (String system : systems) {
      MonitoredSystem known = network.system(system);
      if (known == null) {
        continue;
      }
      // What another member asks and has read again comes only to slots that nothing was said of.
      rereads.readAgain(known.endpoint(), which, onlyWatched || elsewhere.test(system));
    }
  }

  private Event event(String system, Notification notification, KnownNotification known) {
    String name = known == null ? notification.name().toString() : known.written();
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
    return Events.trap(
        system,
        name,
        notification.name().toString(),
        said(notification),
        notification.details(),
        objects);
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
