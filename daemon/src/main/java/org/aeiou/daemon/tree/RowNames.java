package org.aeiou.daemon.tree;

import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;

/** The rows of one table of one system by name, worked out once for each walk. Immutable. */
final class RowNames {
  private final Value.Rows walked;
  private final List<AttributeGroup.NamedRow> rows;
  private final Map<String, AttributeGroup.NamedRow> byName = new LinkedHashMap<>();

  RowNames(AttributeGroup.Table table, Value.Rows walked, Charset charset) {
    this.walked = walked;
    this.rows = table.rows(walked, charset);
    rows.forEach(row -> byName.put(row.name(), row));
  }

  /**
   * Whether these are the names of this very walk; comparing thousands of rows would cost more than
   * naming them.
   */
  @SuppressWarnings("ReferenceEquality")
  boolean areOf(Value.Rows rows) {
    return walked == rows;
  }

  List<AttributeGroup.NamedRow> rows() {
    return rows;
  }

  AttributeGroup.NamedRow row(String name) {
    return byName.get(name);
  }
}
