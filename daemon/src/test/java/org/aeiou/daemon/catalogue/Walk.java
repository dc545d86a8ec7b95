package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** What a walk of a table of the built-in catalogue finds, written column by column. */
final class Walk {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  private final AttributeGroup.Table table;
  private final Map<Oid, List<Value>> rows = new TreeMap<>();

  private Walk(AttributeGroup.Table table) {
    this.table = table;
  }

  static Walk of(String table) {
    return new Walk((AttributeGroup.Table) CATALOGUE.group(table));
  }

  /** A text at an index of the column's own table. */
  Walk with(String column, String index, String text) {
    return with(column, index, new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(UTF_8)));
  }

  Walk with(String column, String index, long number) {
    return with(column, index, new Value.Numeric(Value.NumberType.INTEGER, number));
  }

  Walk with(String column, String index, Value value) {
    int position = table.walk().indexOf(oid(column));
    if (position < 0) {
      throw new IllegalArgumentException(column + " is not walked");
    }
    rows.computeIfAbsent(
            Oid.parse(index),
            any -> new ArrayList<>(Collections.nCopies(table.walk().size(), null)))
        .set(position, value);
    return this;
  }

  List<AttributeGroup.Attribute> columns() {
    return table.attributes();
  }

  Oid oid(String column) {
    return table.attribute(column).oid();
  }

  List<AttributeGroup.NamedRow> rows() {
    return table.rows(
        new Value.Rows(
            rows.entrySet().stream()
                .map(row -> new Value.Row(row.getKey(), row.getValue()))
                .toList()),
        ISO_8859_1);
  }

  List<String> names() {
    return rows().stream().map(AttributeGroup.NamedRow::name).toList();
  }

  AttributeGroup.NamedRow row(String name) {
    return rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  /** Where a column of a row is. */
  AttributeGroup.Instance instance(String row, String column) {
    return row(row).instance(table.attribute(column));
  }
}
