package org.aeiou.daemon.kernel.portable;

/**
 * Who waits for the answer to the call that the current thread is in. Both questions are answered
 * at once, and only make sense on the thread of the call.
 */
interface Caller {

  /** Whether the caller was sent a signal and would like to have {@code EINTR}. */
  boolean interrupted();

  /** Whether the mount has ended, so that no answer can reach the caller. */
  boolean gone();
}
