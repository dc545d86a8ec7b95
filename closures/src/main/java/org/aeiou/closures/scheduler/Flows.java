package org.aeiou.closures.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * Who wants something of one system at the moment, and how much. Used by the owner of the system
 * only.
 */
final class Flows<K, V> {
  private final Map<Requester, Flow<K, V>> byRequester = new HashMap<>();
  private final Map<User, Share<K, V>> byUser = new HashMap<>();

  /** Counts {@code request} in, and says which flow it belongs to. */
  void enter(PendingRequest<K, V> request) {
    Flow<K, V> flow = byRequester.computeIfAbsent(request.requester, this::open);
    request.flow = flow;
    flow.pending++;
    flow.share.pending++;
  }

  /** Counts {@code request} out. */
  void leave(PendingRequest<K, V> request) {
    Flow<K, V> flow = request.flow;
    request.flow = null;
    if (--flow.pending == 0) {
      byRequester.remove(request.requester);
    }
    if (--flow.share.pending == 0) {
      byUser.remove(flow.share.user);
    }
  }

  /** How many users want something. */
  int users() {
    return byUser.size();
  }

  private Flow<K, V> open(Requester requester) {
    return new Flow<>(byUser.computeIfAbsent(requester.user(), Share::new));
  }
}
