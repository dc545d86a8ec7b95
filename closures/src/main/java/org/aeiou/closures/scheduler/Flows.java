package org.aeiou.closures.scheduler;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.shard.User;

/**
 * What users and their requesters want of one system at the moment. Used by the owner of the system
 * only, but for {@link #isFull}.
 */
final class Flows<K, V> {
  private final Map<Requester, UserShare.Flow<K, V>> byRequester = new HashMap<>();
  private final Map<User, UserShare<K, V>> byUser = new HashMap<>();

  /**
   * Those that had one too many, until they have an eighth less than they may: what comes meanwhile
   * is refused where it is asked, and need not come here.
   */
  private final Set<User> full = ConcurrentHashMap.newKeySet();

  private final int most;

  /**
   * No requests yet.
   *
   * @param most how many requests one user may have
   */
  Flows(int most) {
    this.most = most;
  }

  /** Whether a user has as many as it may, as far as is known. Any thread. */
  boolean isFull(User user) {
    return !full.isEmpty() && full.contains(user);
  }

  /** Whether {@code request}, which was counted in, is one too many. */
  boolean isTooMany(PendingRequest<K, V> request) {
    UserShare<K, V> share = request.flow.share;
    if (share.pending <= most) {
      return false;
    }
    if (!share.isFull) {
      share.isFull = true;
      full.add(share.user);
    }
    return true;
  }

  /** Counts {@code request} in, and says which flow it belongs to. */
  void enter(PendingRequest<K, V> request) {
    UserShare.Flow<K, V> flow = byRequester.computeIfAbsent(request.requester, this::open);
    request.flow = flow;
    flow.pending++;
    flow.share.pending++;
  }

  /** Counts {@code request} out. */
  void leave(PendingRequest<K, V> request) {
    UserShare.Flow<K, V> flow = request.flow;
    request.flow = null;
    if (--flow.pending == 0) {
      byRequester.remove(request.requester);
    }
    UserShare<K, V> share = flow.share;
    if (--share.pending == 0) {
      byUser.remove(share.user);
    }
    if (share.isFull && share.pending <= most - most / 8) {
      share.isFull = false;
      full.remove(share.user);
    }
  }

  /** How many users want something. */
  int users() {
    return byUser.size();
  }

  private UserShare.Flow<K, V> open(Requester requester) {
    return new UserShare.Flow<>(byUser.computeIfAbsent(requester.user(), UserShare::new));
  }
}
