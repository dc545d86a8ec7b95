package org.aeiou.daemon.backend;

import java.util.List;
import java.util.Objects;

/**
 * What one fetch asks a system for. Immutable, with value equality, but for a {@link Set}: equal
 * questions share a fetch.
 *
 * <p>Objects are named by {@link Oid}, in every back end: sequences of numbers with an order, in
 * which the instances of a column lie below it.
 */
public sealed interface Question {

  /** A question about an object of a row, which a guard proves to be the one that is meant. */
  sealed interface Guarded extends Question permits Get, Sample {
    /** The instance whose value is wanted. */
    Oid oid();

    /** An instance that is read in the same exchange; null if nothing has to be proved. */
    Oid guard();
  }

  /**
   * The value of one object. Answered by a {@link Value.Numeric}, {@link Value.Octets} or {@link
   * Value.Identifier}; with a guard by a {@link Value.Guarded}; or absent.
   *
   * @param oid the instance, for example {@code sysLocation.0}
   * @param guard an instance that is read in the same exchange, to prove that the row is still the
   *     one that is meant; or null
   * @param withProbes whether it is asked beside probes, so that it may travel with them: only of a
   *     scalar, without guard. How it travels makes it no other question
   */
  record Get(Oid oid, Oid guard, boolean withProbes) implements Guarded {
    public Get {
      if (withProbes && (guard != null || oid.get(oid.length() - 1) != 0)) {
        throw new IllegalArgumentException(oid + " is no scalar without guard");
      }
    }

    public Get(Oid oid, Oid guard) {
      this(oid, guard, false);
    }

    public Get(Oid oid) {
      this(oid, null, false);
    }

    /** The value of a scalar, asked beside probes. */
    public static Get withProbes(Oid scalar) {
      return new Get(scalar, null, true);
    }

    // Written out, as each miss looks for its question in maps: what Java makes of a record is
    // found when it first runs, and slower.

    @Override
    public boolean equals(Object other) {
      return this == other
          || (other instanceof Get that
              && oid.equals(that.oid)
              && Objects.equals(guard, that.guard));
    }

    @Override
    public int hashCode() {
      return 31 * oid.hashCode() + (guard == null ? 0 : guard.hashCode());
    }
  }

  /**
   * A counter at one moment of the system's own time, with what tells whether it can be compared
   * with the one before: all of it in one exchange, in which the samples of a system share what is
   * asked for by several. Answered by a {@link CounterSample}, or absent.
   *
   * @param counters the instance; where the system may have another one that counts the same, that
   *     behind it: the first that the system has is meant
   * @param guard as of {@link Get}
   * @param discontinuity an instance that is another one when the counter has jumped; or null
   * @param speeds instances that say how fast it can count, the best first; may be empty
   * @param meaning what is made of the counter
   */
  record Sample(
      List<Oid> counters, Oid guard, Oid discontinuity, List<Oid> speeds, CounterMeaning meaning)
      implements Guarded {
    public Sample {
      counters = List.copyOf(counters);
      speeds = List.copyOf(speeds);
    }

    @Override
    public Oid oid() {
      return counters.get(0);
    }
  }

  /**
   * What a rate is made of a counter for.
   *
   * @param renewedWith the name of the objects that the system renews together
   * @param bits how many bits one count stands for, at least, where there are speeds; else 0
   * @param speedUnits how many bits per second each of the speeds counts in
   * @param isShare whether the share of the speed is wanted, in per cent, and not the rate
   */
  record CounterMeaning(String renewedWith, int bits, List<Long> speedUnits, boolean isShare) {
    public CounterMeaning {
      speedUnits = List.copyOf(speedUnits);
    }
  }

  /**
   * Whether there is anything at all below {@code subtree}. Answered by the name of the first
   * object there, a {@link Value.Identifier}, or absent. Keeps no value, so that the answer changes
   * only when what is there does.
   *
   * @param subtree the object identifier that all of it starts with
   */
  record Probe(Oid subtree) implements Question {}

  /**
   * All rows of a table, by some of its columns. Answered by {@link Value.Rows}; a table without
   * rows has none, and is not absent. Takes as many exchanges as the back end needs.
   *
   * @param columns the columns to walk, without index; a row is in the answer if any of them has it
   * @param naming whether only the names of the rows are wanted. The first column is enough for
   *     them where it has another text in each row; the other columns may then be left out of the
   *     answer, but no row
   * @param count where the system says how many rows have something in the second column, if only
   *     names are wanted; null if it does not
   * @param most how many rows the table may have; a longer one is given up when that many are there
   */
  record Walk(List<Oid> columns, boolean naming, Oid count, int most) implements Question {
    public Walk {
      columns = List.copyOf(columns);
    }

    /** A walk of a table of any length. */
    public Walk(List<Oid> columns, boolean naming, Oid count) {
      this(columns, naming, count, Integer.MAX_VALUE);
    }

    /** A walk of which all values are wanted. */
    public Walk(List<Oid> columns) {
      this(columns, false, null);
    }
  }

  /**
   * Sets objects of one system, all of them or none, in one exchange. Answered by {@link
   * Value#DONE}. Equal to no other question: it shares no fetch, and is sent once.
   */
  final class Set implements Question {
    private final List<Assignment> assignments;
    private final Runnable whenAnswered;

    /**
     * What is to be set.
     *
     * @param assignments in the order in which they are sent; at least one
     * @param whenAnswered runs when an answer has come, also one that came after the request had
     *     its outcome; on the thread that owns the system, so that it must not wait
     */
    public Set(List<Assignment> assignments, Runnable whenAnswered) {
      this.assignments = List.copyOf(assignments);
      this.whenAnswered = whenAnswered;
    }

    /** An answer to it has come. */
    public void answered() {
      whenAnswered.run();
    }

    public List<Assignment> assignments() {
      return assignments;
    }

    /**
     * Whether the answer to another question may be another one once this was done: it asks for
     * what is set, or for something else of its row, which may follow it.
     */
    public boolean concerns(Question other) {
      for (Assignment assignment : assignments) {
        if (other instanceof Guarded one
            ? isOfRow(assignment, one)
            : other instanceof Walk walk
                && walk.columns().stream().anyMatch(assignment.oid::startsWith)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isOfRow(Assignment assignment, Guarded one) {
      return assignment.oid.equals(one.oid())
          || assignment.oid.equals(one.guard())
          || (assignment.guard != null && assignment.guard.equals(one.guard()));
    }

    @Override
    public String toString() {
      return assignments.toString();
    }
  }

  /**
   * A value for an object.
   *
   * @param oid the instance
   * @param guard the instance that proves its row, as of a {@link Get}; null without one
   */
  record Assignment(Oid oid, Oid guard, Value.Single value) {}
}
