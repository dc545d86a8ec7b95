package org.aeiou.daemon.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributePatterns;

/**
 * What a system is asked through, for as long as its configuration stays the same.
 *
 * @param queue where misses go
 * @param cache what it answered
 * @param lifetimes how long that can be used
 * @param patienceNanos how long a request for one attribute may take
 * @param charset what its texts are written in where they are not UTF-8
 * @param writable which of its attributes may be written, of those that can be
 * @param address where it is, as the configuration writes it; null if that is not known
 * @param profile what was learned of its agent
 * @param place what people are told of where it is asked, by key; nothing where it is here
 * @param omitsAbsent whether it is asked, before names are listed, which of them it does not have
 * @param rowNames tables that were walked
 * @param columnPresence tables of which a row was listed
 */
public record Endpoint(
    SystemQueue<Question, Value> queue,
    ReadingCache cache,
    Lifetimes lifetimes,
    long patienceNanos,
    Charset charset,
    AttributePatterns writable,
    String address,
    AgentProfile profile,
    Supplier<Map<String, String>> place,
    boolean omitsAbsent,
    Map<AttributeGroup.Table, RowNames> rowNames,
    Map<AttributeGroup.Table, ColumnPresence> columnPresence) {
  /** Of a system that this process asks: there is nothing to be told of it. */
  public static final Supplier<Map<String, String>> HERE = Map::of;

  /** The key of {@link #place} that names the member of a cluster that asks it. */
  public static final String OWNER = "owner";

  private static final long WALK_PATIENCE_NANOS = 60_000_000_000L;

  /** Of a system that may not be written to. */
  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos,
      Charset charset) {
    this(queue, cache, lifetimes, patienceNanos, charset, AttributePatterns.NONE);
  }

  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos,
      Charset charset,
      AttributePatterns writable) {
    this(queue, cache, lifetimes, patienceNanos, charset, writable, null, new AgentProfile());
  }

  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos,
      Charset charset,
      AttributePatterns writable,
      String address,
      AgentProfile profile) {
    this(queue, cache, lifetimes, patienceNanos, charset, writable, address, profile, HERE);
  }

  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos,
      Charset charset,
      AttributePatterns writable,
      String address,
      AgentProfile profile,
      Supplier<Map<String, String>> place) {
    this(
        queue,
        cache,
        lifetimes,
        patienceNanos,
        charset,
        writable,
        address,
        profile,
        place,
        true,
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>());
  }

  /** Of a system with an unknown character set, which is asked nothing but what is wanted. */
  public Endpoint(
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      Lifetimes lifetimes,
      long patienceNanos) {
    this(
        queue,
        cache,
        lifetimes,
        patienceNanos,
        ISO_8859_1,
        AttributePatterns.NONE,
        null,
        new AgentProfile(),
        HERE,
        false,
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>());
  }

  /** How long a request may take: listing a large table takes many exchanges after another. */
  public long patienceNanos(Question question) {
    return question instanceof Question.Walk ? WALK_PATIENCE_NANOS : patienceNanos;
  }

  /** The names of a table's rows, as a walk found them; null if it found nothing out. */
  public RowNames names(AttributeGroup.Table table, Outcome<Value> walked) {
    if (!(walked instanceof Reading<Value> reading && reading.value() instanceof Value.Rows rows)) {
      return null;
    }
    RowNames known = rowNames.get(table);
    if (known == null || !known.areOf(rows)) {
      known = new RowNames(table, rows, charset, known);
      rowNames.put(table, known);
    }
    return known;
  }

  /** Which columns of a table the system is known not to have. */
  public ColumnPresence presence(AttributeGroup.Table table) {
    ColumnPresence known = columnPresence.get(table);
    return known != null ? known : columnPresence.computeIfAbsent(table, ColumnPresence::new);
  }
}
