package org.aeiou.closures.scheduler;

import java.time.Duration;
import java.util.function.Consumer;
import org.aeiou.closures.scheduler.pace.Backoff;

/**
 * How a {@link CompletionScheduler} runs. Immutable; each {@code with} starts from these options,
 * or from {@link #DEFAULT}, and gives others: every value is set by its name, never by its place.
 */
public final class SchedulerOptions {
  /** What is used where nothing is configured. */
  public static final SchedulerOptions DEFAULT = new SchedulerOptions();

  // Written by DEFAULT and by with(), before any other code has the object, and never after.
  private int shards = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));
  private int maxPending = 1_179_648; // of which one user alone may have a million
  private int maxPendingOfUser = 65_536;
  private int maxInFlight = 4096;
  private Backoff retryBackoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
  private int breakerThreshold = 5;
  private Backoff breakerPeriods = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60));
  private String threadName = "aeiou-shard-";

  private SchedulerOptions() {}

  /** How many threads own systems; 1 to 256. */
  public SchedulerOptions withShards(int number) {
    check(number >= 1 && number <= 256, "shards", number, "1 to 256");
    return with(options -> options.shards = number);
  }

  /** How many requests may be pending at once; at least 1. */
  public SchedulerOptions withMaxPending(int most) {
    check(most >= 1, "maxPending", most, "1 or more");
    return with(options -> options.maxPending = most);
  }

  /** How many requests one user may have pending on one system; at least 1. */
  public SchedulerOptions withMaxPendingOfUser(int most) {
    check(most >= 1, "maxPendingOfUser", most, "1 or more");
    return with(options -> options.maxPendingOfUser = most);
  }

  /** How many exchanges may be in flight at once over all systems; at least 1. */
  public SchedulerOptions withMaxInFlight(int most) {
    check(most >= 1, "maxInFlight", most, "1 or more");
    return with(options -> options.maxInFlight = most);
  }

  /** How long a fetch waits after an attempt that was not answered. */
  public SchedulerOptions withRetryBackoff(Backoff backoff) {
    return with(options -> options.retryBackoff = backoff);
  }

  /**
   * When a system's breaker opens, and for how long.
   *
   * @param threshold after how many unanswered exchanges in a row it opens; at least 1
   * @param periods how long it stays open, the first time and then each time its probe is not
   *     answered
   */
  public SchedulerOptions withBreaker(int threshold, Backoff periods) {
    check(threshold >= 1, "breakerThreshold", threshold, "1 or more");
    return with(
        options -> {
          options.breakerThreshold = threshold;
          options.breakerPeriods = periods;
        });
  }

  /** What the shards' threads are called; their number is appended. */
  public SchedulerOptions withThreadName(String name) {
    return with(options -> options.threadName = name);
  }

  int shards() {
    return shards;
  }

  /** How many requests may be pending at once. */
  public int maxPending() {
    return maxPending;
  }

  int maxPendingOfUser() {
    return maxPendingOfUser;
  }

  int maxInFlight() {
    return maxInFlight;
  }

  Backoff retryBackoff() {
    return retryBackoff;
  }

  int breakerThreshold() {
    return breakerThreshold;
  }

  Backoff breakerPeriods() {
    return breakerPeriods;
  }

  String threadName() {
    return threadName;
  }

  private SchedulerOptions with(Consumer<SchedulerOptions> change) {
    SchedulerOptions copy = new SchedulerOptions();
    copy.shards = shards;
    copy.maxPending = maxPending;
    copy.maxPendingOfUser = maxPendingOfUser;
    copy.maxInFlight = maxInFlight;
    copy.retryBackoff = retryBackoff;
    copy.breakerThreshold = breakerThreshold;
    copy.breakerPeriods = breakerPeriods;
    copy.threadName = threadName;
    change.accept(copy);
    return copy;
  }

  private static void check(boolean holds, String name, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + ", expected " + expected);
    }
  }
}
