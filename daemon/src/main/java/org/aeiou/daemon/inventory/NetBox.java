package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.inventory.CsvRows.CsvRow;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/**
 * The devices (or virtual machines) of NetBox. Fields: {@code name}, {@code site}, {@code role},
 * {@code platform}, {@code tenant}, {@code location}, {@code status}, as slugs where NetBox has
 * them, and its custom fields. Those without a primary address cannot be asked and are left out;
 * NetBox has no credentials of SNMP, so that they want a profile.
 */
final class NetBox {
  private static final List<String> RELATED =
      List.of("site", "role", "device_role", "platform", "tenant", "location", "rack", "cluster");

  private NetBox() {}

  static Inventory read(Path file, Problems problems) throws IOException {
    Inventory inventory = new Inventory();
    if (file.toString().endsWith(".csv")) {
      for (CsvRow row : CsvRows.read(file)) {
        add(inventory, row.line(), row.cells(), address(row), problems);
      }
      return inventory;
    }
    for (YamlNode device : JsonFields.list(JsonFields.read(file), "results", file)) {
      String address =
          JsonFields.text(
              device, "primary_ip.address", "primary_ip4.address", "primary_ip6.address");
      add(inventory, device.line(), fields(device), address, problems);
    }
    return inventory;
  }

  private static String address(CsvRow row) {
    for (String column : List.of("primary_ip", "ip address", "primary_ip4", "primary_ip6")) {
      if (row.cells().get(column) != null) {
        return row.cells().get(column);
      }
    }
    return null;
  }

  private static Map<String, String> fields(YamlNode device) {
    Map<String, String> fields = new LinkedHashMap<>(JsonFields.texts(device));
    for (String key : RELATED) {
      String related = JsonFields.text(device, key + ".slug", key + ".name");
      if (related != null) {
        fields.put(key.equals("device_role") ? "role" : key, related);
      }
    }
    String status = JsonFields.text(device, "status.value", "status");
    if (status != null) {
      fields.put("status", status);
    }
    fields.putAll(JsonFields.texts(JsonFields.at(device, "custom_fields")));
    return fields;
  }

  private static void add(
      Inventory inventory,
      int line,
      Map<String, String> fields,
      String address,
      Problems problems) {
    String name = fields.get("name");
    if (name == null || name.isBlank()) {
      problems.add(line, "", "left out: has no name");
    } else if (address == null) {
      problems.add(line, "", "left out: '" + name + "' has no primary address");
    } else {
      String host = address.replaceFirst("/[0-9]+$", "");
      inventory.add(new ListedSystem(line, host, List.of(), fields, Map.of()));
    }
  }
}
