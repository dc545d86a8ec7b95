package org.aeiou.daemon.service;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.aeiou.closures.scheduler.Requester;

/** The users that ask for something, by number; a bounded number of them. Any thread may call. */
final class Requesters {
  /** A user namespace alone has more numbers than this. */
  private static final int MOST = 4096;

  private final Function<String, Requester> make;
  private final ConcurrentHashMap<Integer, Requester> known = new ConcurrentHashMap<>();

  Requesters(Function<String, Requester> make) {
    this.make = make;
  }

  Requester of(int uid) {
    Requester requester = known.get(uid);
    if (requester != null) {
      return requester;
    }
    if (known.size() >= MOST) {
      // A user that has nothing pending is owed nothing, and can be made anew.
      known.values().removeIf(idle -> idle.pending() == 0);
    }
    return known.computeIfAbsent(uid, id -> make.apply("user " + Integer.toUnsignedString(id)));
  }
}
