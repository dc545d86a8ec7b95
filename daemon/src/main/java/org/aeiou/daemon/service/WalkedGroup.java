package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.aeiou.daemon.tree.Endpoint;
import org.aeiou.daemon.tree.TableDirectory;

/**
 * Columns of a table as one walk found them. The walk has the columns that name the rows too, so
 * that each value is next to the label that proves whose it is. What was read singly after the walk
 * is shown instead of what is in it: a requester that has seen that is not told an older value.
 */
final class WalkedGroup implements GroupReading {
  private final TableDirectory table;
  private final Endpoint endpoint;
  private final List<Attribute> columns;
  private final Question.Walk walk;
  private final Reading<Value> walked;
  private final Freshness freshness;
  private final Ticker ticker;

  // Made when they are asked for.
  private List<AttributeGroup.NamedRow> rows;
  private final Map<Oid, List<Value>> byIndex = new HashMap<>();
  private int[] positions;

  WalkedGroup(
      TableDirectory table,
      Endpoint endpoint,
      List<Attribute> columns,
      Question.Walk walk,
      Reading<Value> walked,
      Freshness freshness,
      Ticker ticker) {
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
    return new Question.Walk(oids);
  }

  private List<AttributeGroup.NamedRow> named() {
    if (rows == null) {
      Value.Rows all = (Value.Rows) walked.value();
      // The columns that name the rows are the first of the walk, as the table expects them.
      rows = table.table().rows(all, endpoint.charset());
      all.rows().forEach(row -> byIndex.put(row.index(), row.columns()));
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
    return named().stream().map(AttributeGroup.NamedRow::name).toList();
  }

  @Override
  public void tell(int row, Visitor visitor) {
    AttributeGroup.NamedRow named = named().get(row);
    for (int i = 0; i < positions.length; i++) {
      Attribute column = columns.get(i);
      AttributeGroup.Instance at = named.instance(column);
      Outcome<Value> later = at.oid() == null ? null : later(at);
      if (later != null) {
        FetchedGroup.tell(visitor, later, column, endpoint.charset());
        continue;
      }
      Value value = value(named, at, column, positions[i]);
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
      AttributeGroup.NamedRow row, AttributeGroup.Instance at, Attribute column, int position) {
    if (at.oid() == null) {
      return null;
    }
    boolean isElsewhere = row.joined().instance(row, column) != null;
    List<Value> values =
        byIndex.get(isElsewhere ? at.oid().suffix(column.oid().length()) : row.index());
    return values == null ? null : values.get(position);
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
