package org.aeiou.daemon.service;

/** Runs tasks later. Any thread may call. */
@FunctionalInterface
public interface Delays {

  /**
   * Runs a short task once, on a thread of its own, which it must not hold up.
   *
   * @param nanos from now; the task is not run earlier
   */
  void after(long nanos, Runnable task);
}
