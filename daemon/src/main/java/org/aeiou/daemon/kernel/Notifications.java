package org.aeiou.daemon.kernel;

/**
 * What the kernel is to be told without having asked.
 *
 * <p>Telling it may wait for locks that a request in flight holds. So it happens on a thread of its
 * own, which nobody waits for; these methods only put it down. Any thread may call them.
 */
@FunctionalInterface
interface Notifications {

  /** The attributes the kernel has of an inode are no longer to be believed. */
  void attributesChanged(long nodeId);
}
