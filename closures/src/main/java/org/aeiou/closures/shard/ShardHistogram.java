package org.aeiou.closures.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aeiou.closures.metric.Metric.Distribution;

/**
 * How often one shard saw values of which size. The owner adds with plain arithmetic, any thread
 * may read.
 */
public final class ShardHistogram {
  /** Microseconds: from a quarter of a millisecond, in a rack, to what no limit lets wait. */
  private static final List<Long> TIMES =
      List.of(
          250L,
          500L,
          1_000L,
          2_500L,
          5_000L,
          10_000L,
          25_000L,
          50_000L,
          100_000L,
          250_000L,
          500_000L,
          1_000_000L,
          2_500_000L,
          5_000_000L,
          10_000_000L);

  private static final List<Long> SIZES = List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L);

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final List<Long> bounds;
  private final long[] uppermost;

  /** A count for each bucket, the last one without a bound; then the sum of all values. */
  private final long[] cells;

  private ShardHistogram(List<Long> bounds) {
    this.bounds = bounds;
    this.uppermost = bounds.stream().mapToLong(Long::longValue).toArray();
    this.cells = new long[uppermost.length + 2];
  }

  /** For times in microseconds. */
  public static ShardHistogram ofTimes() {
    return new ShardHistogram(TIMES);
  }

  /** For numbers of items. */
  public static ShardHistogram ofSizes() {
    return new ShardHistogram(SIZES);
  }

  /** The largest value of each bucket but the last. */
  public List<Long> bounds() {
    return bounds;
  }

  /** Owner only. */
  public void add(long value) {
    int bucket = 0;
    while (bucket < uppermost.length && value > uppermost[bucket]) {
      bucket++;
    }
    grow(bucket, 1);
    grow(cells.length - 1, value);
  }

  private void grow(int cell, long by) {
    // Opaque: one writer; readers want a whole, recent value and no ordering with anything else.
    CELL.setOpaque(cells, cell, cells[cell] + by);
  }

  /** What several of the same bounds saw, as one; any thread. */
  public static Distribution together(Stream<ShardHistogram> histograms) {
    long[] sums =
        histograms
            .map(ShardHistogram::copy)
            .reduce(
                (one, other) -> {
                  for (int i = 0; i < one.length; i++) {
                    one[i] += other[i];
                  }
                  return one;
                })
            .orElseThrow();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < sums.length - 1; i++) {
      counts.add(sums[i]);
    }
    return new Distribution(counts, sums[sums.length - 1]);
  }

  private long[] copy() {
    long[] copy = new long[cells.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (long) CELL.getOpaque(cells, i);
    }
    return copy;
  }
}
