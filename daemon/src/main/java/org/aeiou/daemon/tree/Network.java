package org.aeiou.daemon.tree;

import com.google.common.collect.MapMaker;
import com.google.common.collect.Sets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventLog;

/**
 * All systems by name, and the roots of the trees they are in.
 *
 * <p>Reading is free of locks: a reload swaps one immutable picture for another.
 */
public final class Network {
  private final Catalogue catalogue;
  private final Map<String, Supplier<String>> texts;
  private final EventLog events;
  private final InstantSource clock;

  private volatile Picture picture;

  /** Every system that a node may still be held of, by name. */
  private final Map<String, MonitoredSystem> identities = new MapMaker().weakValues().makeMap();

  private volatile BiConsumer<Directory, Collection<String>> listener = (directory, names) -> {};

  /**
   * A network without systems.
   *
   * @param texts the files of {@code /.aeiou}: what each shows, by name
   * @param events what happened lately
   * @param clock for the time of the last change
   */
  public Network(
      Catalogue catalogue,
      Map<String, Supplier<String>> texts,
      EventLog events,
      InstantSource clock) {
    this.catalogue = catalogue;
    this.events = events;
    this.texts = new LinkedHashMap<>(texts);
    this.clock = clock;
    this.picture = new Picture(Collections.emptyNavigableMap(), Map.of(), clock.millis());
  }

  /** One of which no part of the program tells events. */
  public Network(Catalogue catalogue, Map<String, Supplier<String>> texts, InstantSource clock) {
    this(catalogue, texts, new EventLog(clock), clock);
  }

  /**
   * From now on this is told after {@link #replace} of every directory in which names came, went,
   * or stand for something else, with those names.
   */
  public void listen(BiConsumer<Directory, Collection<String>> listener) {
    this.listener = listener;
  }

  /** The root of everything. */
  public Directory root() {
    return new NamesDirectory(this, View.NORMAL, null, "");
  }

  /** When the systems were last replaced, in milliseconds since the epoch. */
  public long changedMillis() {
    return picture.changedMillis;
  }

  public Collection<MonitoredSystem> systems() {
    return picture.systems.values();
  }

  private TextDirectory daemon() {
    return new TextDirectory(texts, events.all());
  }

  /** Adds an event to those that are shown. */
  public void tell(Event event) {
    events.add(event);
  }

  /**
   * The file that shows the events of a system, or of all if that is null; null if there is no such
   * system.
   */
  public Node events(String system) {
    if (system == null) {
      return new TextDirectory.EventsFile(events.all());
    }
    MonitoredSystem known = system(system);
    return known == null ? null : SystemDirectory.of(catalogue, View.NORMAL, null, known).events();
  }

  /** The system of that name, or null. */
  public MonitoredSystem system(String name) {
    return picture.systems.get(name);
  }

  /** Up to so many systems that come before one in the order of names; the nearest first. */
  public List<MonitoredSystem> before(MonitoredSystem system, int most) {
    return nearest(picture.systems.headMap(system.name(), false).descendingMap(), most);
  }

  /** Up to so many systems that come behind one in the order of names; the nearest first. */
  public List<MonitoredSystem> after(MonitoredSystem system, int most) {
    return nearest(picture.systems.tailMap(system.name(), false), most);
  }

  private static List<MonitoredSystem> nearest(Map<String, MonitoredSystem> systems, int most) {
    return systems.values().stream().limit(most).toList();
  }

  /** A question that every system answers, whatever it has. */
  public Question signOfLife() {
    return new Question.Probe(catalogue.groups().get(0).probe());
  }

  /**
   * Makes these the systems of the network. One that was there before under its name keeps its
   * identity, also if it was gone meanwhile: nodes that were found before go on with it. One that
   * is gone has no endpoint. Called by one thread at a time.
   */
  public void replace(Map<String, Endpoint> endpoints) {
    Picture before = picture;
    Set<String> replaced = new HashSet<>();
    NavigableMap<String, MonitoredSystem> next = new TreeMap<>();
    endpoints.forEach(
        (name, endpoint) -> {
          MonitoredSystem known = identities.get(name);
          if (known == null) {
            known = new MonitoredSystem(name, events.of(name), endpoint);
            identities.put(name, known);
          } else if (known.attach(endpoint)) {
            replaced.add(name);
          }
          next.put(name, known);
        });
    for (MonitoredSystem known : before.systems.values()) {
      if (!next.containsKey(known.name())) {
        known.attach(null);
      }
    }
    // Never the time of the picture before: a directory with the same time is taken to be the same.
    long changed = Math.max(clock.millis(), before.changedMillis + 1);
    Picture after = new Picture(next, directories(next.values()), changed);
    picture = after;
    tell(before, after, replaced);
  }

  private void tell(Picture before, Picture after, Set<String> replaced) {
    Set<String> prefixes = new TreeSet<>(before.directories.keySet());
    prefixes.addAll(after.directories.keySet());
    for (String prefix : prefixes) {
      Map<String, MonitoredSystem> was = before.directories.getOrDefault(prefix, Map.of());
      Map<String, MonitoredSystem> is = after.directories.getOrDefault(prefix, Map.of());
      Set<String> names = new TreeSet<>(Sets.symmetricDifference(was.keySet(), is.keySet()));
      is.forEach(
          (name, system) -> {
            // A system may take the place of a directory, and the other way round.
            if (was.containsKey(name)
                && (was.get(name) != system || replaced.contains(prefix + name))) {
              names.add(name);
            }
          });
      if (!names.isEmpty()) {
        for (View view : View.values()) {
          listener.accept(new NamesDirectory(this, view, null, prefix), names);
          for (TtlClass only : ClassesDirectory.CLASSES) {
            listener.accept(new NamesDirectory(this, view, only, prefix), names);
          }
        }
      }
    }
  }

  /**
   * For each directory of names ({@code ""}, {@code lon/}), what is in it: a system, or null for a
   * directory.
   */
  private static Map<String, Map<String, MonitoredSystem>> directories(
      Collection<MonitoredSystem> systems) {
    Map<String, Map<String, MonitoredSystem>> directories = new HashMap<>();
    directories.put("", new TreeMap<>());
    for (MonitoredSystem system : systems) {
      String name = system.name();
      int start = 0;
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', start)) {
        directories
            .computeIfAbsent(name.substring(0, start), any -> new TreeMap<>())
            .put(name.substring(start, slash), null);
        start = slash + 1;
      }
      directories
          .computeIfAbsent(name.substring(0, start), any -> new TreeMap<>())
          .put(name.substring(start), system);
    }
    return directories;
  }

  /** What is found under a name in a directory of names, or null. */
  Node find(NamesDirectory in, String name) {
    Map<String, MonitoredSystem> directory = picture.directories.get(in.prefix());
    if (directory != null && directory.containsKey(name)) {
      return node(in, name, directory.get(name));
    }
    return in.prefix().isEmpty() && in.only() == null ? own(in.view(), name) : null;
  }

  /** What is listed in a directory of names. */
  List<Directory.Named> list(NamesDirectory of) {
    List<Directory.Named> names = new ArrayList<>();
    if (of.equals(root())) {
      names.add(new Directory.Named(TextDirectory.NAME, daemon()));
    }
    picture
        .directories
        .getOrDefault(of.prefix(), Map.of())
        .forEach((name, system) -> names.add(new Directory.Named(name, node(of, name, system))));
    return names;
  }

  private Node node(NamesDirectory in, String name, MonitoredSystem system) {
    if (system == null) {
      return new NamesDirectory(this, in.view(), in.only(), in.prefix() + name + "/");
    }
    if (in.only() != null) {
      system.showByClass();
    }
    return SystemDirectory.of(catalogue, in.view(), in.only(), system);
  }

  /**
   * What is found under one of the daemon's own names at the root of a view, or null. The other
   * trees are found and not listed, or every find would go through all of them.
   */
  private Node own(View view, String name) {
    if (name.equals(ClassesDirectory.NAME)) {
      return new ClassesDirectory(this, view);
    }
    if (view != View.NORMAL) {
      return null;
    }
    if (name.equals(TextDirectory.NAME)) {
      return daemon();
    }
    for (View other : View.values()) {
      if (other != view && other.directory().equals(name)) {
        return new NamesDirectory(this, other, null, "");
      }
    }
    return null;
  }

  private record Picture(
      NavigableMap<String, MonitoredSystem> systems,
      Map<String, Map<String, MonitoredSystem>> directories,
      long changedMillis) {}
}
