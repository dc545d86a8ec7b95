package org.aeiou.closures.scheduler;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.aeiou.closures.shard.Shard;

/** A scheduler without threads, for tests on an injected clock: its shards are turned by hand. */
public final class TurnedScheduler {
  private TurnedScheduler() {}

  /** One with as many shards as said. */
  public static <K, V> CompletionScheduler<K, V> of(
      int shards, Ticker ticker, InstantSource clock) {
    return new CompletionScheduler<>(
        SchedulerOptions.DEFAULT.withShards(shards), ticker, clock, new SplittableRandom(7), false);
  }

  /** One turn of each shard. */
  public static void turn(CompletionScheduler<?, ?> scheduler) {
    for (Shard shard : scheduler.shards()) {
      shard.turn();
    }
  }

  /** The same as one turn, of one shard. */
  public static void turn(CompletionScheduler<?, ?> scheduler, int shard) {
    scheduler.shards()[shard].turn();
  }
}
