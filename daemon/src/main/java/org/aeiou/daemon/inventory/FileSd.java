package org.aeiou.daemon.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/**
 * Prometheus' {@code file_sd}: groups of targets with labels, which are the fields. {@code name} is
 * the label of that name, else {@code hostname}, else the target's host. A label {@code
 * __param_auth}, as snmp_exporter takes it, names a profile.
 */
final class FileSd {
  private static final String AUTH = "__param_auth";
  private static final int ANY_PORT = 161;

  private FileSd() {}

  static Inventory read(Path file, Problems problems) throws IOException {
    Inventory inventory = new Inventory();
    YamlNode document = JsonFields.read(file);
    if (document.list() == null) {
      throw new IOException(
          file + ": is " + document.kind() + "; expected a list of 'targets' and 'labels'");
    }
    for (YamlNode group : document.list()) {
      YamlNode targets = JsonFields.at(group, "targets");
      if (targets == null) {
        problems.add(group.line(), "", "left out: has no 'targets'");
        continue;
      }
      Map<String, String> labels = JsonFields.texts(JsonFields.at(group, "labels"));
      for (YamlNode target : targets.list() == null ? List.of(targets) : targets.list()) {
        if (target.text() == null || target.isNothing()) {
          problems.add(target.line(), "", "left out: is " + target.kind() + "; expected a target");
        } else {
          inventory.add(system(target, labels));
        }
      }
    }
    return inventory;
  }

  private static ListedSystem system(YamlNode target, Map<String, String> labels) {
    String address = target.text().strip();
    Map<String, String> fields = new LinkedHashMap<>(labels);
    fields.put("target", address);
    fields.putIfAbsent("name", labels.getOrDefault("hostname", host(address)));
    String auth = labels.get(AUTH);
    return new ListedSystem(
        target.line(), address, auth == null ? List.of() : List.of(auth), fields, Map.of());
  }

  private static String host(String address) {
    try {
      return Texts.address(address, ANY_PORT).host();
    } catch (IllegalArgumentException e) {
      return address; // told when it is written
    }
  }
}
