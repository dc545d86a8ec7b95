package org.aeiou.daemon.inventory;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/**
 * Lines of an address and names (hosts(5)). Fields: {@code name}, the first name; {@code alias},
 * the last; {@code address}. Loopback and multicast addresses are of no system, and left out.
 */
final class HostsFile {

  private HostsFile() {}

  static Inventory read(Path file, Problems problems) throws IOException {
    Inventory inventory = new Inventory();
    int[] line = {0};
    try (Stream<String> lines = Files.lines(file)) {
      lines.forEach(text -> add(inventory, ++line[0], text, problems));
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause() instanceof MalformedInputException
          ? new IOException(file + ": is not a text in UTF-8; expected one", e)
          : e.getCause();
    }
    return inventory;
  }

  private static void add(Inventory inventory, int line, String text, Problems problems) {
    int comment = text.indexOf('#');
    String said = (comment < 0 ? text : text.substring(0, comment)).strip();
    if (said.isEmpty()) {
      return;
    }
    List<String> words = List.of(said.split("\\s+"));
    String address = words.get(0);
    if (!isAddress(address)) {
      problems.add(line, "", "left out: '" + address + "' is not an address");
    } else if (words.size() == 1) {
      problems.add(line, "", "left out: '" + address + "' has no name");
    } else if (isOfASystem(address)) {
      inventory.add(
          new ListedSystem(
              line,
              address,
              List.of(),
              Map.of(
                  "name", words.get(1), "alias", words.get(words.size() - 1), "address", address),
              Map.of()));
    }
  }

  private static boolean isAddress(String text) {
    return InetAddresses.isInetAddress(withoutZone(text));
  }

  private static boolean isOfASystem(String text) {
    InetAddress address = InetAddresses.forString(withoutZone(text));
    return !address.isLoopbackAddress()
        && !address.isMulticastAddress()
        && !address.isAnyLocalAddress();
  }

  private static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
