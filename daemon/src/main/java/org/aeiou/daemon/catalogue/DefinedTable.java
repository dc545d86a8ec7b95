package org.aeiou.daemon.catalogue;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** A table, or several joined, as catalogue files define it. Immutable. */
final class DefinedTable implements AttributeGroup.Table {
  private final String name;
  private final GroupProbe probe;
  private final Map<String, Attribute> byName;
  private final List<Attribute> attributes;

  final List<IndexPart> index;

  /** The columns to try for a label, in this order; then the index is taken. */
  final List<Attribute> labels;

  /** How to get to the columns that lie in tables with another index, by name. */
  final Map<String, Join> joins;

  /** Their names, in a fixed order. */
  final List<String> joined;

  /** The columns that are walked, by name, with their position in the walk. */
  final Map<String, Integer> walked;

  /** The positions in the walk of the columns of which a row must have one to be of this table. */
  private final List<Integer> presence;

  private final List<Oid> walk;
  private final TableLength length;
  private final DefinedRates rates;

  /** The most sub-identifiers an index may have, so that all columns can be asked for. */
  private final int longestIndex;

  /**
   * A table.
   *
   * @param presence the columns of which a row must have one; empty if any of the labels will do
   * @param length see {@link AttributeGroup.Table#count}
   * @param rates what is found besides the attributes
   */
  DefinedTable(
      String name,
      GroupProbe probe,
      Map<String, Attribute> attributes,
      List<IndexPart> index,
      List<Attribute> labels,
      List<Attribute> presence,
      Map<String, Join> joins,
      TableLength length,
      DefinedRates rates) {
    this.name = name;
    this.probe = probe;
    this.length = length;
    this.rates = rates;
    this.byName = Map.copyOf(attributes);
    this.attributes = List.copyOf(attributes.values());
    this.index = List.copyOf(index);
    this.labels = List.copyOf(labels);
    this.joins = Map.copyOf(joins);
    this.joined = List.copyOf(joins.keySet());
    // Loops and not streams from here on: twenty tables are made while the daemon starts.
    Map<String, Integer> positions = new LinkedHashMap<>();
    List<Integer> own = new ArrayList<>();
    for (Attribute column : presence.isEmpty() ? labels : presence) {
      walkAlso(column.name(), positions);
      if (!joins.containsKey(column.name())) {
        own.add(positions.get(column.name()));
      }
    }
    for (Attribute label : labels) {
      walkAlso(label.name(), positions);
    }
    for (Join join : joins.values()) {
      walkKeys(join, positions);
    }
    List<Oid> oids = new ArrayList<>();
    for (String column : positions.keySet()) {
      oids.add(attributes.get(column).oid());
    }
    int longest = 0;
    for (Attribute column : attributes.values()) {
      longest = Math.max(longest, column.oid().length());
    }
    this.presence = List.copyOf(own);
    this.walked = Map.copyOf(positions);
    this.walk = List.copyOf(oids);
    this.longestIndex = Oid.MAX_LENGTH - longest;
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
    return probe.subtree();
  }

  @Override
  public List<Oid> systems() {
    return probe.systems();
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

  @Override
  public List<Attribute> labels() {
    return labels;
  }

  @Override
  public List<IndexObject> index() {
    return index.stream().map(part -> new IndexObject(part.name(), part.syntax())).toList();
  }

  @Override
  public List<Value> indexValues(Oid at) {
    IndexPart.Cursor cursor = new IndexPart.Cursor(at);
    List<Value> values = new ArrayList<>(index.size());
    for (IndexPart part : index) {
      Value value = part.value(cursor);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return cursor.isAtEnd() ? values : null;
  }

  @Override
  public boolean isIndex(Oid at) {
    return indexValues(at) != null;
  }

  @Override
  public boolean isNamedByFirst() {
    return joins.isEmpty()
        && walk.size() > 1
        && !labels.isEmpty()
        && walked.get(labels.get(0).name()) == 0;
  }

  @Override
  public Oid count() {
    return length.count();
  }

  @Override
  public int most() {
    return length.most();
  }

  @Override
  public boolean isJoined(Attribute attribute) {
    return joins.containsKey(attribute.name());
  }

  /** Whether what was walked at an index is a row of this table, and not of one that is joined. */
  boolean hasRow(Value.Row row) {
    if (row.index().length() > longestIndex) {
      return false;
    }
    for (int position : presence) {
      if (row.columns().get(position) != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<AttributeGroup.NamedRow> rows(Value.Rows rows, Charset charset) {
    return new WalkedTable(this, rows, charset).rows();
  }

  @Override
  public RateAttribute rate(String named) {
    return rates.rate(named);
  }

  @Override
  public String toString() {
    return name;
  }
}
