package org.aeiou.daemon.http.snmp;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.aeiou.closures.scheduler.Requester;

/** The scrapers that ask, by address; a bounded number of them. Any thread may call. */
final class Scrapers {
  private static final int MOST = 1024;

  private final Function<String, Requester> make;
  private final ConcurrentHashMap<String, Requester> known = new ConcurrentHashMap<>();

  Scrapers(Function<String, Requester> make) {
    this.make = make;
  }

  Requester at(String address) {
    Requester requester = known.get(address);
    if (requester != null) {
      return requester;
    }
    if (known.size() >= MOST) {
      // One that has nothing pending is owed nothing, and can be made anew.
      known.values().removeIf(idle -> idle.pending() == 0);
    }
    return known.computeIfAbsent(address, at -> make.apply("scrape " + at));
  }
}
