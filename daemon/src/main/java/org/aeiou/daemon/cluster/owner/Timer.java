package org.aeiou.daemon.cluster.owner;

/** Runs short tasks later, one at a time. */
@FunctionalInterface
public interface Timer {
  /** Runs a task once, so many nanoseconds from now and no earlier. */
  void after(long nanos, Runnable task);
}
