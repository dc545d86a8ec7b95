package org.aeiou.daemon.systemd;

/** A thread, or several, that must not stand still. */
public interface Watched {
  /** As in a list of threads. */
  String name();

  /**
   * For how long it owes a sign of life, in nanoseconds; 0 if it owes none. Called by one thread,
   * once in a while; does not wait.
   */
  long owedNanos(long nowNanos);
}
