package org.aeiou.daemon.endpoint;

import static java.util.Comparator.comparing;

import com.google.common.collect.Maps;
import java.nio.charset.Charset;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;

/** The rows of one table of one system by name, worked out once for each walk. Immutable. */
public final class RowNames {
  /** The highest order of a row there is. */
  public static final int MOST_ORDER = (1 << 26) - 1;

  private static final int MOST_SAMPLES = 4;

  private final Value.Rows walked;
  private final List<AttributeGroup.NamedRow> rows;
  private final Map<String, Integer> positions;

  /** Worked out when it is first wanted. Benign race: another thread works out an equal one. */
  private volatile Order order;

  /** Benign race: of two threads that choose them both choose the same. */
  private volatile List<AttributeGroup.NamedRow> samples;

  /** See {@link Node#order}; by position. */
  private final int[] orders;

  /**
   * The names of a walk.
   *
   * @param before those of the walk before; null if there was none
   */
  public RowNames(AttributeGroup.Table table, Value.Rows walked, Charset charset, RowNames before) {
    this.walked = walked;
    this.rows = table.rows(walked, charset);
    this.positions = Maps.newHashMapWithExpectedSize(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      positions.put(rows.get(i).name(), i);
    }
    this.orders = new int[rows.size()];
    if (before == null || !keepOrders(before)) {
      spread(0, orders.length, 0, (int) Math.min(MOST_ORDER, 64L * (orders.length + 1)));
    }
  }

  /**
   * Gives rows that were there before the numbers they had, and new ones some between those of
   * their neighbours. False if there is no room.
   */
  private boolean keepOrders(RowNames before) {
    int last = 0;
    int fresh = 0;
    for (int i = 0; i < orders.length; i++) {
      int known = before.order(rows.get(i).name());
      if (known <= last) {
        fresh++;
      } else if (known - last <= fresh) {
        return false;
      } else {
        spread(i - fresh, i, last, known);
        orders[i] = known;
        last = known;
        fresh = 0;
      }
    }
    int end = (int) Math.min(MOST_ORDER, last + 64L * (fresh + 1));
    spread(orders.length - fresh, orders.length, last, end);
    return end - last > fresh;
  }

  /** Numbers the rows at these positions, with numbers above one and below another. */
  private void spread(int from, int to, int above, int below) {
    for (int i = from; i < to; i++) {
      orders[i] = (int) (above + (long) (below - above) * (i - from + 1) / (to - from + 1));
    }
  }

  /**
   * Whether these are the names of this very walk; comparing thousands of rows would cost more than
   * naming them.
   */
  @SuppressWarnings("ReferenceEquality")
  public boolean areOf(Value.Rows rows) {
    return walked == rows;
  }

  public List<AttributeGroup.NamedRow> rows() {
    return rows;
  }

  public AttributeGroup.NamedRow row(String name) {
    Integer position = positions.get(name);
    return position == null ? null : rows.get(position);
  }

  /** See {@link Node#order}; 0 if there is no such row. */
  public int order(String name) {
    Integer position = positions.get(name);
    return position == null ? 0 : orders[position];
  }

  /**
   * The last row, and one of each kind beside it: rows are of one kind if they have the same of the
   * walked columns. In a table of rows of several kinds (interfaces and what only looks like one,
   * entries of two tables in one) the odd ones are at its ends, or differ in what was walked.
   * Worked out once.
   */
  public List<AttributeGroup.NamedRow> samples() {
    List<AttributeGroup.NamedRow> known = samples;
    if (known == null) {
      known = chooseSamples();
      samples = known;
    }
    return known;
  }

  private List<AttributeGroup.NamedRow> chooseSamples() {
    BitSet none = new BitSet();
    Map<Oid, BitSet> lacking = new HashMap<>();
    for (Value.Row row : walked.rows()) {
      if (row.columns().contains(null)) {
        BitSet lacks = new BitSet();
        for (int i = 0; i < row.columns().size(); i++) {
          lacks.set(i, row.columns().get(i) == null);
        }
        lacking.put(row.index(), lacks);
      }
    }
    Map<BitSet, AttributeGroup.NamedRow> byKind = new LinkedHashMap<>();
    for (int i = rows.size() - 1; i >= 0 && byKind.size() < MOST_SAMPLES; i--) {
      byKind.putIfAbsent(lacking.getOrDefault(rows.get(i).index(), none), rows.get(i));
    }
    return List.copyOf(byKind.values());
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
