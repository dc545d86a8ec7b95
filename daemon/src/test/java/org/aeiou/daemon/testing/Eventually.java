package org.aeiou.daemon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for something in the real world that nothing announces. */
public final class Eventually {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Eventually() {}

  /** Looks again and again until it is so, and fails if it is not within 20 s. */
  public static void eventually(String what, Callable<Boolean> isSo) throws Exception {
    long start = System.nanoTime();
    while (!isSo.call()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(DEADLINE_NANOS);
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
