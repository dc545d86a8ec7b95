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
 * Errands to inodes whose locks somebody may hold for long. Those to one inode are done one after
 * another, by one thread at a time, in the order they were put down, each once however often it was
 * put down meanwhile: so one inode that is stuck holds up one thread and its own errands only.
 *
 * <p>Any thread may call any method; none waits.
 *
 * @param <E> an errand; equal ones are the same
 */
final class Errands<E> {
  private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
  private static final int IDLE_SECONDS = 10;

  private final Consumer<E> does;
  private final ThreadPoolExecutor threads;
  private final AtomicInteger started = new AtomicInteger();

  /** By inode, as long as a thread is at it or about to be. Guarded by this, and so is the rest. */
  private final Map<Long, Set<E>> waiting = new HashMap<>();

  private boolean ended;

  /**
   * No errands yet, and no threads.
   *
   * @param does one errand; may wait
   * @param most how many threads there are at most: how many inodes may be stuck
   */
  Errands(int most, Consumer<E> does) {
    this.does = does;
    threads =
        new ThreadPoolExecutor(
            most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    threads.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "aeiou-fuse-errand-" + started.getAndIncrement());
    thread.setDaemon(true);
    return thread;
  }

  void put(long inode, E errand) {
    if (!add(inode, errand)) {
      return;
    }
    try {
      threads.execute(() -> go(inode));
    } catch (RejectedExecutionException e) {
      // Ended meanwhile: there is nobody to go to.
    }
  }

  /** Whether a thread is to be sent. */
  private synchronized boolean add(long inode, E errand) {
    if (ended) {
      return false;
    }
    Set<E> there = waiting.get(inode);
    if (there == null) {
      there = new LinkedHashSet<>();
      waiting.put(inode, there);
      there.add(errand);
      return true;
    }
    there.add(errand);
    return false;
  }

  private void go(long inode) {
    for (E errand = next(inode); errand != null; errand = next(inode)) {
      try {
        does.accept(errand);
      } catch (RuntimeException e) {
        LOG.error("{} failed; going on with the next", errand, e);
      }
    }
  }

  private synchronized E next(long inode) {
    Set<E> there = waiting.getOrDefault(inode, Set.of());
    if (there.isEmpty()) {
      waiting.remove(inode);
      return null;
    }
    E first = there.iterator().next();
    there.remove(first);
    return first;
  }

  /** Forgets what was not done, and ends the threads that are not stuck. */
  void end() {
    synchronized (this) {
      ended = true;
      waiting.clear();
    }
    threads.shutdownNow();
  }

  /** The threads that run errands. */
  ExecutorService threads() {
    return threads;
  }
}
