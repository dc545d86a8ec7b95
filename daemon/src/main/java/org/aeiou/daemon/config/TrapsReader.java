package org.aeiou.daemon.config;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;

/** Reads {@code traps:}, where notifications of systems are received. */
final class TrapsReader {
  private static final int STANDARD_PORT = 162;
  private static final int MOST_PER_SECOND = 100_000;
  private static final int MOST_BURST = 1_000_000;

  /** In the place of an address: the socket that the service manager hands over. */
  private static final String INHERITED = "inherited";

  private TrapsReader() {}

  static Listening read(Section section, References references) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    boolean inherited = false;
    for (YamlNode item : section.texts("listen")) {
      if (item.text().equals(INHERITED)) {
        inherited = true;
      } else {
        InetSocketAddress address = address(item);
        if (address != null && addresses.contains(address)) {
          item.problem(Texts.quoted(item.text()) + " is listed twice; expected it once");
        } else if (address != null) {
          addresses.add(address);
        }
      }
    }
    List<Secret> communities = new ArrayList<>();
    for (YamlNode item : section.texts("communities")) {
      try {
        communities.add(new Secret(references.secret(item.text())));
      } catch (IllegalArgumentException e) {
        item.problem(e.getMessage());
      }
    }
    int perSecond = section.number("rate", Listening.NOWHERE.perSecond(), 1, MOST_PER_SECOND);
    int burst = section.number("burst", Listening.NOWHERE.burst(), 1, MOST_BURST);
    if (addresses.isEmpty() && !inherited && !communities.isEmpty()) {
      section.problem("communities", "are for traps; expected 'listen' beside it");
    }
    section.doneWithSecrets();
    return new Listening(addresses, inherited, communities, perSecond, burst);
  }

  /** Of this machine, and so no name: null, and a problem, for anything else. */
  private static InetSocketAddress address(YamlNode item) {
    try {
      Texts.Address address = Texts.address(item.text(), STANDARD_PORT);
      if (InetAddresses.isInetAddress(address.host())) {
        return new InetSocketAddress(InetAddresses.forString(address.host()), address.port());
      }
      item.problem(
          Texts.quoted(item.text())
              + " is a name; expected an address of this machine, as in 0.0.0.0:162, or '"
              + INHERITED
              + "'");
    } catch (IllegalArgumentException e) {
      item.problem(e.getMessage());
    }
    return null;
  }
}
