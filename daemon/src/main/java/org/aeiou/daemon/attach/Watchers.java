package org.aeiou.daemon.attach;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.aeiou.daemon.tree.Node;

/** Which watches there are of a file. Any thread may call any method. */
final class Watchers {
  /** How often a client may watch the same file: a change runs through all of them. */
  static final int MOST = 64;

  private final Map<Node, Map<Client, Set<Pending>>> watchers = new ConcurrentHashMap<>();

  /** Adds a watch; false if its client watches this file too often already. */
  boolean add(Node file, Pending watch) {
    boolean[] added = {false};
    watchers.compute(
        file,
        (same, clients) -> {
          Map<Client, Set<Pending>> all = clients == null ? new ConcurrentHashMap<>() : clients;
          Set<Pending> those =
              all.computeIfAbsent(watch.client, client -> ConcurrentHashMap.newKeySet());
          added[0] = those.size() < MOST && those.add(watch);
          return all;
        });
    return added[0];
  }

  void remove(Node file, Pending watch) {
    watchers.computeIfPresent(
        file,
        (same, clients) -> {
          Set<Pending> those = clients.get(watch.client);
          if (those != null) {
            those.remove(watch);
            if (those.isEmpty()) {
              clients.remove(watch.client);
            }
          }
          return clients.isEmpty() ? null : clients;
        });
  }

  /** Whether somebody watches the file. */
  boolean has(Node file) {
    return watchers.containsKey(file);
  }

  /** The files that are watched; one that no longer is may be among them. */
  Set<Node> files() {
    return watchers.keySet();
  }

  void forEach(Node file, Consumer<Pending> action) {
    Map<Client, Set<Pending>> clients = watchers.get(file);
    if (clients != null) {
      clients.values().forEach(those -> those.forEach(action));
    }
  }
}
