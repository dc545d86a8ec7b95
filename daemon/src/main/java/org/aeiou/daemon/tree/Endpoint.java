package org.aeiou.daemon.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.AttributeGroup;

/**
 * What a system is asked through, for as long as its configuration stays the same.
 *
 * @param queue where misses go
 * @param cache what it answered
 * @param lifetimes how long that can be used
 * @param patienceNanos how long a request for one attribute may take
 * @param charset what its texts are written in where they are not UTF-8
 * @param rowNames tables that were walked
 */
public record Endpoint(
    SystemQueue<Question, Value> queue,
    ReadingCache cache,
    Lifetimes lifetimes,
    long patienceNanos,
    Charset charset,
    Map<AttributeGroup.Table, RowNames> rowNames) {

  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos,
      Charset charset) {
    this(queue, cache, lifetimes, patienceNanos, charset, new ConcurrentHashMap<>());
  }

  /** Of a system with an unknown character set. */
  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos) {
    this(queue, cache, lifetimes, patienceNanos, ISO_8859_1);
  }

  /** The names of a table's rows, as a walk found them; null if it found nothing out. */
  RowNames names(AttributeGroup.Table table, Outcome<Value> walked) {
    if (!(walked instanceof Reading<Value> reading && reading.value() instanceof Value.Rows rows)) {
      return null;
    }
    RowNames known = rowNames.get(table);
    if (known == null || !known.areOf(rows)) {
      known = new RowNames(table, rows, charset);
      rowNames.put(table, known);
    }
    return known;
  }
}
