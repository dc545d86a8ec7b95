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

  /** The flow that was entered last, while it is there: a burst asks a system many things. */
  private UserShare.Flow<K, V> last;

  /** What the user that left last shared: mostly it is the next one to come, too. */
  private UserShare<K, V> idle;

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
    UserShare.Flow<K, V> flow = last;
    if (flow == null || flow.requester != request.requester) {
      flow = byRequester.get(request.requester);
      if (flow == null) {
        flow = open(request.requester);
        byRequester.put(request.requester, flow);
      }
      last = flow;
    }
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
      last = null;
    }
    UserShare<K, V> share = flow.share;
    if (--share.pending == 0) {
      byUser.remove(share.user);
      share.refusal = null;
      idle = share;
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
    User user = requester.user();
    UserShare<K, V> share = byUser.get(user);
    if (share == null) {
      share = idle != null && idle.user == user ? idle : new UserShare<>(user);
      byUser.put(user, share);
    }
    return new UserShare.Flow<>(requester, share);
  }
}
