package org.aeiou.daemon.endpoint;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.AttributeGroup.Instance;
import org.aeiou.daemon.catalogue.AttributeGroup.NamedRow;

/**
 * Which columns of a table one system is known not to have, in all rows or in some: these are not
 * listed, and still found by name.
 *
 * <p>Found out when the rows are listed, and again when they are listed after the time to live of
 * names. One probe a column, beside the walk of the rows, says which columns no row has, and which
 * the first row lacks. Then a few sample rows are read. A column that any of these lacks, or that a
 * read found absent, is <em>sparse</em>: its instances are walked, unless there may be very many. A
 * column that all of these have is taken to be in every row. What is left is found out by reading.
 *
 * <p>Any thread may call any method. What was found out is one immutable object; of two threads
 * that find it out at once, the later one's stays, and both are right.
 */
public final class ColumnPresence {
  /** About forty packets. */
  private static final int MOST_WALKED_CELLS = 2000;

  private final AttributeGroup.Table table;

  /** Of which a read found an instance absent while it was listed. */
  private final Set<Attribute> doubted = ConcurrentHashMap.newKeySet();

  private volatile Findings findings;

  /**
   * What was found out.
   *
   * @param names the rows there were
   * @param nowhere the columns that no row has
   * @param sparse those that not all rows have
   * @param present the instances of the sparse columns; null if they were too many to walk
   * @param untilNanos when it is to be found out again
   */
  private record Findings(
      RowNames names,
      Set<Attribute> nowhere,
      Set<Attribute> sparse,
      Set<Oid> present,
      long untilNanos) {
    /** For what is to be found out again at once. */
    static final long OVER = Long.MIN_VALUE;
  }

  public ColumnPresence(AttributeGroup.Table table) {
    this.table = table;
  }

  /** What the system answers. */
  public interface Source {
    /** What was answered lately, also if that is a failure; null if nothing was. */
    Outcome<Value> known(Question question);

    /**
     * Asks before the rows are listed.
     *
     * @param row the row of whose column the value is asked for; null if it is no value
     */
    void ask(Question question, NamedRow row, Attribute column);
  }

  /**
   * Finds out, or asks what is to be known first.
   *
   * @param names the rows; null while they are not known
   * @param ttlNanos how long answers are believed
   */
  public void findOut(RowNames names, Source source, long nowNanos, long ttlNanos) {
    if (names == null ? isFresh(findings, nowNanos) : isKnown(names, nowNanos)) {
      return;
    }
    Findings found = new Inquiry(names, source, nowNanos, ttlNanos).findings();
    if (found != null) {
      findings = found;
    }
  }

  /** Whether all was found out that can be, not long ago. */
  public boolean isKnown(RowNames names, long nowNanos) {
    Findings found = findings;
    return isOf(found, names) && isFresh(found, nowNanos);
  }

  private static boolean isFresh(Findings found, long nowNanos) {
    return found != null && found.untilNanos != Findings.OVER && found.untilNanos - nowNanos > 0;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isOf(Findings found, RowNames names) {
    return found != null && found.names == names;
  }

  /**
   * Whether a row is known not to have a column.
   *
   * @param known what was answered lately; null if nothing was
   */
  public boolean lacks(
      RowNames names, NamedRow row, Attribute column, Function<Question, Outcome<Value>> known) {
    Instance at = row.instance(column);
    if (at.oid() == null || isAbsent(at, known.apply(question(at)))) {
      return true;
    }
    Findings found = findings;
    if (found == null) {
      return false;
    }
    return found.nowhere.contains(column)
        || (isOf(found, names)
            && found.present != null
            && found.sparse.contains(column)
            && !found.present.contains(at.oid()));
  }

  /** Whether no row is known to have a column. */
  public boolean isNowhere(Attribute column) {
    Findings found = findings;
    return found != null && found.nowhere.contains(column);
  }

  /**
   * Takes note of what a read found. What else was found out stays; it is found out anew when the
   * rows are listed the next time.
   *
   * @return whether the row is to be listed anew
   */
  public boolean note(Attribute column, boolean isAbsent) {
    Findings found = findings;
    boolean isNowhere = found != null && found.nowhere.contains(column);
    if (found == null || isAbsent == isNowhere) {
      return false;
    }
    if (isAbsent && found.sparse.contains(column)) {
      return found.present == null;
    }
    if (isAbsent) {
      doubted.add(column);
    }
    Set<Attribute> nowhere = new HashSet<>(found.nowhere);
    nowhere.remove(column);
    findings = new Findings(found.names, nowhere, found.sparse, found.present, Findings.OVER);
    return true;
  }

  private static Question question(Instance at) {
    return new Question.Get(at.oid(), at.guard());
  }

  /** Whether an outcome says that the row is there and has no such column. */
  private static boolean isAbsent(Instance at, Outcome<Value> outcome) {
    return outcome instanceof Absent
        ? at.guard() == null
        : outcome instanceof Reading<Value> reading
            && reading.value() instanceof Value.Guarded guarded
            && guarded.value() == null
            && at.label() != null
            && at.label().equals(guarded.guard());
  }

  /** Finding out, as far as the answers go. */
  private final class Inquiry {
    private final RowNames names;
    private final Source source;
    private final long nowNanos;
    private final long ttlNanos;
    private long untilNanos;
    private boolean isAsking;

    Inquiry(RowNames names, Source source, long nowNanos, long ttlNanos) {
      this.names = names;
      this.source = source;
      this.nowNanos = nowNanos;
      this.ttlNanos = ttlNanos;
      untilNanos = nowNanos + ttlNanos;
    }

    /** Null if more is to be known first: what is unknown, or the rows. */
    Findings findings() {
      Set<Attribute> nowhere = new HashSet<>();
      Set<Attribute> sparse = new LinkedHashSet<>();
      List<NamedRow> rows = names == null ? List.of() : names.rows();
      for (Attribute column : table.attributes()) {
        Outcome<Value> probed = answer(new Question.Probe(column.oid()), null, null);
        if (probed instanceof Absent) {
          nowhere.add(column);
        } else if (doubted.contains(column)
            || (!rows.isEmpty() && isBehind(rows.get(0), column, probed))) {
          sparse.add(column);
        }
      }
      if (names == null || isAsking) {
        return null;
      }
      for (NamedRow row : names.samples()) {
        for (Attribute column : table.attributes()) {
          Instance at = row.instance(column);
          if (at.oid() != null
              && !nowhere.contains(column)
              && isAbsent(at, answer(question(at), row, column))) {
            sparse.add(column);
          }
        }
      }
      if (isAsking) {
        return null;
      }
      Set<Oid> present = Set.of();
      if (!sparse.isEmpty()) {
        present = (long) sparse.size() * rows.size() <= MOST_WALKED_CELLS ? walked(sparse) : null;
      }
      return isAsking ? null : new Findings(names, nowhere, sparse, present, untilNanos);
    }

    private Outcome<Value> answer(Question question, NamedRow row, Attribute column) {
      Outcome<Value> outcome = source.known(question);
      if (outcome == null) {
        source.ask(question, row, column);
        isAsking = true;
      } else if (outcome instanceof Failure) {
        // Soon again; but not for each row, while the others are listed.
        untilNanos = Math.min(untilNanos, nowNanos + ttlNanos / 8);
      }
      return outcome;
    }

    /** Whether the first instance of a column is in a later row than the first. */
    private boolean isBehind(NamedRow first, Attribute column, Outcome<Value> probed) {
      Oid instance = first.instance(column).oid();
      return instance != null
          && instance.equals(column.oid().append(first.index()))
          && probed instanceof Reading<Value> reading
          && reading.value() instanceof Value.Identifier found
          && found.oid().compareTo(instance) > 0;
    }

    /** Null if that is not known. */
    private Set<Oid> walked(Set<Attribute> sparse) {
      List<Oid> columns = sparse.stream().map(Attribute::oid).toList();
      Outcome<Value> walk = answer(new Question.Walk(columns), null, null);
      if (!(walk instanceof Reading<Value> reading
          && reading.value() instanceof Value.Rows walked)) {
        return null;
      }
      Set<Oid> present = new HashSet<>();
      for (Value.Row row : walked.rows()) {
        for (int i = 0; i < columns.size(); i++) {
          if (row.columns().get(i) != null) {
            present.add(columns.get(i).append(row.index()));
          }
        }
      }
      return present;
    }
  }
}
