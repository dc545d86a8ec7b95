package org.aeiou.daemon.tree;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Lifetimes;

/**
 * {@code /core1/interfaces/.table} and {@code .json}: a whole attribute group as one file. It is
 * found and not listed. One walk reads it, of the columns that name the rows and of those that are
 * shown, so that the values of a row come together with its name. To a walk a group of scalars is a
 * table of one row.
 */
public final class GroupFile extends NodeBelow<GroupDirectory> implements AnsweredFile {
  private static final Oid ONLY_INSTANCE = Oid.of(0);

  /** How a group is written. */
  public enum Format {
    /** Lines of cells with tabs between them, the names of the columns first. */
    TABLE(".table"),
    JSON(".json");

    private final String fileName;

    Format(String fileName) {
      this.fileName = fileName;
    }

    String fileName() {
      return fileName;
    }
  }

  /**
   * A row.
   *
   * @param name its directory's name; of scalars, the name of the system
   * @param values in the order of {@link #attributes}; null where the row has none
   */
  public record Row(String name, Value[] values) {}

  private final Format format;
  private final List<Attribute> attributes;
  private final Question.Walk question;

  GroupFile(GroupDirectory parent, Format format) {
    super(parent, format.fileName);
    this.format = format;
    this.attributes = parent.shown();
    Set<Oid> columns = new LinkedHashSet<>();
    int most = Integer.MAX_VALUE;
    if (parent.group() instanceof AttributeGroup.Table table) {
      most = table.most();
      columns.addAll(table.walk()); // first, so that their positions are those of that walk
    }
    attributes.forEach(attribute -> columns.add(column(attribute)));
    this.question = new Question.Walk(List.copyOf(columns), false, null, most);
  }

  private boolean isTable() {
    return parent().group() instanceof AttributeGroup.Table;
  }

  /** A scalar is in the row of index 0 of a column. */
  private Oid column(Attribute attribute) {
    Oid oid = attribute.oid();
    return isTable() ? oid : oid.prefix(oid.length() - ONLY_INSTANCE.length());
  }

  @Override
  Object key() {
    return format;
  }

  @Override
  public String name() {
    return format.fileName;
  }

  public Format format() {
    return format;
  }

  public AttributeGroup group() {
    return parent().group();
  }

  /** The columns, in the catalogue's order. */
  public List<Attribute> attributes() {
    return attributes;
  }

  /** What is asked to read it. */
  public Question.Walk question() {
    return question;
  }

  /** Its names are as good as those of a listing, its values as the one that ages fastest. */
  @Override
  public Freshness freshness(Lifetimes lifetimes) {
    Freshness shortest = lifetimes.ofDirectories();
    for (Attribute attribute : attributes) {
      Freshness own = lifetimes.of(attribute);
      shortest = own.ttlNanos() < shortest.ttlNanos() ? own : shortest;
    }
    return shortest;
  }

  @Override
  public GroupFile in(View view, TtlClass only) {
    return new GroupFile(parent().in(view, only), format);
  }

  @Override
  public List<AnsweredFile> sharing() {
    List<AnsweredFile> all = new ArrayList<>();
    for (View view : View.values()) {
      for (Format each : Format.values()) {
        all.add(new GroupFile(parent().in(view, only()), each));
      }
    }
    return all;
  }

  /** The rows that the answer to {@link #question} has, in the order in which they are listed. */
  public List<Row> rows(Value.Rows walked, Charset charset) {
    Map<Oid, List<Value>> cells = new HashMap<>();
    walked.rows().forEach(row -> cells.put(row.index(), row.columns()));
    int[] positions =
        attributes.stream()
            .mapToInt(attribute -> question.columns().indexOf(column(attribute)))
            .toArray();
    List<Row> rows = new ArrayList<>();
    if (group() instanceof AttributeGroup.Table table) {
      for (AttributeGroup.NamedRow named : table.rows(walked, charset)) {
        Value[] values = new Value[positions.length];
        for (int i = 0; i < positions.length; i++) {
          values[i] = cell(cells, index(named, attributes.get(i)), positions[i]);
        }
        rows.add(new Row(named.name(), values));
      }
    } else if (cells.containsKey(ONLY_INSTANCE)) {
      Value[] values = new Value[positions.length];
      for (int i = 0; i < positions.length; i++) {
        values[i] = cell(cells, ONLY_INSTANCE, positions[i]);
      }
      rows.add(new Row(system().name(), values));
    }
    return rows;
  }

  /** Where a column of a row is, which may lie in a table with another index; null if nowhere. */
  private static Oid index(AttributeGroup.NamedRow row, Attribute column) {
    AttributeGroup.Instance elsewhere = row.joined().instance(row, column);
    if (elsewhere == null) {
      return row.index();
    }
    return elsewhere.oid() == null ? null : elsewhere.oid().suffix(column.oid().length());
  }

  private static Value cell(Map<Oid, List<Value>> cells, Oid index, int position) {
    List<Value> row = index == null ? null : cells.get(index);
    return row == null ? null : row.get(position);
  }
}
