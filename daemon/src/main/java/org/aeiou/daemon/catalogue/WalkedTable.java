package org.aeiou.daemon.catalogue;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;
import org.aeiou.daemon.catalogue.syntax.PlainText;

/**
 * A table as one walk found it: which rows it has, what they are called, and where their columns
 * are. Columns of tables with another index came with the same walk, at indices of theirs. For one
 * thread.
 */
final class WalkedTable implements UniqueFileNames.Further {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final long MAX_SUB_IDENTIFIER = 0xFFFF_FFFFL;

  private final DefinedTable table;
  private final Charset charset;
  private final List<LabelledRow> labelledRows = new ArrayList<>();

  /** What was walked of joined columns, by the index of their table. */
  private final Map<String, Map<Oid, Value>> joined = new HashMap<>();

  /** How many rows have a text in a column, for the columns of which that was asked. */
  private final Map<String, Map<String, Integer>> occurrences = new HashMap<>();

  /**
   * A row.
   *
   * @param parts the parts of the index; null if it is not as the table defines it
   * @param text what the index says; its numbers if it is not as the table defines it
   * @param label which of the table's labels it is called by, or -1 for its index
   * @param name what it is called by
   */
  private record LabelledRow(
      Value.Row walked, List<Oid> parts, String text, Oid shortIndex, int label, String name) {}

  WalkedTable(DefinedTable table, Value.Rows rows, Charset charset) {
    this.table = table;
    this.charset = charset;
    for (String column : table.joins.keySet()) {
      Integer position = table.walked.get(column);
      if (position != null) {
        Map<Oid, Value> values = new HashMap<>();
        for (Value.Row row : rows.rows()) {
          if (row.columns().get(position) != null) {
            values.put(row.index(), row.columns().get(position));
          }
        }
        joined.put(column, values);
      }
    }
    for (Value.Row row : rows.rows()) {
      if (table.hasRow(row)) {
        labelledRows.add(labelled(decoded(row)));
      }
    }
  }

  List<AttributeGroup.NamedRow> rows() {
    List<UniqueFileNames.Candidate> candidates = new ArrayList<>(labelledRows.size());
    for (LabelledRow row : labelledRows) {
      candidates.add(new UniqueFileNames.Candidate(row.name, row.walked.index(), row.shortIndex));
    }
    List<UniqueFileNames.Name> names = UniqueFileNames.of(candidates, this);
    List<AttributeGroup.NamedRow> named = new ArrayList<>(labelledRows.size());
    for (int i = 0; i < labelledRows.size(); i++) {
      LabelledRow row = labelledRows.get(i);
      Attribute proof = proof(row, names.get(i).further());
      named.add(
          new AttributeGroup.NamedRow(
              names.get(i).text(),
              row.walked.index(),
              proof == null ? null : instance(row, proof),
              proof == null ? null : value(row, proof.name()),
              joined(row)));
    }
    return named;
  }

  /** Reads the index: what the parts say that are in a name, with dots between them. */
  private LabelledRow decoded(Value.Row row) {
    IndexPart.Cursor cursor = new IndexPart.Cursor(row.index());
    StringJoiner text = new StringJoiner(".");
    Oid shortIndex = Oid.EMPTY;
    List<Oid> parts = new ArrayList<>(table.index.size());
    for (IndexPart part : table.index) {
      int from = cursor.position();
      String read = part.read(cursor, charset);
      if (read == null) {
        return asNumbers(row);
      }
      parts.add(cursor.since(from));
      if (part.named()) {
        text.add(read);
        shortIndex = shortIndex.append(cursor.since(from));
      }
    }
    return cursor.isAtEnd()
        ? new LabelledRow(row, parts, text.toString(), shortIndex, -1, null)
        : asNumbers(row);
  }

  private static LabelledRow asNumbers(Value.Row row) {
    return new LabelledRow(row, null, row.index().toString(), row.index(), -1, null);
  }

  /** The row with the first label that says something. */
  private LabelledRow labelled(LabelledRow row) {
    for (int i = 0; i < table.labels.size(); i++) {
      String text = text(row, table.labels.get(i));
      if (text != null && !text.isBlank()) {
        return new LabelledRow(row.walked, row.parts, row.text, row.shortIndex, i, text);
      }
    }
    return new LabelledRow(row.walked, row.parts, row.text, row.shortIndex, -1, row.text);
  }

  private String text(LabelledRow row, Attribute column) {
    Value value = value(row, column.name());
    return value == null ? null : ((DefinedSyntax) column.syntax()).text(value, charset);
  }

  /** The value of a walked column, also of a joined one; null if there is none. */
  private Value value(LabelledRow row, String column) {
    Join join = table.joins.get(column);
    if (join == null) {
      return row.walked.columns().get(table.walked.get(column));
    }
    Oid at = index(row, join);
    return at == null ? null : joined.get(column).get(at);
  }

  /** Where the row leads to in the other table; null if it does not. */
  private Oid index(LabelledRow row, Join join) {
    Oid index = Oid.EMPTY;
    for (Join.Key key : join.keys()) {
      Oid next =
          key instanceof Join.Part part
              ? row.parts == null ? null : row.parts.get(part.position())
              : subIdentifier(value(row, ((Join.ValueOf) key).column()));
      if (next == null) {
        return null;
      }
      index = index.append(next);
    }
    return index;
  }

  /** A number that an index can hold; 0 is how columns say that they mean no row. */
  private static Oid subIdentifier(Value value) {
    long number = 0;
    if (value instanceof Value.Numeric numeric) {
      number = numeric.number();
    } else if (value instanceof Value.Octets octets) {
      String text = PlainText.of(octets.octets());
      number = text != null && NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }
    return number > 0 && number <= MAX_SUB_IDENTIFIER ? Oid.of((int) number) : null;
  }

  @Override
  public int count() {
    return table.labels.size();
  }

  /**
   * What a label behind the one that a row is called by says, if it is text. A column of this table
   * counts only where no other row of the table has the same: its value is then what proves the
   * row, and proves nothing if it is not the row's alone.
   */
  @Override
  public String label(int position, int number) {
    LabelledRow row = labelledRows.get(position);
    Attribute column = table.labels.get(number);
    Value value = number > row.label ? value(row, column.name()) : null;
    if (value instanceof Value.Octets octets
        && PlainText.declared(octets.octets(), charset) != null) {
      String text = text(row, column);
      boolean isAlone = table.joins.containsKey(column.name()) || occurrences(column, text) == 1;
      return isAlone ? text : null;
    }
    return null;
  }

  private int occurrences(Attribute column, String text) {
    return occurrences
        .computeIfAbsent(
            column.name(),
            name -> {
              Map<String, Integer> counts = new HashMap<>();
              for (LabelledRow row : labelledRows) {
                String other = text(row, column);
                if (other != null) {
                  counts.merge(other, 1, Integer::sum);
                }
              }
              return counts;
            })
        .get(text);
  }

  /**
   * The column that proves that an index still means the row: the further label that it needed, if
   * that is a column of this table, else the label. What the index leads to in another table proves
   * nothing of what is in this one. Null if the index alone names the row.
   */
  private Attribute proof(LabelledRow row, int further) {
    boolean isOwn = further >= 0 && !table.joins.containsKey(table.labels.get(further).name());
    int label = isOwn ? further : row.label;
    return label < 0 ? null : table.labels.get(label);
  }

  /** The instance of a column in which a row has a value. */
  private Oid instance(LabelledRow row, Attribute column) {
    Join join = table.joins.get(column.name());
    return column.oid().append(join == null ? row.walked.index() : index(row, join));
  }

  /** Where the joined columns are. */
  private AttributeGroup.Joined joined(LabelledRow row) {
    if (table.joined.isEmpty()) {
      return AttributeGroup.Joined.NONE;
    }
    Oid[] indices = new Oid[table.joined.size()];
    Arrays.setAll(indices, column -> index(row, table.joins.get(table.joined.get(column))));
    return new JoinedRow(table, row.walked, indices);
  }
}
