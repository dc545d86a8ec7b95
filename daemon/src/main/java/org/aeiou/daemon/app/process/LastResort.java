package org.aeiou.daemon.app.process;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when nothing else can be relied on to do it: when a thread has died, or when an
 * orderly end takes too long. The mount goes with it, so that its readers get an error: a mount
 * that hangs hangs the machine.
 *
 * <p>Two threads, made before they are needed, sleep until then. One gives the mount up. The other
 * halts the JVM, at the latest a second later, and takes no lock and no memory for that. So neither
 * a lock that is never given back nor a full heap keeps the process alive.
 */
public final class LastResort {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  /** For how long a last message and giving up the mount may take. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Gives the mount up. */
  @FunctionalInterface
  public interface Abandoning {
    void abandon() throws Exception;
  }

  private final Abandoning mount;
  private final Ticker ticker;
  private final Thread halting = new Thread(this::halt, "aeiou-last-resort");
  private final Thread abandoning = new Thread(this::abandon, "aeiou-last-abandon");

  /** When to halt, by the ticker; only of use once {@link #asked}. */
  private volatile long dueNanos;

  private volatile int exitCode;
  private volatile boolean asked;
  private volatile boolean due;

  /** What is still to be done before the JVM is halted. */
  private volatile boolean mounted = true;

  private volatile boolean speaking;

  private volatile boolean died;

  /**
   * Ready from now on.
   *
   * @param mount takes the mount out of the tree, without waiting for a lock
   */
  public LastResort(Abandoning mount, Ticker ticker) {
    this.mount = mount;
    this.ticker = ticker;
    for (Thread thread : new Thread[] {halting, abandoning}) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Ends the process with that exit code when a thread dies of what it threw, from now on. */
  public void whenAThreadDies(int exitCode) {
    Thread.setDefaultUncaughtExceptionHandler((dead, cause) -> died(dead, cause, exitCode));
    Runtime.getRuntime().addShutdownHook(new Thread(this::insist, "aeiou-last-word"));
  }

  /** An end of the process that comes while a thread has died has that exit code too. */
  private void insist() {
    if (!died) {
      return;
    }
    try {
      // Once the mount is gone the command ends as if it had been unmounted; this halts instead.
      halting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void died(Thread dead, Throwable cause, int code) {
    speaking = true;
    died = true;
    // First this: saying why may take memory that is not there.
    within(0, code);
    try {
      LOG.error("{} has died: the daemon ends, and the mount with it", dead.getName(), cause);
    } finally {
      speaking = false;
    }
  }

  /** Ends the process so many nanoseconds from now, unless it has ended by then. */
  public void within(long nanos, int code) {
    long then = ticker.read() + nanos;
    if (!asked || then - dueNanos < 0) {
      exitCode = code;
      dueNanos = then;
      asked = true;
      LockSupport.unpark(halting);
    }
  }

  private void halt() {
    while (!asked) {
      LockSupport.park(this);
    }
    for (long left = dueNanos - ticker.read(); left > 0; left = dueNanos - ticker.read()) {
      LockSupport.parkNanos(this, left);
    }
    due = true;
    LockSupport.unpark(abandoning);
    long end = ticker.read() + LAST_NANOS;
    while ((mounted || speaking) && end - ticker.read() > 0) {
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    Runtime.getRuntime().halt(exitCode);
  }

  private void abandon() {
    while (!due) {
      LockSupport.park(this);
    }
    try {
      mount.abandon();
    } catch (Exception | Error e) {
      LOG.error("the mount could not be given up: 'aeiou umount' removes it", e);
    } finally {
      mounted = false;
    }
  }
}
