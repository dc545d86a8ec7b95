package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times when the machine gave no descriptor or no memory for a program: each is counted. Accepting
 * again at once, while there is no descriptor, would take a whole processor: there is a pause
 * first. Used by the server's thread.
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
   * @param times how many there were so far
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

  /** No program is let in for a moment. */
  void pause() {
    isPausing = true;
    pausedNanos = ticker.read();
  }

  boolean isPausing() {
    isPausing = isPausing && ticker.read() - pausedNanos < PAUSE_NANOS;
    return isPausing;
  }
}
