package org.aeiou.daemon.systemd;

import com.google.common.base.Ticker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that all is well for as long as each core thread shows a sign of life
 * within a third of the manager's time. If one does not, the manager is told nothing more, and ends
 * the process: a mount that hangs hangs the machine.
 *
 * <p>A timer of its own would go on while all else stands still; so it is no timer that feeds it.
 */
public final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final int MOST_FRAMES = 8;

  private final List<Watched> watched;
  private final long boundNanos;
  private final long everyNanos;
  private final Runnable feed;
  private final Ticker ticker;
  private final Thread thread = new Thread(this::run, "aeiou-watchdog");
  private volatile boolean closed;
  private boolean isWell = true;

  /**
   * Looks at nothing yet.
   *
   * @param nanos how often the manager wants to hear
   * @param feed tells it that all is well
   */
  public Watchdog(List<Watched> watched, long nanos, Runnable feed, Ticker ticker) {
    this.watched = List.copyOf(watched);
    this.boundNanos = nanos / 3;
    this.everyNanos = nanos / 6;
    this.feed = feed;
    this.ticker = ticker;
    thread.setDaemon(true);
  }

  /** Looks from now on. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      look();
      LockSupport.parkNanos(this, everyNanos);
    }
  }

  /** Looks once. */
  void look() {
    long now = ticker.read();
    boolean well = true;
    for (Watched each : watched) {
      // All are looked at: looking is what asks them.
      long owed = each.owedNanos(now);
      if (owed > boundNanos) {
        well = false;
        if (isWell) {
          report(each, owed);
        }
      }
    }
    if (well && !isWell) {
      LOG.warn("all threads move again: the service manager is told so");
    }
    isWell = well;
    if (well) {
      feed.run();
    }
  }

  private static void report(Watched stuck, long nanos) {
    LOG.error(
        "{} has not moved for {} ms: the service manager is not told any more that all is well{}",
        stuck.name(),
        nanos / 1_000_000,
        where(stuck.name()));
  }

  /** What the thread does, to find out why. */
  private static String where(String name) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .map(
            frames ->
                Arrays.stream(frames)
                    .limit(MOST_FRAMES)
                    .map(StackTraceElement::toString)
                    .collect(Collectors.joining(" < ", ": ", "")))
        .orElse("");
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
