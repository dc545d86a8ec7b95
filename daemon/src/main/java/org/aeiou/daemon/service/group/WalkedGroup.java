package org.aeiou.daemon.service.group;

import com.google.common.base.Ticker;
import com.google.common.collect.MapMaker;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.tree.TableDirectory;

/**
 * Columns of a table as one walk found them. The walk has the columns that name the rows too, so
 * that each value is next to the label that proves whose it is. What was read singly after the walk
 * is shown instead of what is in it: a requester that has seen that is not told an older value.
 */
public final class WalkedGroup implements GroupReading {
  private final TableDirectory table;
  private final Endpoint endpoint;
  private final List<Attribute> columns;
  private final Question.Walk walk;
  private final Reading<Value> walked;
  private final Freshness freshness;
  private final Ticker ticker;

  // Made when they are asked for.
  private final Map<Value.Rows, NamedRows> namedRows;
  private NamedRows rows;
  private Map<Oid, List<Value>> byIndex;
  private int[] positions;

  /**
   * The rows of a table as one walk found them. What the cache counts a walk for has room for the
   * names of its rows.
   *
   * @param walked of each, what was walked at its index
   */
  public record NamedRows(
      List<AttributeGroup.NamedRow> rows, List<String> names, List<Value.Row> walked) {
    static NamedRows of(AttributeGroup.Table table, Value.Rows all, Charset charset) {
      // The columns that name the rows are the first of the walk, as the table expects them.
      List<AttributeGroup.NamedRow> rows = table.rows(all, charset);
      List<Value.Row> walked = new ArrayList<>(rows.size());
      Iterator<Value.Row> next = all.rows().iterator();
      for (AttributeGroup.NamedRow row : rows) {
        Value.Row at = next.next();
        while (!at.index().equals(row.index())) {
          at = next.next(); // of a table that is joined
        }
        walked.add(at);
      }
      return new NamedRows(rows, rows.stream().map(AttributeGroup.NamedRow::name).toList(), walked);
    }
  }

  /** The rows of walks that are in the cache: for as long as they are held there. */
  public static Map<Value.Rows, NamedRows> names() {
    return new MapMaker().weakKeys().makeMap(); // compares by identity
  }

  /**
   * Columns that were walked.
   *
   * @param namedRows of walks, of {@link #names}
   */
  WalkedGroup(
      Map<Value.Rows, NamedRows> namedRows,
      TableDirectory table,
      Endpoint endpoint,
      List<Attribute> columns,
      Question.Walk walk,
      Reading<Value> walked,
      Freshness freshness,
      Ticker ticker) {
    this.namedRows = namedRows;
    this.table = table;
    this.endpoint = endpoint;
    this.columns = columns;
    this.walk = walk;
    this.walked = walked;
    this.freshness = freshness;
    this.ticker = ticker;
  }

  /** The walk of the columns that name a table's rows, and of these. */
  static Question.Walk of(TableDirectory table, List<Attribute> columns) {
    List<Oid> oids = new ArrayList<>(table.walk().columns());
    for (Attribute column : columns) {
      if (!oids.contains(column.oid())) {
        oids.add(column.oid());
      }
    }
    return new Question.Walk(oids, false, null, table.table().most());
  }

  private NamedRows named() {
    if (rows == null) {
      Value.Rows all = (Value.Rows) walked.value();
      rows =
          namedRows.computeIfAbsent(
              all, each -> NamedRows.of(table.table(), each, endpoint.charset()));
      positions = columns.stream().mapToInt(c -> walk.columns().indexOf(c.oid())).toArray();
    }
    return rows;
  }

  @Override
  public boolean isTable() {
    return true;
  }

  @Override
  public long attributes() {
    return (long) ((Value.Rows) walked.value()).rows().size() * columns.size();
  }

  @Override
  public List<String> columns() {
    return columns.stream().map(Attribute::name).toList();
  }

  @Override
  public List<String> rows() {
    return named().names();
  }

  @Override
  public Oid index(int row) {
    return named().rows().get(row).index();
  }

  @Override
  public Value value(int row, int column) {
    AttributeGroup.NamedRow named = named().rows().get(row);
    Attribute attribute = columns.get(column);
    AttributeGroup.Instance at = named.instance(attribute);
    Outcome<Value> later = at.oid() == null ? null : later(at);
    if (later != null) {
      return later instanceof Reading<Value> reading ? reading.value() : null;
    }
    return value(named, rows.walked().get(row).columns(), at, attribute, positions[column]);
  }

  @Override
  public long oldestNanos(int column) {
    return walked.takenNanos();
  }

  @Override
  public void tell(int row, Visitor visitor) {
    AttributeGroup.NamedRow named = named().rows().get(row);
    List<Value> own = rows.walked().get(row).columns();
    for (int i = 0; i < positions.length; i++) {
      Attribute column = columns.get(i);
      AttributeGroup.Instance at = named.instance(column);
      Outcome<Value> later = at.oid() == null ? null : later(at);
      if (later != null) {
        FetchedGroup.tell(visitor, later, column, endpoint.charset());
        continue;
      }
      Value value = value(named, own, at, column, positions[i]);
      if (value == null) {
        visitor.absent(walked.takenMillis());
      } else {
        // Not kept with the value: what the cache counts the walk for has no room for its texts.
        byte[] text = column.syntax().render(value, endpoint.charset());
        visitor.reading(text, text.length, walked.takenMillis());
      }
    }
  }

  private Value value(
      AttributeGroup.NamedRow row,
      List<Value> own,
      AttributeGroup.Instance at,
      Attribute column,
      int position) {
    if (at.oid() == null) {
      return null;
    }
    if (row.joined().instance(row, column) == null) {
      return own.get(position);
    }
    if (byIndex == null) {
      byIndex = new HashMap<>();
      ((Value.Rows) walked.value())
          .rows()
          .forEach(each -> byIndex.put(each.index(), each.columns()));
    }
    List<Value> elsewhere = byIndex.get(at.oid().suffix(column.oid().length()));
    return elsewhere == null ? null : elsewhere.get(position);
  }

  /** What was read singly after the walk; null if nothing was. */
  private Outcome<Value> later(AttributeGroup.Instance at) {
    Slot slot = endpoint.cache().find(new Question.Get(at.oid(), at.guard()));
    Outcome<Value> held = slot == null ? null : slot.outcome();
    return held == null || Slot.takenNanos(held) - walked.takenNanos() <= 0
        ? null
        : CachePeek.unguarded(held, at.label());
  }

  @Override
  public long changedMillis() {
    return walked.changedMillis();
  }

  @Override
  public long freshNanos() {
    return freshness.remaining(ticker.read() - walked.takenNanos());
  }

  @Override
  public long usableNanos() {
    long age = ticker.read() - walked.takenNanos();
    return Math.max(0, freshness.ttlNanos() + freshness.graceNanos() - age);
  }
}
