package org.aeiou.daemon.catalogue;

import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** A table, or several joined, as catalogue files define it. Immutable. */
final class DefinedTable implements Group.Table {
  private final String name;
  private final Oid probe;
  private final Map<String, Attribute> byName;
  private final List<Attribute> attributes;

  final List<IndexPart> index;

  /** The columns to try for a label, in this order; then the index is taken. */
  final List<Attribute> labels;

  /** How to get to the columns that lie in tables with another index, by name. */
  final Map<String, Join> joins;

  /** The different ones of these; several columns may lie in one table. */
  final List<Join> ways;

  /** The columns that are walked, by name, with their position in the walk. */
  final Map<String, Integer> walked;

  /** The positions in the walk of the columns of which a row must have one to be of this table. */
  private final int[] presence;

  private final List<Oid> walk;

  /**
   * A table.
   *
   * @param presence the columns of which a row must have one; empty if any of the labels will do
   */
  DefinedTable(
      String name,
      Oid probe,
      Map<String, Attribute> attributes,
      List<IndexPart> index,
      List<Attribute> labels,
      List<Attribute> presence,
      Map<String, Join> joins) {
    this.name = name;
    this.probe = probe;
    this.byName = Map.copyOf(attributes);
    this.attributes = List.copyOf(attributes.values());
    this.index = List.copyOf(index);
    this.labels = List.copyOf(labels);
    this.joins = Map.copyOf(joins);
    this.ways = joins.values().stream().distinct().toList();
    Map<String, Integer> positions = new LinkedHashMap<>();
    presence.forEach(column -> walkAlso(column.name(), positions));
    labels.forEach(column -> walkAlso(column.name(), positions));
    joins.values().forEach(join -> walkKeys(join, positions));
    this.walked = Map.copyOf(positions);
    this.walk = positions.keySet().stream().map(column -> attributes.get(column).oid()).toList();
    this.presence =
        (presence.isEmpty() ? labels : presence)
            .stream()
                .filter(column -> !joins.containsKey(column.name()))
                .mapToInt(column -> positions.get(column.name()))
                .toArray();
  }

  private void walkAlso(String column, Map<String, Integer> positions) {
    positions.putIfAbsent(column, positions.size());
    Join join = joins.get(column);
    if (join != null) {
      walkKeys(join, positions);
    }
  }

  private void walkKeys(Join join, Map<String, Integer> positions) {
    for (Join.Key key : join.keys()) {
      if (key instanceof Join.ValueOf value && !positions.containsKey(value.column())) {
        walkAlso(value.column(), positions);
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Oid probe() {
    return probe;
  }

  @Override
  public List<Attribute> attributes() {
    return attributes;
  }

  @Override
  public Attribute attribute(String attribute) {
    return byName.get(attribute);
  }

  @Override
  public List<Oid> walk() {
    return walk;
  }

  /** Whether what was walked at an index is a row of this table, and not of one that is joined. */
  boolean hasRow(Value.Row row) {
    for (int position : presence) {
      if (row.columns().get(position) != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<Group.Row> rows(Value.Rows rows, Charset charset) {
    return new WalkedTable(this, rows, charset).rows();
  }

  @Override
  public String toString() {
    return name;
  }
}
