package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** A table, or several joined, as catalogue files define it. */
final class DefinedTable implements Group.Table {
  private final String name;
  private final Oid probe;
  private final Map<String, Attribute> byName;
  private final List<Attribute> attributes;
  private final List<IndexPart> index;
  private final List<Attribute> labels;
  private final List<Oid> walk;
  private final int[] labelColumns;
  private final boolean mustHaveFirst;

  /** A longer index does not fit behind all columns. */
  private final int longestIndex;

  /**
   * @param labels the columns to try for a label, in this order; then the index is taken
   * @param presence the column that a row must have to be one of this table; or null if any of the
   *     labels will do
   */
  DefinedTable(
      String name,
      Oid probe,
      Map<String, Attribute> attributes,
      List<IndexPart> index,
      List<Attribute> labels,
      Attribute presence) {
    this.name = name;
    this.probe = probe;
    this.byName = Map.copyOf(attributes);
    this.attributes = List.copyOf(attributes.values());
    this.index = List.copyOf(index);
    this.labels = List.copyOf(labels);
    Set<Oid> columns = new LinkedHashSet<>();
    if (presence != null) {
      columns.add(presence.oid());
    }
    labels.forEach(label -> columns.add(label.oid()));
    this.walk = List.copyOf(columns);
    this.labelColumns = labels.stream().mapToInt(label -> walk.indexOf(label.oid())).toArray();
    this.mustHaveFirst = presence != null;
    this.longestIndex =
        Oid.MAX_LENGTH
            - attributes.values().stream().mapToInt(a -> a.oid().length()).max().orElse(0);
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

  @Override
  public List<Group.Row> rows(Value.Rows rows) {
    List<RowNames.Candidate> candidates = new ArrayList<>(rows.rows().size());
    List<Guard> guards = new ArrayList<>(rows.rows().size());
    for (Value.Row row : rows.rows()) {
      if (row.index().length() <= longestIndex
          && (!mustHaveFirst || row.columns().get(0) != null)) {
        Guard guard = guard(row);
        Decoded decoded = decode(row.index());
        guards.add(guard);
        candidates.add(
            new RowNames.Candidate(
                guard.oid == null ? decoded.text : guard.text, row.index(), decoded.shortIndex));
      }
    }
    List<String> names = RowNames.of(candidates);
    List<Group.Row> named = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      Guard guard = guards.get(i);
      named.add(new Group.Row(names.get(i), candidates.get(i).index(), guard.oid, guard.value));
    }
    return named;
  }

  /** The first label that says something; all null if none does. */
  private record Guard(Oid oid, Value value, String text) {}

  private Guard guard(Value.Row row) {
    for (int i = 0; i < labels.size(); i++) {
      Attribute label = labels.get(i);
      Value value = row.columns().get(labelColumns[i]);
      if (value != null) {
        String text = ((DefinedSyntax) label.syntax()).text(value);
        if (!text.isBlank()) {
          return new Guard(label.oid().append(row.index()), value, text);
        }
      }
    }
    return new Guard(null, null, null);
  }

  private record Decoded(String text, Oid shortIndex) {}

  /** What the index says; of one that is not as the table defines it, its numbers. */
  private Decoded decode(Oid oid) {
    IndexPart.Cursor cursor = new IndexPart.Cursor(oid);
    StringJoiner text = new StringJoiner(".");
    Oid shortIndex = Oid.EMPTY;
    for (IndexPart part : index) {
      int from = cursor.position();
      String read = part.read(cursor);
      if (read == null) {
        return new Decoded(oid.toString(), oid);
      }
      if (part.named()) {
        text.add(read);
        shortIndex = shortIndex.append(cursor.since(from));
      }
    }
    return cursor.isAtEnd()
        ? new Decoded(text.toString(), shortIndex)
        : new Decoded(oid.toString(), oid);
  }

  @Override
  public String toString() {
    return name;
  }
}
