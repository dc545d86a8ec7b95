package org.aeiou.daemon.service.group;

import java.nio.charset.Charset;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.endpoint.Endpoint;

/**
 * Attributes that were read one by one.
 *
 * @param columnAttributes what each row has
 * @param rows their names
 * @param indexes of each row of a table; empty of others
 * @param outcomes of each attribute, row by row
 * @param nowNanos when the last of them was there, by the ticker of the readings
 */
record FetchedGroup(
    Endpoint endpoint,
    boolean isTable,
    List<Attribute> columnAttributes,
    List<String> rows,
    List<Oid> indexes,
    Outcome<Value>[] outcomes,
    long nowNanos)
    implements GroupReading {

  /** Why nothing at all was found out; null if something was. */
  static Failure<Value> failure(Outcome<Value>[] outcomes) {
    for (Outcome<Value> outcome : outcomes) {
      if (!(outcome instanceof Failure)) {
        return null;
      }
    }
    return outcomes.length == 0 ? null : (Failure<Value>) outcomes[0];
  }

  @Override
  public List<String> columns() {
    return columnAttributes.stream().map(Attribute::name).toList();
  }

  @Override
  public long attributes() {
    return outcomes.length;
  }

  @Override
  public void tell(int row, Visitor visitor) {
    for (int i = 0; i < columnAttributes.size(); i++) {
      Outcome<Value> outcome = outcomes[row * columnAttributes.size() + i];
      tell(visitor, outcome, columnAttributes.get(i), endpoint.charset());
    }
  }

  @Override
  public Oid index(int row) {
    return indexes.get(row);
  }

  @Override
  public Value value(int row, int column) {
    return outcomes[row * columnAttributes.size() + column] instanceof Reading<Value> reading
        ? reading.value()
        : null;
  }

  @Override
  public long oldestNanos(int column) {
    long oldest = nowNanos;
    for (int i = column; i < outcomes.length; i += columnAttributes.size()) {
      if (!(outcomes[i] instanceof Failure)) {
        long taken = Slot.takenNanos(outcomes[i]);
        oldest = taken - oldest < 0 ? taken : oldest; // by difference: a ticker may wrap around
      }
    }
    return oldest;
  }

  static void tell(Visitor visitor, Outcome<Value> outcome, Attribute attribute, Charset charset) {
    if (outcome instanceof Reading<Value> reading) {
      byte[] line = attribute.syntax().line(reading.value(), charset);
      visitor.reading(line, line.length - 1, reading.takenMillis());
    } else if (outcome instanceof Absent<Value> absent) {
      visitor.absent(absent.takenMillis());
    } else {
      visitor.failure((Failure<?>) outcome);
    }
  }

  @Override
  public long changedMillis() {
    long changed = 0;
    for (Outcome<Value> outcome : outcomes) {
      if (outcome instanceof Reading<Value> reading) {
        changed = Math.max(changed, reading.changedMillis());
      }
    }
    return changed;
  }

  @Override
  public long freshNanos() {
    return least(0);
  }

  @Override
  public long usableNanos() {
    return least(1);
  }

  /** For how long what is known of each goes on to be fresh, or with its graces to be of use. */
  private long least(int graces) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < outcomes.length; i++) {
      if (!(outcomes[i] instanceof Failure)) {
        Freshness freshness =
            endpoint.lifetimes().of(columnAttributes.get(i % columnAttributes.size()));
        long end = freshness.ttlNanos() + graces * freshness.graceNanos();
        least = Math.min(least, end - (nowNanos - Slot.takenNanos(outcomes[i])));
      }
    }
    return least == Long.MAX_VALUE ? 0 : Math.max(0, least);
  }
}
