package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import org.aeiou.closures.metric.MetricSet;

/**
 * A mounted file system. Made unmounted; {@link #mount} once, {@link #close} any number of times.
 *
 * <p>Any thread may call any method.
 */
public interface Channel extends AutoCloseable {

  /**
   * Mounts, and returns when the file system answers.
   *
   * @throws IOException if it cannot be mounted; the message names the mount point, the reason and
   *     what to do
   */
  void mount() throws IOException;

  /** Waits until the file system is unmounted, by {@link #close} or by another process. */
  void awaitUnmounted() throws InterruptedException;

  /**
   * Unmounts and frees everything: requests that are pending at the channel are answered with an
   * error, the mount is gone and the threads have ended when it returns.
   */
  @Override
  void close();

  /**
   * Takes the mount out of the tree, whatever state the channel is in; for a process that is about
   * to end, which ends the channel. Takes no lock and waits for no thread.
   *
   * @throws IOException if that fails; the message says why
   */
  void abandon() throws IOException;

  /**
   * For how long, in nanoseconds, a thread that answers the kernel has been at one request, or at
   * least since this was called last but one; 0 if none is, or if such threads may wait. Called by
   * one thread, once in a while.
   */
  default long atOneRequestNanos(long nowNanos) {
    return 0;
  }

  /** What it counts and holds; for {@code /.aeiou/stats}. */
  MetricSet metrics();
}
