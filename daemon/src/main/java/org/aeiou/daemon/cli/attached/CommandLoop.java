package org.aeiou.daemon.cli.attached;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.aeiou.daemon.cli.output.Progress;

/** Does on a command's own thread, one after the other, what comes from other threads. */
final class CommandLoop {
  private static final long SHOW_MILLIS = 100;

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** Has something done in its turn. Any thread. */
  void post(Runnable task) {
    tasks.add(task);
  }

  /**
   * Does what comes until it is done, and says how far it is.
   *
   * @param tree that is asked: what has gathered for it goes out before each wait
   */
  void run(BooleanSupplier isDone, Tree tree, Progress progress, Supplier<String> howFar) {
    run(
        isDone,
        SHOW_MILLIS,
        () -> {
          tree.flush();
          progress.show(howFar.get());
        });
  }

  /**
   * Does what comes until it is done.
   *
   * @param idle done before each wait, and at least so often
   */
  void run(BooleanSupplier isDone, long everyMillis, Runnable idle) {
    try {
      while (!isDone.getAsBoolean()) {
        Runnable task = tasks.poll();
        if (task == null) {
          idle.run();
          if (isDone.getAsBoolean()) {
            return;
          }
          task = tasks.poll(everyMillis, TimeUnit.MILLISECONDS);
        }
        if (task != null) {
          task.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
