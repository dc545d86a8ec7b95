package org.aeiou.daemon.portable;

/**
 * The process that waits for the answer to the call that the current thread is in. All questions
 * are answered at once, and only make sense on the thread of the call.
 */
interface Caller {

  /** The number of the caller's user. */
  int uid();

  /** The number of the caller; 0 if that is not known. */
  int pid();

  /** Whether the caller was sent a signal and would like to have {@code EINTR}. */
  boolean interrupted();

  /** Whether the mount has ended, so that no answer can reach the caller. */
  boolean gone();
}
