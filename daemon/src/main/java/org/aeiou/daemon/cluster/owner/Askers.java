package org.aeiou.daemon.cluster.owner;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;

/**
 * The members that have asked lately. Each that is known is a user of the scheduler; those that are
 * not are one together, so that a process gains nothing by calling itself by many names. Any
 * thread.
 */
final class Askers {
  private static final int MOST_KNOWN = 4096;

  /** Few, and a bound of its own: it keeps no known member out. */
  private static final int MOST_UNKNOWN = 256;

  private final Function<String, String> names;
  private final Function<String, Requester> users;
  private final Requester unknown;
  private final Map<String, Asker> byId = new ConcurrentHashMap<>();

  Askers(Function<String, String> names, Function<String, Requester> users) {
    this.names = names;
    this.users = users;
    this.unknown = users.apply("unknown members");
  }

  int size() {
    return byId.size();
  }

  /** A member that asks; null if there are too many. */
  Asker of(String id, long nowNanos) {
    Asker known = byId.get(id);
    if (known != null && (known.isKnown || !known.isIdle(nowNanos))) {
      return known;
    }
    String name = names.apply(id);
    if (known != null && name == null) {
      return known;
    }
    if (known == null && isFull(name != null, nowNanos)) {
      return null;
    }
    Requester requester =
        name == null ? unknown.another("member " + id) : users.apply("member " + name);
    Asker made = new Asker(id, name != null, requester);
    if (known != null) {
      return byId.replace(id, known, made) ? made : byId.getOrDefault(id, made);
    }
    Asker faster = byId.putIfAbsent(id, made);
    return faster == null ? made : faster;
  }

  private boolean isFull(boolean ofKnown, long nowNanos) {
    int most = ofKnown ? MOST_KNOWN : MOST_UNKNOWN;
    if (count(ofKnown) < most) {
      return false;
    }
    byId.values().removeIf(asker -> asker.isKnown == ofKnown && asker.isIdle(nowNanos));
    return count(ofKnown) >= most;
  }

  private long count(boolean ofKnown) {
    return byId.values().stream().filter(asker -> asker.isKnown == ofKnown).count();
  }

  /** What a member waits for; null if it does not wait for that exchange. */
  Request pending(String id, long exchange) {
    Asker asker = byId.get(id);
    return asker == null ? null : asker.pending.get(exchange);
  }

  /** A member is gone: it waits for nothing any more. That it wrote is remembered. */
  void forget(String id, long nowNanos) {
    Asker asker = byId.get(id);
    if (asker != null) {
      asker.pending.values().forEach(Request::cancel);
      if (asker.isIdle(nowNanos)) {
        byId.remove(id, asker);
      }
    }
  }
}
