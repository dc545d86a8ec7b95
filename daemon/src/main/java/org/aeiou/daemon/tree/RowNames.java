package org.aeiou.daemon.tree;

import static java.util.Comparator.comparing;

import com.google.common.collect.Maps;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;

/** The rows of one table of one system by name, worked out once for each walk. Immutable. */
public final class RowNames {
  private final Value.Rows walked;
  private final List<AttributeGroup.NamedRow> rows;
  private final Map<String, Integer> positions;

  /** Worked out when it is first wanted. Benign race: another thread works out an equal one. */
  private volatile Order order;

  RowNames(AttributeGroup.Table table, Value.Rows walked, Charset charset) {
    this.walked = walked;
    this.rows = table.rows(walked, charset);
    this.positions = Maps.newHashMapWithExpectedSize(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      positions.put(rows.get(i).name(), i);
    }
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
    Integer position = positions.get(name);
    return position == null ? null : rows.get(position);
  }

  /** How many rows there are. */
  public int size() {
    return rows.size();
  }

  /** The name of the row at a position in the order of the table. */
  public String name(int position) {
    return rows.get(position).name();
  }

  /** The position of a row in the order of the table; -1 if there is no such row. */
  public int position(String name) {
    return positions.getOrDefault(name, -1);
  }

  /** The position of the row that has so many names before it, in the order that shells sort by. */
  public int sorted(int rank) {
    return order().positions[rank];
  }

  /** How many names come before that of the row at a position, when they are sorted. */
  public int rank(int position) {
    return order().ranks[position];
  }

  private Order order() {
    Order known = order;
    if (known == null) {
      int[] sorted =
          IntStream.range(0, size())
              .boxed()
              .sorted(comparing(this::name))
              .mapToInt(i -> i)
              .toArray();
      int[] ranks = new int[sorted.length];
      for (int i = 0; i < sorted.length; i++) {
        ranks[sorted[i]] = i;
      }
      known = new Order(sorted, ranks);
      order = known;
    }
    return known;
  }

  /** The order of the names, both ways. */
  private record Order(int[] positions, int[] ranks) {}
}
