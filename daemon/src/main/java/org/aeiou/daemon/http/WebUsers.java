package org.aeiou.daemon.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.aeiou.closures.scheduler.Requester;
import org.eclipse.jetty.server.Request;

/** On whose behalf a request is answered; a bounded number of them. Any thread. */
public final class WebUsers {
  private static final int MOST = 4096;

  private final Function<String, Requester> make;
  private final ConcurrentHashMap<String, Requester> known = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param make makes a user of the scheduler, by name
   */
  public WebUsers(Function<String, Requester> make) {
    this.make = make;
  }

  /** Whose a request is: the name in the client's certificate, or the address it came from. */
  public static String owner(Request request) {
    return ClientName.of(request);
  }

  /** The requester that asks for an owner. */
  public Requester requester(String owner) {
    Requester requester = known.get(owner);
    if (requester != null) {
      return requester;
    }
    if (known.size() >= MOST) {
      // A user that has nothing pending is owed nothing, and can be made anew.
      known.values().removeIf(idle -> idle.pending() == 0);
    }
    return known.computeIfAbsent(owner, name -> make.apply("web " + name));
  }
}
