package org.aeiou.daemon.http.snmp;

import com.google.common.net.InetAddresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aeiou.daemon.document.Texts;

/**
 * Which system a {@code target} means: its name, or the address it is asked at. Nothing else is
 * ever asked: this is no way to send packets to any address there is.
 */
public final class Targets {
  private static final int STANDARD_PORT = 161;
  private static final String BEHIND_TRANSPORT = "://";

  /** Swapped whole by a reload. */
  private volatile Known known = new Known(Map.of(), Map.of(), Map.of());

  /**
   * What there is.
   *
   * @param byName addresses by the names of systems
   * @param byAddress the names of systems by where they are asked
   * @param byHost the same by the host alone
   */
  private record Known(
      Map<String, String> byName,
      Map<String, List<String>> byAddress,
      Map<String, List<String>> byHost) {}

  /**
   * Makes these the systems that may be meant.
   *
   * @param addresses where each is asked, {@code HOST:PORT}, by its name
   */
  public void replace(Map<String, String> addresses) {
    Map<String, List<String>> byAddress = new HashMap<>();
    Map<String, List<String>> byHost = new HashMap<>();
    addresses.forEach(
        (name, text) -> {
          Texts.Address address = address(text);
          if (address != null) {
            byAddress.computeIfAbsent(key(address), any -> new ArrayList<>(1)).add(name);
            byHost.computeIfAbsent(host(address), any -> new ArrayList<>(1)).add(name);
          }
        });
    known = new Known(Map.copyOf(addresses), byAddress, byHost);
  }

  /** The name of the system that is meant. */
  String system(String target) throws BadScrapeException {
    Known now = known;
    if (now.byName.containsKey(target)) {
      return target;
    }
    String where = withoutTransport(target);
    Texts.Address address = address(where);
    List<String> names = address == null ? null : now.byAddress.get(key(address));
    if (names == null) {
      throw new BadScrapeException(unknown(target, address, now));
    }
    if (names.size() > 1) {
      throw new BadScrapeException(
          "target %s is the address of %d systems (%s); use the name of one of them"
              .formatted(Texts.quoted(target), names.size(), String.join(", ", shown(names))));
    }
    return names.get(0);
  }

  private static String unknown(String target, Texts.Address address, Known now) {
    String unknown = "Unknown target " + Texts.quoted(target) + ": ";
    List<String> elsewhere = address == null ? null : now.byHost.get(host(address));
    return elsewhere == null
        ? unknown
            + "no system has this name or address; add it to 'systems:' in the configuration, and"
            + " reload"
        : unknown
            + "there is %s at %s; use that, or the name"
                .formatted(elsewhere.get(0), now.byName.get(elsewhere.get(0)));
  }

  private static List<String> shown(List<String> names) {
    List<String> sorted = names.stream().sorted().limit(4).toList();
    if (sorted.size() == names.size()) {
      return sorted;
    }
    List<String> some = new ArrayList<>(sorted);
    some.add("…");
    return some;
  }

  private static String withoutTransport(String target) throws BadScrapeException {
    int end = target.indexOf(BEHIND_TRANSPORT);
    if (end < 0) {
      return target;
    }
    String transport = target.substring(0, end).toLowerCase(Locale.ROOT);
    if (!transport.equals("udp") && !transport.equals("udp4") && !transport.equals("udp6")) {
      throw new BadScrapeException(
          "target %s: systems are asked over UDP; leave the transport out"
              .formatted(Texts.quoted(target)));
    }
    return target.substring(end + BEHIND_TRANSPORT.length());
  }

  /** Null if the text is none. */
  private static Texts.Address address(String text) {
    if (InetAddresses.isInetAddress(text)) {
      return new Texts.Address(text, STANDARD_PORT); // also one of IPv6 without brackets
    }
    try {
      return Texts.address(text, STANDARD_PORT);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String key(Texts.Address address) {
    return host(address) + " " + address.port();
  }

  /** One text for each way to write an address. */
  private static String host(Texts.Address address) {
    String host = address.host().toLowerCase(Locale.ROOT);
    return InetAddresses.isInetAddress(host)
        ? InetAddresses.toAddrString(InetAddresses.forString(host))
        : host;
  }
}
