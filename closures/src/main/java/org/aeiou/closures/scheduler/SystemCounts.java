package org.aeiou.closures.scheduler;

/**
 * What a scheduler did about one system since it was opened; a snapshot.
 *
 * @param requests requests taken in: what a cache in front could not answer
 * @param exchanges exchanges started
 * @param timeouts exchanges that were not answered in time
 */
public record SystemCounts(long requests, long exchanges, long timeouts) {

  /** Of a system about which nothing was done. */
  public static final SystemCounts NONE = new SystemCounts(0, 0, 0);
}
