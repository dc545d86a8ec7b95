package org.aeiou.daemon.tree;

import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.Group;

/** The rows of one table of one system by name, worked out once for each walk. Immutable. */
final class RowNames {
  private final Value.Rows walked;
  private final List<Group.Row> rows;
  private final Map<String, Group.Row> byName = new LinkedHashMap<>();

  RowNames(Group.Table table, Value.Rows walked, Charset charset) {
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

  List<Group.Row> rows() {
    return rows;
  }

  Group.Row row(String name) {
    return byName.get(name);
  }
}
