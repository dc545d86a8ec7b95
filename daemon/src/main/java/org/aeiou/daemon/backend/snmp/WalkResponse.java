package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.walk.WalkProgress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.VariableBinding;

/**
 * What one response brings a walk: how far it comes with it, and whether it has to end there.
 *
 * <p>A column ends where the agent says so, where an object is not below it, or where an object
 * comes a second time; rows that come out of order are walked on, as {@code snmpbulkwalk -Cc} does.
 * Whatever the agent answers, a walk has bounds in rows, bytes and time.
 */
final class WalkResponse {
  private final ResponseContext context;
  private final WalkProgress walk;
  private final List<WalkProgress.Column> columns;
  private final List<WalkProgress.Cell> cells = new ArrayList<>();

  /** A longer index does not fit behind all columns. */
  private final int longestIndex;

  /** Where the agent went in a circle; null if it did not. */
  private String circle;

  /** Whether a part of a walk came forward only. */
  private boolean forward = true;

  WalkResponse(ResponseContext context, WalkProgress walk) {
    this.context = context;
    this.walk = walk;
    this.columns = new ArrayList<>(walk.columns());
    this.longestIndex =
        Oid.MAX_LENGTH - columns.stream().mapToInt(c -> c.root().length()).max().orElse(0);
  }

  /** Takes what was answered for the column at {@code position}. */
  void take(int position, VariableBinding binding) {
    WalkProgress.Column column = columns.get(position);
    if (column.ended() && column.behind() != null) {
      return;
    }
    Oid found = SmiValues.oid(binding.getOid());
    boolean isEnd = Null.isExceptionSyntax(binding.getSyntax()) || !found.startsWith(column.root());
    Oid came = isEnd ? column.root() : found;
    if (column.ended() || isEnd) {
      columns.set(position, column.startedBy(came).endedBy(came));
      return;
    }
    column = column.startedBy(came);
    Oid index = found.suffix(column.root().length());
    if (walk.range().endsBefore(index)) {
      columns.set(position, column.endedBy(came));
      return;
    }
    if (walk.isPart() && (column.hasSeen(found) || column.isStray(found))) {
      forward = false;
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
    column = column.movedTo(found);
    columns.set(position, index.equals(walk.range().to()) ? column.end() : column);
    Value value = context.value(found, binding.getVariable());
    if (found.length() - column.root().length() > longestIndex) {
      context.counters().add(SnmpCounter.WALK_INDEX_TOO_LONG);
    } else if (value != null) {
      cells.add(new WalkProgress.Cell(position, index, value));
    }
  }

  /**
   * Whether all came in order. Of a part of a walk nothing else is taken: where it ends, and where
   * another begins, is known by the order.
   */
  boolean isForward() {
    return forward;
  }

  private void inCircles(WalkProgress.Column column, Oid found) {
    context.counters().add(SnmpCounter.WALK_CIRCLE);
    circle =
        "after "
            + ResponseContext.shown(column.at())
            + " comes "
            + ResponseContext.shown(found)
            + " again";
    context
        .notes()
        .add(
            "the agent walks {} in circles: {}; what came before that is taken",
            context.named(column.root()),
            circle);
  }

  private void outOfOrder(WalkProgress.Column column, Oid found) {
    context.counters().add(SnmpCounter.WALK_OUT_OF_ORDER);
    context
        .notes()
        .add(
            "the agent walks {} out of order: after {} comes {}; it was walked on",
            context.named(column.root()),
            ResponseContext.shown(column.at()),
            ResponseContext.shown(found));
  }

  /**
   * The walk with what was taken.
   *
   * @param bytes how long the response was
   * @param bindings how many objects it had
   */
  WalkProgress then(int bytes, int bindings) {
    long size = cells.stream().mapToLong(WalkProgress.Cell::bytes).sum();
    return new WalkProgress(
        columns,
        new WalkProgress.Piece(walk.found(), cells),
        walk.width(),
        walk.single(),
        bytes / bindings + 1,
        walk.bytes() + Math.max(bytes, size),
        walk.startNanos(),
        walk.range());
  }

  /**
   * What the walk ends in because it must not go on; null if it may, or is done.
   *
   * @param mostRows how many rows it may have
   */
  Answer.Item<Value> failure(WalkProgress then, int mostRows) {
    if (then.ended()) {
      return circle != null && then.isEmpty()
          ? context.bad("the agent does not walk forward: " + circle)
          : null;
    }
    return context.tooMuch(then, then.rowsSoFar(), mostRows, then.bytes());
  }
}
