package org.aeiou.daemon.cluster.handover;

/** Runs short tasks later, one at a time. Any thread may call. */
@FunctionalInterface
public interface Later {
  void after(long nanos, Runnable task);
}
