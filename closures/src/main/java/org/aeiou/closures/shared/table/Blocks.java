package org.aeiou.closures.shared.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which units of the data are in use, in blocks of some sizes: four for each doubling, so that a
 * block is less than a quarter longer than what it is for. One thread at a time.
 */
final class Blocks {
  /** Nothing is free. */
  static final int NONE = -1;

  /** For so long after a listing was replaced a reader may go on with it. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int SIZES =
      size(
              TableDescriptor.LONGEST_PATH
                  + TableDescriptor.LONGEST_LISTING
                  + TableDescriptor.UNIT_BYTES)
          + 1;

  /** A block that is free from some time on. */
  private record Resting(int unit, int size, long untilNanos) {}

  private final int units;
  private final List<Deque<Integer>> free = new ArrayList<>();
  private final Deque<Resting> resting = new ArrayDeque<>();
  private int next;
  private int used;

  /** Of those that are used, units of listings; they may have half of all. */
  private int listed;

  Blocks(int units) {
    this.units = units;
    for (int i = 0; i < SIZES; i++) {
      free.add(new ArrayDeque<>());
    }
  }

  /** The number of the smallest size that has room for so many bytes. */
  static int size(int bytes) {
    int last = Math.max(0, (bytes - 1) / TableDescriptor.UNIT_BYTES);
    if (last < 4) {
      return last;
    }
    int doublings = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last) - 2;
    return 4 * doublings + (last >>> doublings);
  }

  /** How many units a block of a size has. */
  static int units(int size) {
    return size < 4 ? size + 1 : (size % 4 + 5) << (size / 4 - 1);
  }

  /**
   * Takes a block.
   *
   * @param size the number of a size; where there is none of it left, a longer one
   * @param isListing whether it is for a listing, so that it will rest
   * @return its first unit and its size, see {@link #unit} and {@link #sizeOf}; {@link #NONE} if
   *     there is none
   */
  long take(int size, boolean isListing, long nowNanos) {
    while (!resting.isEmpty() && nowNanos - resting.peek().untilNanos >= 0) {
      Resting rested = resting.remove();
      listed -= units(rested.size);
      giveBack(rested.unit, rested.size);
    }
    if (isListing && listed > units / 2 - units(size)) {
      return NONE;
    }
    long block = find(size);
    if (block != NONE) {
      used += units(sizeOf(block));
      listed += isListing ? units(sizeOf(block)) : 0;
    }
    return block;
  }

  /** How many units are in use, or rest. */
  int used() {
    return used;
  }

  private long find(int size) {
    Integer unit = free.get(size).poll();
    if (unit != null) {
      return block(unit, size);
    }
    if (units - next >= units(size)) {
      next += units(size);
      return block(next - units(size), size);
    }
    for (int longer = size + 1; longer < SIZES; longer++) {
      unit = free.get(longer).poll();
      if (unit != null) {
        return block(unit, longer);
      }
    }
    return NONE;
  }

  private static long block(int unit, int size) {
    return (long) size << Integer.SIZE | unit;
  }

  static int unit(long block) {
    return (int) block;
  }

  static int sizeOf(long block) {
    return (int) (block >>> Integer.SIZE);
  }

  /** Gives a block back that may be written over at once. */
  void giveBack(int unit, int size) {
    used -= units(size);
    free.get(size).push(unit);
  }

  /** Gives back a block that had a listing. */
  void rest(int unit, int size, long nowNanos) {
    resting.add(new Resting(unit, size, nowNanos + REST_NANOS));
  }
}
