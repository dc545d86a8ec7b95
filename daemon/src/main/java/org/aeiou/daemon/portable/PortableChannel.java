package org.aeiou.daemon.portable;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.Mount;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.fuse.mount.Mounting;
import org.aeiou.daemon.service.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel through jnr-fuse and libfuse 2. Serves the same file system as the kernel channel,
 * slower: every call crosses from C to Java with a path, nothing is kept in the kernel, and a miss
 * parks a thread.
 *
 * <p>What is different for a program: content is fetched by {@code open}, so errors come from there
 * and not from {@code read}, and one opening shows one reading; a signal ends a wait within 50 ms;
 * past the bound on waiting threads a miss is {@code EAGAIN}; a slow look-up in a directory holds
 * up other look-ups in it, because the kernel makes them one at a time for libfuse 2.
 */
public final class PortableChannel implements Channel {
  private static final Logger LOG = LoggerFactory.getLogger(PortableChannel.class);

  /** How many threads may wait for misses, unless told. */
  public static final int MOST_WAITING = 64;

  /** How many names are remembered; about 200 bytes each. */
  private static final int MOST_NAMES = 100_000;

  private static final int ENDS_MILLIS = 10_000;

  private final MountOptions options;
  private final PortableCounters counts = new PortableCounters();
  private final FileSystem files;
  private final int mostWaiting;
  private final Ticker ticker;
  private final Function<PortableCounters, Libfuse> loader;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Mount mount;

  /** Set by mounting; null before. */
  private volatile Waits waits;

  private volatile PathCalls calls;

  // Guarded by this: mounting and closing exclude each other.
  private LibfuseThread session;
  private boolean used;

  /** Makes a channel with a bound of {@link #MOST_WAITING}. */
  public PortableChannel(FileSystem files, MountOptions options) {
    this(files, options, MOST_WAITING, Ticker.systemTicker());
  }

  /**
   * Makes a channel.
   *
   * @param mostWaiting how many threads may wait for misses at once, 1 or more; past it the answer
   *     to a miss is {@code EAGAIN}
   * @param ticker for how long names are remembered
   */
  public PortableChannel(FileSystem files, MountOptions options, int mostWaiting, Ticker ticker) {
    this(files, options, mostWaiting, ticker, Libfuse::new);
  }

  /**
   * Makes a channel.
   *
   * @param loader loads libfuse; throws {@link UnsatisfiedLinkError} if there is none
   */
  PortableChannel(
      FileSystem files,
      MountOptions options,
      int mostWaiting,
      Ticker ticker,
      Function<PortableCounters, Libfuse> loader) {
    if (mostWaiting < 1) {
      throw new IllegalArgumentException(
          "most waiting: " + mostWaiting + " threads; at least 1 must be allowed to wait");
    }
    this.files = files;
    this.options = options;
    this.mostWaiting = mostWaiting;
    this.ticker = ticker;
    this.loader = loader;
    describe(counts.metrics());
    this.mount = new Mount(options.mountPoint(), Mounting.ofThisUser(), ended);
  }

  @Override
  public synchronized void mount() throws IOException {
    if (used) {
      throw new IOException(options.mountPoint() + ": this channel was mounted or closed before");
    }
    used = true;
    try {
      Path directory = mount.prepare();
      Libfuse libfuse = load();
      waits = new Waits(mostWaiting, libfuse, counts);
      calls = new PathCalls(files, waits, new NameCache(files, waits, ticker, MOST_NAMES), counts);
      session = new LibfuseThread(libfuse, calls, waits, directory, options, ended);
      start();
    } catch (IOException e) {
      close();
      throw e;
    }
    LOG.debug("{}: mounted through jnr-fuse", mount.path());
  }

  private Libfuse load() throws IOException {
    try {
      return loader.apply(counts);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(
          "%s: cannot be mounted through jnr-fuse: libfuse 2 is not installed; run: apt install libfuse2 (libfuse2t64 on newer systems), or use --channel kernel"
              .formatted(options.mountPoint()),
          e);
    }
  }

  private void start() throws IOException {
    boolean answers;
    try {
      answers = session.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(mount.path() + ": interrupted while mounting", e);
    } finally {
      // Also if it does not answer.
      mount.isMade();
    }
    if (!answers) {
      throw new IOException(session.refusal());
    }
  }

  @Override
  public void awaitUnmounted() throws InterruptedException {
    ended.await();
  }

  @Override
  public synchronized void close() {
    used = true;
    if (session == null) {
      ended.countDown();
      return;
    }
    waits.stop();
    mount.unmount();
    if (!session.join(ENDS_MILLIS)) {
      LOG.error("{}: unmounted, but libfuse has not ended", mount.path());
    }
  }

  @Override
  public void abandon() throws IOException {
    mount.abandon();
  }

  @Override
  public MetricSet metrics() {
    return counts.metrics();
  }

  /** Says how much there is of what is held, beside what is counted. */
  private void describe(MetricSet metrics) {
    metrics.gauge(
        "waiting",
        Unit.COUNT,
        "Threads that wait for misses.",
        () -> {
          Waits waiting = waits;
          return waiting == null ? 0 : waiting.now();
        });
    metrics.gauge(
        "open-files",
        Unit.COUNT,
        "Files that programs hold open.",
        () -> {
          PathCalls open = calls;
          return open == null ? 0 : open.openFiles();
        });
  }
}
