package org.aeiou.daemon.attach.request;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.aeiou.daemon.tree.Node;

/** Which watches there are of a file. Any thread may call any method. */
final class WatchIndex {
  /** How often a client may watch the same file: a change runs through all of them. */
  static final int MOST = 64;

  private final Map<Node, Map<Client, Set<ClientWatch>>> watches = new ConcurrentHashMap<>();

  /** Adds a watch to each of its files; false if its client watches one too often already. */
  boolean add(ClientWatch watch) {
    return watch.files.stream().allMatch(file -> add(file, watch));
  }

  private boolean add(Node file, ClientWatch watch) {
    boolean[] added = {false};
    watches.compute(
        file,
        (same, clients) -> {
          Map<Client, Set<ClientWatch>> all = clients == null ? new ConcurrentHashMap<>() : clients;
          Set<ClientWatch> those =
              all.computeIfAbsent(watch.request.client, client -> ConcurrentHashMap.newKeySet());
          added[0] = those.size() < MOST && those.add(watch);
          return all;
        });
    return added[0];
  }

  /** Removes a watch from where it was added. */
  void remove(ClientWatch watch) {
    watch.files.forEach(file -> remove(file, watch));
  }

  private void remove(Node file, ClientWatch watch) {
    watches.computeIfPresent(
        file,
        (same, clients) -> {
          Set<ClientWatch> those = clients.get(watch.request.client);
          if (those != null) {
            those.remove(watch);
            if (those.isEmpty()) {
              clients.remove(watch.request.client);
            }
          }
          return clients.isEmpty() ? null : clients;
        });
  }

  /** Whether there is a watch of the file. */
  boolean has(Node file) {
    return watches.containsKey(file);
  }

  /** The files that are watched; one that no longer is may be among them. */
  Set<Node> files() {
    return watches.keySet();
  }

  void forEach(Node file, Consumer<ClientWatch> action) {
    Map<Client, Set<ClientWatch>> clients = watches.get(file);
    if (clients != null) {
      clients.values().forEach(those -> those.forEach(action));
    }
  }
}
