package org.aeiou.daemon.inventory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;
import org.aeiou.daemon.inventory.Inventory.ListedSystem;

/**
 * Agents that answered at addresses where none is configured, as a proposal. A box that answers at
 * several of its addresses is one system: it has one name, and is one kind of box.
 */
public final class FoundAgents {
  private static final int LONGEST_REMARK = 200;

  private final List<Agent> agents = new ArrayList<>();
  private final List<String> refusing = new ArrayList<>();

  /** An agent, with the fields that it may be named by. */
  private record Agent(String address, List<String> profiles, Map<String, String> fields) {}

  /**
   * Adds an agent.
   *
   * @param profiles what it was asked with
   * @param json its group {@code system}, as {@code .json} holds it
   */
  public void add(String address, List<String> profiles, String json) {
    Map<String, String> fields = new LinkedHashMap<>();
    YamlNode read = YamlReader.parse(json, new Problems(""));
    fields.putAll(JsonFields.texts(read));
    fields.put("address", address);
    String sysName = fields.getOrDefault("sysName", "").strip();
    fields.put("name", sysName.isEmpty() ? address : sysName);
    agents.add(new Agent(address, profiles, fields));
  }

  /** Adds an address at which an agent answered that refused what it was asked with. */
  public void addRefusing(String address) {
    refusing.add(address);
  }

  /**
   * What may be configured.
   *
   * @param name makes a system's name of {@code name} (its sysName), {@code address}, {@code
   *     sysObjectID}, …
   * @param source what was looked through, for a comment
   */
  public Proposal proposal(NameTemplate name, String source) {
    Inventory inventory = new Inventory();
    Map<List<String>, List<Agent>> boxes = new LinkedHashMap<>();
    for (Agent agent : agents) {
      String kind = agent.fields.getOrDefault("sysObjectID", "");
      boxes
          .computeIfAbsent(List.of(agent.fields.get("name"), kind), box -> new ArrayList<>())
          .add(agent);
    }
    for (List<Agent> box : boxes.values()) {
      Agent first = box.get(0);
      inventory.add(
          new ListedSystem(
              0, first.address, first.profiles, first.fields, Map.of(), remark(first, box)));
    }
    Problems problems = new Problems("");
    for (String address : refusing) {
      problems.add(0, "", address + " answers, and refuses what it was asked with");
    }
    return new InventoryWriter(name, List.of(), problems).write(inventory, source);
  }

  private static String remark(Agent first, List<Agent> box) {
    StringBuilder remark = new StringBuilder();
    String what = first.fields.getOrDefault("sysDescr", "").replaceAll("\\s+", " ").strip();
    remark.append(what, 0, Math.min(what.length(), LONGEST_REMARK));
    if (box.size() > 1) {
      List<String> others = box.stream().skip(1).map(Agent::address).toList();
      remark.append("; also at ").append(String.join(", ", others));
    }
    return remark.toString();
  }
}
