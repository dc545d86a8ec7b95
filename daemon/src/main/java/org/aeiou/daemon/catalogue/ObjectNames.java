package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.AttributeGroup.Table;

/**
 * Objects by their names, as MIBs and their tools write them: {@code ifDescr.3}, {@code
 * IF-MIB::ifDescr.3}. Also what kind of place an identifier is. Immutable.
 */
final class ObjectNames {
  private static final String OF_MODULE = "::";
  private static final String ENTRY = "Entry";

  /** Without instance; modules may give different objects one name. */
  private final Map<String, List<Oid>> byName = new HashMap<>();

  private final Map<String, List<Oid>> modules;

  /** The tables that columns are in; of several the one that they are a part of. */
  private final Map<Oid, Table> tables = new HashMap<>();

  /**
   * @param oids names of parts of the tree
   * @param modules for each module what its objects are below
   */
  ObjectNames(List<AttributeGroup> groups, Map<String, Oid> oids, Map<String, List<Oid>> modules) {
    this.modules = Map.copyOf(modules);
    for (AttributeGroup group : groups) {
      for (Attribute attribute : group.attributes()) {
        Oid oid = attribute.oid();
        if (group instanceof Table table) {
          tables.merge(oid, table, (known, same) -> known.isJoined(attribute) ? same : known);
          add(attribute.name(), oid);
        } else {
          add(attribute.name(), oid.prefix(oid.length() - 1));
        }
      }
    }
    oids.forEach(
        (name, oid) -> {
          add(name, oid);
          if (name.endsWith(ENTRY) && oid.length() > 1 && oid.get(oid.length() - 1) == 1) {
            // RFC 2578, section 7.1.12: the entry of ifTable is ifEntry, which is { ifTable 1 }.
            String table = name.substring(0, name.length() - ENTRY.length()) + "Table";
            add(table, oid.prefix(oid.length() - 1));
          }
        });
  }

  private void add(String name, Oid oid) {
    List<Oid> known = byName.computeIfAbsent(name, any -> new ArrayList<>(1));
    if (!known.contains(oid)) {
      known.add(oid);
    }
  }

  /** The identifier that a name stands for, with what is behind it; null if it is no name. */
  Oid find(String text) {
    int separator = text.indexOf(OF_MODULE);
    List<Oid> below = separator < 0 ? null : modules.get(text.substring(0, separator));
    if (separator >= 0 && below == null) {
      return null;
    }
    String object = separator < 0 ? text : text.substring(separator + OF_MODULE.length());
    int dot = object.indexOf('.');
    for (Oid oid : byName.getOrDefault(dot < 0 ? object : object.substring(0, dot), List.of())) {
      if (below == null || below.stream().anyMatch(oid::startsWith)) {
        return dot < 0 ? oid : appended(oid, object.substring(dot + 1));
      }
    }
    return null;
  }

  private static Oid appended(Oid oid, String index) {
    try {
      return index.startsWith(".") ? null : oid.append(Oid.parse(index));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Whether an identifier is one of a row of a table.
   *
   * @param column the identifier of the column, which it begins with
   */
  boolean isInstance(Oid oid, Oid column) {
    Table table = tables.get(column);
    return table != null && table.isIndex(oid.suffix(column.length()));
  }

  boolean isColumn(Oid oid) {
    return tables.containsKey(oid);
  }
}
