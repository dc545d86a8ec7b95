package org.aeiou.daemon.inventory;

import com.google.common.net.InetAddresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.config.SystemNames;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlWriter;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/** Writes an inventory as a part of a configuration; leaves out what would not be one. */
final class InventoryWriter {
  private static final int STANDARD_PORT = 161;

  private final NameTemplate name;
  private final List<NameTemplate> profiles;
  private final Problems problems;

  /**
   * A writer.
   *
   * @param problems told what is left out
   */
  InventoryWriter(NameTemplate name, List<NameTemplate> profiles, Problems problems) {
    this.name = name;
    this.profiles = List.copyOf(profiles);
    this.problems = problems;
  }

  /**
   * The inventory as YAML.
   *
   * @param source where it came from, for a comment
   */
  Proposal write(Inventory inventory, String source) {
    Map<String, ListedSystem> systems = named(inventory);
    YamlWriter yaml = new YamlWriter();
    yaml.comment("from " + source + "; for 'include:' in a configuration");
    if (!inventory.profiles().isEmpty()) {
      yaml.begin("profiles");
      inventory.profiles().forEach((profile, snmp) -> yaml.put(profile, Map.of("snmp", snmp)));
      yaml.end();
    }
    yaml.begin("systems");
    systems.forEach(
        (system, listed) -> {
          if (!listed.remark().isEmpty()) {
            yaml.comment(listed.remark());
          }
          yaml.put(system, settings(listed));
        });
    yaml.end();
    boolean secrets =
        inventory.profiles().values().stream().anyMatch(InventoryWriter::holdsSecret)
            || systems.values().stream().anyMatch(system -> holdsSecret(system.settings()));
    return new Proposal(
        yaml.toString(), systems.size(), inventory.profiles().size(), problems.lines(), secrets);
  }

  private static boolean holdsSecret(Map<String, Object> snmp) {
    Object community = snmp.get("community");
    return snmp.containsKey("auth") || (community != null && !community.equals("public"));
  }

  private Map<String, ListedSystem> named(Inventory inventory) {
    Map<String, ListedSystem> systems = new LinkedHashMap<>();
    for (ListedSystem listed : inventory.systems()) {
      try {
        String system = name.of(listed.fields());
        String wrong = SystemNames.wrong(system);
        ListedSystem other = systems.get(system);
        if (wrong != null) {
          throw new IllegalArgumentException("'" + system + "' " + wrong);
        } else if (other != null) {
          throw new IllegalArgumentException(
              "'" + system + "' is the name of another one, in line " + other.line());
        }
        Texts.Address address = Texts.address(bracketed(listed.address()), STANDARD_PORT);
        systems.put(system, withProfiles(listed, address));
      } catch (IllegalArgumentException e) {
        problems.add(listed.line(), "", "left out: " + e.getMessage());
      }
    }
    SystemNames.directories(List.copyOf(systems.keySet()))
        .forEach(
            (directory, below) -> {
              ListedSystem taken = systems.remove(directory);
              if (taken != null) {
                problems.add(
                    taken.line(),
                    "",
                    "left out: '" + directory + "' is for '" + below + "' a directory");
              }
            });
    return systems;
  }

  private ListedSystem withProfiles(ListedSystem listed, Texts.Address address) {
    Set<String> all = new LinkedHashSet<>();
    profiles.forEach(profile -> all.add(profile.of(listed.fields())));
    all.addAll(listed.profiles());
    return new ListedSystem(
        listed.line(), written(address), new ArrayList<>(all), listed.fields(), listed.settings());
  }

  /** Other programs write addresses of IPv6 without a port, and then without brackets. */
  private static String bracketed(String address) {
    boolean isIpv6 = address.contains(":") && InetAddresses.isInetAddress(address);
    return isIpv6 ? "[" + address + "]" : address;
  }

  private static String written(Texts.Address address) {
    String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
    return address.port() == STANDARD_PORT ? host : host + ":" + address.port();
  }

  /** The address alone, if there is nothing else. */
  private static Object settings(ListedSystem system) {
    if (system.profiles().isEmpty() && system.settings().isEmpty()) {
      return system.address();
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("address", system.address());
    if (!system.profiles().isEmpty()) {
      settings.put("profiles", system.profiles());
    }
    if (!system.settings().isEmpty()) {
      settings.put("snmp", system.settings());
    }
    return settings;
  }
}
