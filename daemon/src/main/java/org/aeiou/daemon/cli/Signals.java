package org.aeiou.daemon.cli;

import jnr.constants.platform.Signal;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/** What the daemon does when it gets a signal, instead of what the JVM would. */
final class Signals {
  private static final POSIX POSIX_LIBRARY = POSIXFactory.getPOSIX();

  private Signals() {}

  /** Runs {@code action} on a thread of the JVM each time the signal comes. */
  static void handle(Signal signal, Runnable action) {
    POSIX_LIBRARY.signal(signal, number -> action.run());
  }
}
