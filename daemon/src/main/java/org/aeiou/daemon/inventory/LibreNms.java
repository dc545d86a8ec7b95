package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.inventory.Credentials.Secured;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/**
 * The devices of LibreNMS. Every field of a device is a field here; {@code name} is its hostname.
 * Devices with the same credentials share a profile. Those that LibreNMS does not ask (disabled, or
 * without SNMP), and those asked over TCP, are left out.
 */
final class LibreNms {
  private static final String STANDARD_PORT = "161";

  private LibreNms() {}

  static Inventory read(Path file, Problems problems) throws IOException {
    Inventory inventory = new Inventory();
    for (YamlNode device : JsonFields.list(JsonFields.read(file), "devices", file)) {
      try {
        inventory.add(system(inventory, device));
      } catch (IllegalArgumentException e) {
        problems.add(device.line(), "", "left out: " + e.getMessage());
      }
    }
    return inventory;
  }

  private static ListedSystem system(Inventory inventory, YamlNode device) {
    String hostname = JsonFields.text(device, "hostname");
    if (hostname == null) {
      throw new IllegalArgumentException("has no hostname");
    }
    String transport = JsonFields.text(device, "transport");
    if (is(device, "disabled") || is(device, "snmp_disable")) {
      throw new IllegalArgumentException("'" + hostname + "' is not asked by LibreNMS either");
    } else if (transport != null && transport.startsWith("tcp")) {
      throw new IllegalArgumentException("'" + hostname + "' is asked over " + transport);
    }
    Map<String, String> fields = new LinkedHashMap<>(JsonFields.texts(device));
    fields.keySet().removeIf(key -> key.contains("pass") || key.equals("community"));
    fields.put("name", hostname);
    String address = JsonFields.text(device, "overwrite_ip");
    String host = address == null ? hostname : address;
    String port = JsonFields.text(device, "port");
    boolean isStandard = port == null || port.equals("0") || port.equals(STANDARD_PORT);
    String profile = inventory.profileOf("librenms", snmp(device, hostname));
    return new ListedSystem(
        device.line(),
        isStandard ? host : (host.contains(":") ? "[" + host + "]" : host) + ":" + port,
        List.of(profile),
        fields,
        Map.of());
  }

  private static boolean is(YamlNode device, String key) {
    String said = JsonFields.text(device, key);
    return said != null && (said.equals("1") || said.equals("true"));
  }

  private static Map<String, Object> snmp(YamlNode device, String hostname) {
    String version = JsonFields.text(device, "snmpver");
    try {
      return Credentials.isUser(version)
          ? Credentials.user(
              JsonFields.text(device, "authlevel"),
              JsonFields.text(device, "authname"),
              new Secured(
                  JsonFields.text(device, "authalgo"), JsonFields.text(device, "authpass"), "SHA"),
              new Secured(
                  JsonFields.text(device, "cryptoalgo"),
                  JsonFields.text(device, "cryptopass"),
                  "AES"))
          : Credentials.community(version, JsonFields.text(device, "community"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + hostname + "' " + e.getMessage(), e);
    }
  }
}
