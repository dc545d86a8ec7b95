package org.aeiou.daemon.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * The rows of a table that are at another index than at the walk before. They may have been there
 * earlier, and what was read of them then would be taken for news. Which row that was its guard
 * says, and no other column.
 */
final class MovedRows {
  /** Where each walked column is in a row. */
  private final NavigableMap<Oid, Integer> columns = new TreeMap<>();

  private final Map<Oid, List<Value>> was;
  private final Map<Oid, List<Value>> is;

  MovedRows(Question.Walk walk, Outcome<Value> before, Outcome<Value> after) {
    walk.columns().forEach(column -> columns.put(column, columns.size()));
    this.was = rows(before);
    this.is = rows(after);
  }

  /** Whether a question asks about one of them. */
  boolean concern(Question question) {
    Oid guard = question instanceof Question.Guarded asked ? asked.guard() : null;
    Map.Entry<Oid, Integer> column = guard == null ? null : columns.floorEntry(guard);
    if (column == null || !guard.startsWith(column.getKey())) {
      return false;
    }
    Oid index = guard.suffix(column.getKey().length());
    Value now = value(is, index, column.getValue());
    return now != null && !now.equals(value(was, index, column.getValue()));
  }

  private static Value value(Map<Oid, List<Value>> rows, Oid index, int column) {
    List<Value> row = rows.get(index);
    return row == null ? null : row.get(column);
  }

  private static Map<Oid, List<Value>> rows(Outcome<Value> walked) {
    Map<Oid, List<Value>> rows = new HashMap<>();
    if (walked instanceof Reading<Value> reading && reading.value() instanceof Value.Rows all) {
      all.rows().forEach(row -> rows.put(row.index(), row.columns()));
    }
    return rows;
  }
}
