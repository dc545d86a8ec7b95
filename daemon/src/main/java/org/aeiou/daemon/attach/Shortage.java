package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shortages of the machine, which gives no descriptor or no memory for a program: each is counted.
 * To accept again at once, while there is no descriptor, would take a whole processor: there is a
 * pause first. Used by the server's thread.
 */
final class Shortage {
  private static final Logger LOG = LoggerFactory.getLogger(Shortage.class);

  static final int PAUSE_MILLIS = 100;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);

  private final Ticker ticker;
  private final LongAdder times;
  private boolean isPausing;
  private long pausedNanos;

  /**
   * @param times counts them
   */
  Shortage(Ticker ticker, LongAdder times) {
    this.ticker = ticker;
    this.times = times;
  }

  /**
   * There was one.
   *
   * @param what what a program did not get, and why
   */
  void happened(String what) {
    times.increment();
    LOG.warn("a program cannot attach: {} ({} times so far)", what, times.sum());
  }

  /** Begins a pause in which no connection is accepted. */
  void pause() {
    isPausing = true;
    pausedNanos = ticker.read();
  }

  boolean isPausing() {
    isPausing = isPausing && ticker.read() - pausedNanos < PAUSE_NANOS;
    return isPausing;
  }
}
