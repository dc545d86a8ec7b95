package org.aeiou.closures.bench;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Source;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A hit through a group, against what it cannot be faster than: a look-up and a call. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class ImmediateBenchmark {
  private static final int KEYS = 1 << 14;
  private static final Closure<Long, long[]> ADD =
      (sum, outcome, delayed) -> {
        if (outcome instanceof Reading<Long> reading) {
          sum[0] += reading.value();
        }
      };

  private final ConcurrentHashMap<String, Outcome<Long>> cache = new ConcurrentHashMap<>();
  private final String[] keys = new String[KEYS];
  private final long[] sum = new long[1];
  private Group<String, Long> group;
  private int next;

  /** Fills the cache. */
  @Setup
  public void fill() {
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "core" + i + "/interfaces/eth0/ifInOctets";
      cache.put(keys[i], Reading.of((long) i, 0, 0));
    }
    group = Group.begin(new Hits());
  }

  /** The limit: {@code ConcurrentHashMap.get} and a call of the closure. */
  @Benchmark
  public long getAndCall() {
    ADD.run(sum, cache.get(nextKey()), false);
    return sum[0];
  }

  /** The same through a group, which counts it and would take a miss as well. */
  @Benchmark
  public long groupSubmit() {
    group.submit(nextKey(), ADD, sum);
    return sum[0];
  }

  private String nextKey() {
    next = (next + 1) & (KEYS - 1);
    return keys[next];
  }

  private final class Hits implements Source<String, Long> {
    @Override
    public Burst begin() {
      return () -> {};
    }

    @Override
    public <C> Request submit(String key, Burst burst, Closure<Long, C> closure, C context) {
      closure.run(context, cache.get(key), false);
      return Request.IMMEDIATE;
    }
  }
}
