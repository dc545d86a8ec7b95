package org.aeiou.daemon.kernel.coherence;

/**
 * What the kernel is to be told without having asked.
 *
 * <p>Telling it may wait for locks that a request in flight holds. So it happens on threads of its
 * own, and no thread waits for those. These methods, all but the first, only hand the task over.
 * Any thread may call them, after what is to be found instead can be found.
 */
public interface Notifications {

  /**
   * Attributes of an inode that are on their way are not to be taken in. The kernel has been told
   * when this returns: it takes no lock that a request in flight can hold.
   */
  void overtakeAttributes(long nodeId);

  /** The attributes the kernel has of an inode are no longer to be believed. */
  void attributesChanged(long nodeId);

  /** What a name stands for, or whether there is such a name, is to be asked again. */
  void nameChanged(long parentId, String name);

  /**
   * The kernel's pages of an inode are not to be read any more. It waits for those that a request
   * is about to fill.
   */
  void pagesChanged(long nodeId);

  /** Runs a task when the kernel was told of all names in a directory that it is to be told of. */
  void afterNames(long parentId, Runnable then);

  /** A program that polls through this open file is to look again. */
  void wake(long kernelHandle);
}
