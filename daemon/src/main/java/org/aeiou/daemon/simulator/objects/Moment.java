package org.aeiou.daemon.simulator.objects;

import java.time.Instant;
import java.util.Map;

/**
 * An agent at one moment: all that a generated value depends on. Immutable.
 *
 * @param agent the agent's number, from 0
 * @param seed the network's
 * @param uptimeMillis since the agent booted
 * @param countedMillis how much of that its counters have counted
 * @param discontinuityTicks sysUpTime when they last jumped, as the agent says; 0 if it says none
 * @param now wall time
 * @param rows the rows of each kind that the agent has
 */
record Moment(
    int agent,
    Role role,
    String name,
    long seed,
    long uptimeMillis,
    long countedMillis,
    long discontinuityTicks,
    Instant now,
    Map<TableRows.RowKind, TableRows> rows) {

  /**
   * A number from 0 to {@code Integer.MAX_VALUE} that is always the same for the same arguments.
   */
  int hash(int row, int salt) {
    long mixed =
        seed * 0x9e3779b97f4a7c15L + agent * 0xd1b54a32d192ed03L + row * 0x8cb92ba72f3d8dd7L;
    return (int) (mix(mixed + salt * 0xaef17502108ef2d9L) >>> 33);
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A number from {@code least} to {@code most} that is always the same for the same arguments. */
  long between(int row, int salt, long least, long most) {
    return least + (((long) hash(row, salt) << 31) | hash(row, ~salt)) % (most - least + 1);
  }

  /**
   * What has been counted since the agent booted, or its counters last jumped, at a rate between
   * the two, per second; the rate is always the same for the same arguments.
   */
  long counted(int row, int salt, long slowest, long fastest) {
    return between(row, salt, slowest, fastest) * countedMillis / 1000;
  }

  /** A number that goes up and down between the two, once every few minutes. */
  long wave(int row, int salt, long least, long most) {
    long period = 60_000L + hash(row, salt) % 240_000;
    long phase = (uptimeMillis + hash(row, ~salt)) % period;
    double height = Math.abs(2.0 * phase / period - 1);
    return least + Math.round((most - least) * height);
  }

  long uptimeTicks() {
    return (uptimeMillis / 10) & 0xffffffffL;
  }

  /** ifIndex of the interface of that number, or 0 if it is gone. */
  int interfaceIndex(int row) {
    int[] index = rows.get(TableRows.RowKind.INTERFACES).indexOf(row);
    return index == null ? 0 : index[0];
  }

  int rowsOf(TableRows.RowKind kind) {
    TableRows all = rows.get(kind);
    return all == null ? 0 : all.size();
  }
}
