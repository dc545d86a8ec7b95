package org.aeiou.daemon.backend;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Where notifications are received, and how many. Immutable, with value equality.
 *
 * @param addresses where to listen
 * @param inherited whether the socket that is the standard input is listened at, too
 * @param communities of which one must be in a notification that has one; any may be if there are
 *     none
 * @param perSecond how many of one source are taken in a second, for long
 * @param burst how many of one source are taken at once
 */
public record Listening(
    List<InetSocketAddress> addresses,
    boolean inherited,
    List<Secret> communities,
    int perSecond,
    int burst) {

  /** Nowhere. */
  public static final Listening NOWHERE = new Listening(List.of(), false, List.of(), 20, 200);

  public Listening {
    addresses = List.copyOf(addresses);
    communities = List.copyOf(communities);
  }

  /** Where, for people: {@code 127.0.0.1 port 162}. */
  @Override
  public String toString() {
    List<String> all = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      all.add(address.getAddress().getHostAddress() + " port " + address.getPort());
    }
    if (inherited) {
      all.add("the standard input");
    }
    return String.join(", ", all);
  }

  /** Whether there is anything to listen at. */
  public boolean isAnywhere() {
    return inherited || !addresses.isEmpty();
  }
}
