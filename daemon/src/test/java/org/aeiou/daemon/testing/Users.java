package org.aeiou.daemon.testing;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.SchedulerOptions;

/** Users for tests that answer what they ask for by themselves: their scheduler has no system. */
public final class Users {
  private static final CompletionScheduler<String, String> SCHEDULER =
      new CompletionScheduler<>(
          SchedulerOptions.DEFAULT.withShards(1).withThreadName("no-systems-"),
          Ticker.systemTicker(),
          InstantSource.system(),
          new SplittableRandom(1));

  static {
    // Being closed it still has users, and no thread that a test would find left over.
    SCHEDULER.close();
  }

  private Users() {}

  /** Another user. */
  public static Requester requester(String name) {
    return SCHEDULER.requester(name);
  }
}
