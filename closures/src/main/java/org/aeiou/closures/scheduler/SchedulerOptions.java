package org.aeiou.closures.scheduler;

import java.time.Duration;

/**
 * How a {@link CompletionScheduler} runs. Immutable; start from {@link #DEFAULT}.
 *
 * @param shards how many threads own systems; 1 to 256
 * @param maxPending how many requests may be pending at once; at least 1
 * @param maxPendingOfUser how many of them one user may have on one system; at least 1
 * @param maxInFlight how many exchanges may be in flight at once over all systems; at least 1
 * @param retryBackoff how long a fetch waits after an attempt that was not answered
 * @param breakerThreshold after how many unanswered exchanges in a row a system's breaker opens; at
 *     least 1
 * @param breakerPeriods how long it stays open, the first time and then each time its probe is not
 *     answered
 * @param threadName what the shards' threads are called; their number is appended
 */
public record SchedulerOptions(
    int shards,
    int maxPending,
    int maxPendingOfUser,
    int maxInFlight,
    Backoff retryBackoff,
    int breakerThreshold,
    Backoff breakerPeriods,
    String threadName) {

  /** What is used where nothing is configured. */
  public static final SchedulerOptions DEFAULT =
      new SchedulerOptions(
          Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 2)),
          1_179_648, // of which one user alone may have a million
          65_536,
          4096,
          new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5)),
          5,
          new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60)),
          "aeiou-shard-");

  public SchedulerOptions {
    check(shards >= 1 && shards <= 256, "shards", shards, "1 to 256");
    check(maxPending >= 1, "maxPending", maxPending, "1 or more");
    check(maxPendingOfUser >= 1, "maxPendingOfUser", maxPendingOfUser, "1 or more");
    check(maxInFlight >= 1, "maxInFlight", maxInFlight, "1 or more");
    check(breakerThreshold >= 1, "breakerThreshold", breakerThreshold, "1 or more");
  }

  /** These, with another number of shards. */
  public SchedulerOptions withShards(int shards) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  /** These, with another bound on pending requests. */
  public SchedulerOptions withMaxPending(int maxPending) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  /** These, with another bound on what one user may have pending on one system. */
  public SchedulerOptions withMaxPendingOfUser(int maxPendingOfUser) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  /** These, with another cap on exchanges in flight over all systems. */
  public SchedulerOptions withMaxInFlight(int maxInFlight) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  /** These, with another wait between attempts. */
  public SchedulerOptions withRetryBackoff(Backoff retryBackoff) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  /** These, with another breaker. */
  public SchedulerOptions withBreaker(int breakerThreshold, Backoff breakerPeriods) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  /** These, with another name for the threads. */
  public SchedulerOptions withThreadName(String threadName) {
    return new SchedulerOptions(
        shards,
        maxPending,
        maxPendingOfUser,
        maxInFlight,
        retryBackoff,
        breakerThreshold,
        breakerPeriods,
        threadName);
  }

  private static void check(boolean holds, String name, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + ", expected " + expected);
    }
  }
}
