package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.inventory.CsvRows.CsvRow;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/**
 * A table of systems: {@code name}, {@code address}, {@code profiles} with spaces between them, and
 * {@code snmp.KEY} for what a system says itself. Other columns are fields for templates.
 */
final class SystemsCsv {
  private static final String SETTING = "snmp.";

  private SystemsCsv() {}

  static Inventory read(Path file, Problems problems) throws IOException {
    Inventory inventory = new Inventory();
    List<CsvRow> rows = CsvRows.read(file);
    if (!rows.isEmpty() && rows.stream().noneMatch(row -> row.cells().containsKey("address"))) {
      throw new IOException(
          file
              + ": has no column 'address'; expected a first line with 'name,address', it has "
              + String.join(", ", rows.get(0).cells().keySet()));
    }
    for (CsvRow row : rows) {
      String address = row.cells().get("address");
      if (address == null) {
        problems.add(row.line(), "", "left out: has no address");
        continue;
      }
      Map<String, String> fields = new LinkedHashMap<>(row.cells());
      fields.putIfAbsent("name", address);
      String profiles = row.cells().getOrDefault("profiles", "");
      inventory.add(
          new ListedSystem(
              row.line(),
              address,
              Arrays.stream(profiles.split("[ ;,]+")).filter(name -> !name.isEmpty()).toList(),
              fields,
              settings(row.cells())));
    }
    return inventory;
  }

  /** {@code snmp.auth.pass} is the key {@code pass} of {@code auth}. */
  private static Map<String, Object> settings(Map<String, String> cells) {
    Map<String, Object> settings = new LinkedHashMap<>();
    cells.forEach(
        (column, cell) -> {
          if (column.startsWith(SETTING)) {
            String[] keys = column.substring(SETTING.length()).split("\\.", 2);
            if (keys.length == 1) {
              settings.put(keys[0], cell);
            } else {
              @SuppressWarnings("unchecked") // only this puts something at a key with a dot
              Map<String, Object> below =
                  (Map<String, Object>)
                      settings.computeIfAbsent(keys[0], key -> new LinkedHashMap<>());
              below.put(keys[1], cell);
            }
          }
        });
    return settings;
  }
}
