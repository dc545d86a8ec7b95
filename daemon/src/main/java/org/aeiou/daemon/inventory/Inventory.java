package org.aeiou.daemon.inventory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Systems and credentials as another program lists them. For one thread. */
final class Inventory {
  private final List<ListedSystem> systems = new ArrayList<>();
  private final Map<String, Map<String, Object>> profiles = new LinkedHashMap<>();

  /**
   * A system.
   *
   * @param line where it stands in its file
   * @param address as the configuration writes it, with a port where it is not the usual one
   * @param profiles the names of the profiles that it takes settings from
   * @param fields what else is known of it, by name; {@code name} is the name it has there
   * @param settings what it says of the back end itself, by the keys of {@code snmp}; often nothing
   * @param remark what a person may want to know of it; often nothing
   */
  record ListedSystem(
      int line,
      String address,
      List<String> profiles,
      Map<String, String> fields,
      Map<String, Object> settings,
      String remark) {

    ListedSystem(
        int line,
        String address,
        List<String> profiles,
        Map<String, String> fields,
        Map<String, Object> settings) {
      this(line, address, profiles, fields, settings, "");
    }

    ListedSystem {
      profiles = List.copyOf(profiles);
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  void add(ListedSystem system) {
    systems.add(system);
  }

  List<ListedSystem> systems() {
    return Collections.unmodifiableList(systems);
  }

  /** Adds named settings of the {@code snmp} section. */
  void addProfile(String name, Map<String, Object> snmp) {
    profiles.put(name, snmp);
  }

  /** The name of the profile that holds these settings of the {@code snmp} section. */
  String profileOf(String prefix, Map<String, Object> snmp) {
    int number = 1;
    for (Map.Entry<String, Map<String, Object>> known : profiles.entrySet()) {
      if (known.getValue().equals(snmp)) {
        return known.getKey();
      }
      number++;
    }
    String name = prefix + "-" + number;
    addProfile(name, snmp);
    return name;
  }

  Map<String, Map<String, Object>> profiles() {
    return Collections.unmodifiableMap(profiles);
  }
}
