package org.aeiou.daemon.backend.snmp;

import java.util.HashMap;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.snmp.walk.FirstColumns;
import org.aeiou.daemon.backend.snmp.walk.WalkProgress;

/**
 * A walk that takes more than one exchange, with all its parts. For the thread that owns the
 * system, but for {@link #goOnAsOne} and {@link #misfits}, which any thread may call.
 */
final class WalkUnderWay {
  /** Before that an exchange more would be too much for what it can save. */
  private static final int EXCHANGES_BEFORE_SPLIT = 8;

  private static final int ROWS_BEFORE_SPLIT = 100;

  /** One search for a place to split among so many exchanges. */
  private static final int EXCHANGES_PER_SEARCH = 20;

  /** What a part has at the moment. */
  private record Size(int rows, long bytes) {}

  private final Map<Oid, Size> parts = new HashMap<>();
  private final long startNanos;

  /** What it holds; null before its second exchange. */
  private AnswerMemory.Holding holding;

  private int rows;
  private long bytes;

  /** The first one is known when there is a second. */
  private int exchanges = 1;

  private int searches;

  /** Whether its first column is enough, as far as it has come; null if that was not looked at. */
  private Boolean firstIsEnough;

  /** Whether it is not split any more. */
  private volatile boolean asOne;

  /** Whether a part of it cannot be used. */
  private volatile boolean misfit;

  WalkUnderWay(long startNanos) {
    this.startNanos = startNanos;
  }

  /** Takes what a walk, or a part of it, has before its next exchange. */
  void goesOn(WalkProgress walk) {
    Size now = new Size(walk.rowsSoFar(), walk.bytes());
    Size before = parts.put(walk.range().from(), now);
    rows += now.rows - (before == null ? 0 : before.rows);
    bytes += now.bytes - (before == null ? 0 : before.bytes);
    exchanges++;
  }

  /** Keeps account of what it has found so far; false if it has to end. */
  boolean hold(AnswerMemory memory) {
    holding = holding == null ? memory.open() : holding;
    return memory.grow(holding, bytes);
  }

  void end(AnswerMemory memory) {
    if (holding != null) {
      memory.close(holding);
    }
  }

  /** Begins anew. */
  void restart() {
    firstIsEnough = false;
    misfit = false;
    parts.clear();
    rows = 0;
    bytes = 0;
  }

  /** Whether it may go on with its first column only. Looked at once, when it has enough rows. */
  boolean firstIsEnough(Question.Walk question, WalkProgress walk, FirstColumns known) {
    if (firstIsEnough == null) {
      if (rows < FirstColumns.LEAST_ROWS) {
        return false;
      }
      firstIsEnough = known.mayBeEnough(question) && FirstColumns.areEnough(question, walk.rows());
    }
    return firstIsEnough;
  }

  /** Is not to be split any more. */
  void goOnAsOne() {
    asOne = true;
  }

  boolean isAsOne() {
    return asOne;
  }

  /** A part of it cannot be used: the others are of no use either. */
  void misfits() {
    misfit = true;
  }

  boolean isMisfit() {
    return misfit;
  }

  /** Whether it is worth an exchange to look for a place to split; if so it is counted. */
  boolean searches() {
    boolean worth =
        rows >= ROWS_BEFORE_SPLIT
            && exchanges >= EXCHANGES_BEFORE_SPLIT
            && exchanges >= searches * EXCHANGES_PER_SEARCH;
    searches += worth ? 1 : 0;
    return worth;
  }

  /** How many rows all parts have so far. */
  int rows() {
    return rows;
  }

  /** How many bytes all parts have so far. */
  long bytes() {
    return bytes;
  }

  int exchanges() {
    return exchanges;
  }

  int parts() {
    return parts.size();
  }

  long startNanos() {
    return startNanos;
  }
}
