package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.VariableBinding;

/**
 * What one response brings a walk: how far it comes with it, and whether it has to end there.
 *
 * <p>A column ends where the agent says so, where an object is not below it, or where an object
 * comes a second time; rows that come out of order are walked on, as {@code snmpbulkwalk -Cc} does.
 * Whatever the agent answers, a walk has bounds in rows, bytes and time.
 */
final class WalkAnswer {
  private final Reader reader;
  private final Walk walk;
  private final List<Walk.Column> columns;
  private final List<Walk.Cell> cells = new ArrayList<>();

  /** A longer index does not fit behind all columns. */
  private final int longestIndex;

  /** Where the agent went in a circle; null if it did not. */
  private String circle;

  WalkAnswer(Reader reader, Walk walk) {
    this.reader = reader;
    this.walk = walk;
    this.columns = new ArrayList<>(walk.columns());
    this.longestIndex =
        Oid.MAX_LENGTH - columns.stream().mapToInt(c -> c.root().length()).max().orElse(0);
  }

  /** Takes what was answered for the column at {@code position}. */
  void take(int position, VariableBinding binding) {
    Walk.Column column = columns.get(position);
    if (column.ended()) {
      return;
    }
    Oid found = Variables.oid(binding.getOid());
    if (Null.isExceptionSyntax(binding.getSyntax()) || !found.startsWith(column.root())) {
      columns.set(position, column.end());
      return;
    }
    if (column.hasSeen(found)) {
      inCircles(column, found);
      columns.set(position, column.end());
      return;
    }
    if (column.isStray(found) && column.strays() == 0) {
      outOfOrder(column, found);
    }
    columns.set(position, column.movedTo(found));
    Value value = reader.value(found, binding.getVariable());
    if (found.length() - column.root().length() > longestIndex) {
      reader.counters().add(Count.WALK_INDEX_TOO_LONG);
    } else if (value != null) {
      cells.add(new Walk.Cell(position, found.suffix(column.root().length()), value));
    }
  }

  private void inCircles(Walk.Column column, Oid found) {
    reader.counters().add(Count.WALK_CIRCLE);
    circle = "after " + Reader.shown(column.at()) + " comes " + Reader.shown(found) + " again";
    reader
        .notes()
        .add(
            "the agent walks {} in circles: {}; what came before that is taken",
            reader.named(column.root()),
            circle);
  }

  private void outOfOrder(Walk.Column column, Oid found) {
    reader.counters().add(Count.WALK_OUT_OF_ORDER);
    reader
        .notes()
        .add(
            "the agent walks {} out of order: after {} comes {}; it was walked on",
            reader.named(column.root()),
            Reader.shown(column.at()),
            Reader.shown(found));
  }

  /**
   * The walk with what was taken.
   *
   * @param bytes how long the response was
   * @param bindings how many objects it had
   */
  Walk then(int bytes, int bindings) {
    long size = cells.stream().mapToLong(Walk.Cell::bytes).sum();
    return new Walk(
        columns,
        new Walk.Piece(walk.found(), cells),
        walk.width(),
        walk.single(),
        bytes / bindings + 1,
        walk.bytes() + Math.max(bytes, size),
        walk.startNanos());
  }

  /** What the walk ends in because it must not go on; null if it may, or is done. */
  Answer.Item<Value> failure(Walk then) {
    SnmpOptions options = reader.options();
    if (then.ended()) {
      return circle != null && then.isEmpty()
          ? reader.bad("the agent does not walk forward: " + circle)
          : null;
    }
    int rows = then.rowsSoFar();
    if (rows > options.maxRows()) {
      reader.counters().add(Count.WALK_TOO_LONG);
      return reader.givenUp(then, Reason.BAD_ANSWER, "more than " + options.maxRows() + " rows");
    }
    if (then.bytes() > options.walkBytes()) {
      reader.counters().add(Count.WALK_TOO_LARGE);
      String size = options.walkBytes() / 1024 + " KiB in " + rows + " rows";
      return reader.givenUp(then, Reason.BAD_ANSWER, "more than " + size);
    }
    if (reader.ticker().read() - then.startNanos() > options.maxWalk().toNanos()) {
      reader.counters().add(Count.WALK_TOO_SLOW);
      String time = options.maxWalk().toSeconds() + " s and " + rows + " rows";
      return reader.givenUp(then, Reason.TIMEOUT, "not done after " + time);
    }
    return null;
  }
}
