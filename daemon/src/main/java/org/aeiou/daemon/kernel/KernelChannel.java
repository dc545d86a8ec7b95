package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.Mount;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.fuse.mount.Mounting;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.TimerThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The FUSE kernel protocol, spoken on {@code /dev/fuse}: Linux only.
 *
 * <p>A few threads read requests and answer hits; a miss holds none of them. As root it mounts with
 * mount(2), for others through {@code fusermount3}. See {@link Session} for what happens with a
 * request.
 */
public final class KernelChannel implements Channel {
  private static final Logger LOG = LoggerFactory.getLogger(KernelChannel.class);

  /** One that handles a request and one that is there for the next. */
  public static final int DEFAULT_THREADS = 2;

  /** Room for the longest write, and for a kernel that forgets four thousand inodes at once. */
  private static final int REQUEST_LENGTH = 64 * 1024;

  private static final int ANSWERS_SECONDS = 10;
  private static final int ENDS_MILLIS = 1000;

  private final MountOptions options;
  private final int threadCount;
  private final Mounting mounting;
  private final Mount mount;
  private final Ticker ticker;
  private final KernelCounters counters = new KernelCounters();
  private final Negotiation negotiation = new Negotiation();
  private final CountDownLatch negotiated = new CountDownLatch(1);
  private final CountDownLatch unmounted = new CountDownLatch(1);

  /** For the few replies that have to wait for others. */
  private final TimerThread timer = new TimerThread("aeiou-fuse-later");

  private final KernelNotifier notifier = new KernelNotifier(counters);
  private final Session session;
  private final AtomicInteger readers = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private final List<ReaderState> states = new CopyOnWriteArrayList<>();

  // Guarded by this: mounting and closing exclude each other.
  private FuseDevice device;
  private boolean used;

  /** A channel with {@link #DEFAULT_THREADS} threads. */
  public KernelChannel(FileSystem files, MountOptions options) {
    this(files, options, DEFAULT_THREADS, Ticker.systemTicker());
  }

  /**
   * A channel.
   *
   * @param threads how many threads read requests; at least 1
   * @param ticker what the validities of readings are measured by, and how long closing waits
   */
  public KernelChannel(FileSystem files, MountOptions options, int threads, Ticker ticker) {
    this(files, options, threads, ticker, Mounting.ofThisUser());
  }

  public KernelChannel(
      FileSystem files, MountOptions options, int threads, Ticker ticker, Mounting mounting) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " is not at least 1");
    }
    this.options = options;
    this.threadCount = threads;
    this.mounting = mounting;
    this.mount = new Mount(options.mountPoint(), mounting, unmounted);
    this.ticker = ticker;
    session =
        new Session(
            files,
            ticker,
            timer,
            notifier,
            counters,
            negotiation,
            negotiated::countDown,
            options.inodeBytes());
  }

  /**
   * Makes ready what calls the kernel. It takes some tenths of a second the first time, in which a
   * starting daemon may do other things. Calling it is optional.
   */
  public static void load() {
    Posix.INSTANCE.geteuid();
  }

  @Override
  public synchronized void mount() throws IOException {
    if (used) {
      throw new IOException(options.mountPoint() + ": this channel was mounted or closed before");
    }
    used = true;
    try {
      device = new FuseDevice(mounting.mount(mount.prepare(), options));
    } catch (IOException | RuntimeException e) {
      unmounted.countDown();
      throw e;
    }
    try {
      mount.isMade();
      start();
      if (!negotiated.await(ANSWERS_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(mount.path() + ": mounted, but the kernel does not speak up");
      }
      if (!negotiation.isAgreed()) {
        throw new IOException(mount.path() + ": cannot be mounted: " + negotiation.refusal());
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException(mount.path() + ": interrupted while mounting", e);
    }
    LOG.debug("{}: mounted, FUSE {}", mount.path(), negotiation.version());
  }

  private void start() {
    readers.set(threadCount);
    for (int i = 0; i < threadCount; i++) {
      start("aeiou-fuse-" + i, this::read);
    }
    start("aeiou-fuse-notify", () -> notifier.run(device));
  }

  /** These do not keep a program alive that has nothing else to do. */
  private void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  /**
   * What a reader thread does, until the file system is unmounted. What it throws is not survived:
   * the thread's handler ends the process.
   */
  private void read() {
    FuseDevice source = device;
    ReaderState reader = new ReaderState();
    states.add(reader);
    ByteBuffer in = ByteBuffer.allocateDirect(REQUEST_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    long address = Posix.address(in);
    int errno;
    do {
      errno = source.receive(in, address);
      if (errno == 0) {
        reader.begins();
        session.handle(in, source, reader);
        reader.ends();
      }
      // ENOENT is a request that was interrupted before it was read.
    } while (errno == 0 || errno == Errno.ENOENT || errno == Errno.EINTR || errno == Errno.EAGAIN);
    if (errno != Errno.ENODEV && errno != Errno.ECONNABORTED) {
      throw new IllegalStateException(
          options.mountPoint() + ": reading a request failed: " + Errno.text(errno));
    }
    if (readers.decrementAndGet() == 0) {
      ended(source);
    }
  }

  /** The last reader thread is gone: no request comes, no reply can leave. */
  private void ended(FuseDevice source) {
    session.stop();
    notifier.end();
    timer.close();
    source.close();
    unmounted.countDown();
    LOG.debug("{}: unmounted", options.mountPoint());
  }

  @Override
  public void awaitUnmounted() throws InterruptedException {
    unmounted.await();
  }

  @Override
  public synchronized void close() {
    used = true;
    if (device == null) {
      unmounted.countDown();
      return;
    }
    session.stop();
    mount.unmount();
    boolean interrupted = false;
    long deadline = ticker.read() + TimeUnit.MILLISECONDS.toNanos(ENDS_MILLIS);
    for (Thread thread : threads) {
      interrupted |= !join(thread, deadline);
    }
    for (ExecutorService threads : notifier.threads()) {
      interrupted |= !join(threads, deadline);
    }
    if (readers.get() > 0) {
      LOG.warn(
          "{}: unmounted, but a program still has it open; the channel ends when that lets go",
          mount.path());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false if interrupted. */
  private boolean join(Thread thread, long deadline) {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - ticker.read());
    try {
      // 0 would wait for ever. A reader that closes its own channel does not wait for itself.
      if (thread != Thread.currentThread()) {
        thread.join(Math.max(1, millis));
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Returns false if interrupted. */
  private boolean join(ExecutorService threads, long deadline) {
    try {
      // What a program still holds open it keeps; those threads end when that lets go.
      var unused =
          threads.awaitTermination(
              threads.isShutdown() ? deadline - ticker.read() : 0, TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void abandon() throws IOException {
    mount.abandon();
  }

  @Override
  public long atOneRequestNanos(long nowNanos) {
    return states.stream().mapToLong(reader -> reader.atOneRequestNanos(nowNanos)).max().orElse(0);
  }

  @Override
  public MetricSet metrics() {
    return counters.metrics();
  }
}
