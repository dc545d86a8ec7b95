package org.aeiou.daemon.kernel;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does tasks that need the kernel's lock of an inode, which a program may hold for long. The tasks
 * of one inode are done in the order in which they came, by one thread at a time. A task that is
 * submitted again while it waits is done once. So one inode that is stuck holds up one thread and
 * its own tasks only.
 *
 * <p>Any thread may call any method; none waits.
 *
 * @param <T> a task; equal ones are the same
 */
final class InodeExecutor<T> {
  private static final Logger LOG = LoggerFactory.getLogger(InodeExecutor.class);
  private static final int IDLE_SECONDS = 10;

  private final Consumer<T> does;
  private final ThreadPoolExecutor threads;
  private final AtomicInteger started = new AtomicInteger();

  /** By inode, as long as a thread is at it or about to be. Guarded by this, and so is the rest. */
  private final Map<Long, Set<T>> waiting = new HashMap<>();

  private boolean ended;

  /**
   * An executor without tasks and threads.
   *
   * @param does runs one task; may wait
   * @param most how many threads there are at most: how many inodes may be stuck
   */
  InodeExecutor(int most, Consumer<T> does) {
    this.does = does;
    threads =
        new ThreadPoolExecutor(
            most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    threads.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "aeiou-fuse-inode-" + started.getAndIncrement());
    thread.setDaemon(true);
    return thread;
  }

  void submit(long inode, T task) {
    if (!add(inode, task)) {
      return;
    }
    try {
      threads.execute(() -> go(inode));
    } catch (RejectedExecutionException e) {
      // Ended meanwhile: there is no kernel to tell.
    }
  }

  /** Whether a thread is to be sent. */
  private synchronized boolean add(long inode, T task) {
    if (ended) {
      return false;
    }
    Set<T> there = waiting.get(inode);
    if (there == null) {
      there = new LinkedHashSet<>();
      waiting.put(inode, there);
      there.add(task);
      return true;
    }
    there.add(task);
    return false;
  }

  private void go(long inode) {
    for (T task = next(inode); task != null; task = next(inode)) {
      try {
        does.accept(task);
      } catch (RuntimeException e) {
        LOG.error("{} failed; going on with the next", task, e);
      }
    }
  }

  private synchronized T next(long inode) {
    Set<T> there = waiting.getOrDefault(inode, Set.of());
    if (there.isEmpty()) {
      waiting.remove(inode);
      return null;
    }
    T first = there.iterator().next();
    there.remove(first);
    return first;
  }

  /** Forgets what was not run, and ends the threads that are not stuck. */
  void end() {
    synchronized (this) {
      ended = true;
      waiting.clear();
    }
    threads.shutdownNow();
  }

  /** The threads that run the tasks. */
  ExecutorService threads() {
    return threads;
  }
}
