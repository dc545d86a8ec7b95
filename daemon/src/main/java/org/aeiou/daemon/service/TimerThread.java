package org.aeiou.daemon.service;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Fatal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that runs short tasks later, and is there only while there are any. What a task throws
 * is logged and hurts no other task.
 */
public final class TimerThread implements Delays, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimerThread.class);
  private static final int IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;

  /** No thread yet. */
  public TimerThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void after(long nanos, Runnable task) {
    try {
      var unused = executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: what would have been done later is not done");
    }
  }

  /** Runs a task again and again, so many nanoseconds after it ended each time. */
  public void every(long nanos, Runnable task) {
    var unused =
        executor.scheduleWithFixedDelay(() -> run(task), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      Fatal.handOver(e); // the executor would keep it to itself
      LOG.error("A task of the timer failed; going on with the others", e);
    }
  }

  /** Runs nothing any more. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
