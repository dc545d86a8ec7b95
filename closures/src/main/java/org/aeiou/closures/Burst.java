package org.aeiou.closures;

/**
 * Misses that are sent off together, so that those for one system fill one exchange instead of the
 * first one leaving alone. Used by one thread.
 */
public interface Burst {
  /**
   * Sends off what was submitted since the last call. The burst can be used again. If the scheduler
   * was closed meanwhile, the closures of these requests run inside this call, with {@link
   * Failure.Reason#STOPPED}: their thread is gone.
   */
  void end();
}
