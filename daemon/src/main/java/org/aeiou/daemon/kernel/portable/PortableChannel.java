package org.aeiou.daemon.kernel.portable;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.aeiou.daemon.kernel.Channel;
import org.aeiou.daemon.kernel.MountOptions;
import org.aeiou.daemon.service.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel through jnr-fuse and libfuse 2. Serves the same file system as the kernel channel,
 * slower: every call crosses from C to Java with a path, nothing is kept in the kernel, and a miss
 * parks a thread.
 *
 * <p>What is different for a program: content is fetched by {@code open}, so errors come from there
 * and not from {@code read}; a signal ends a wait within 50 ms; past the bound on waiting threads a
 * miss is {@code EAGAIN}; a slow look-up in a directory holds up other look-ups in it, because the
 * kernel makes them one at a time for libfuse 2.
 */
public final class PortableChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger(PortableChannel.class);

  /** How many threads may wait for misses, unless told. */
  public static final int MOST_WAITING = 64;

  private static final int MOST_NAMES = 100_000;

  private final FileSystem files;
  private final MountOptions options;
  private final int mostWaiting;
  private final Ticker ticker;
  private final ChannelCounts counts = new ChannelCounts();
  private final CountDownLatch ended = new CountDownLatch(1);
  private MountPoint point;
  private volatile Waits waits;
  private volatile FileCalls calls;
  private boolean closed;

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
    if (mostWaiting < 1) {
      throw new IllegalArgumentException(
          "most waiting: " + mostWaiting + " threads; at least 1 must be allowed to wait");
    }
    this.files = files;
    this.options = options;
    this.mostWaiting = mostWaiting;
    this.ticker = ticker;
  }

  @Override
  public synchronized void mount() throws IOException {
    if (closed || point != null) {
      throw new IllegalStateException(
          "the channel of '" + options.mountPoint() + "' was mounted or closed before");
    }
    MountPoint prepared = MountPoint.prepare(options.mountPoint());
    Libfuse libfuse = load();
    waits = new Waits(mostWaiting, libfuse, counts);
    calls = new FileCalls(files, waits, new Names(files, waits, ticker, MOST_NAMES), counts);
    CountDownLatch answeringOrEnded = new CountDownLatch(1);
    Session session = new Session(libfuse, calls, prepared.directory(), answeringOrEnded);
    Thread thread = new Thread(session, "portable-channel");
    thread.setDaemon(true);
    thread.start();
    point = prepared;
    try {
      if (!answeringOrEnded.await(10, SECONDS) || !session.answering) {
        close();
        throw new IOException(session.refusal());
      }
      prepared.mounted();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while mounting '" + prepared.directory() + "'", e);
    }
    log.info("mounted {} through jnr-fuse", prepared.directory());
  }

  private Libfuse load() throws IOException {
    try {
      return new Libfuse(counts);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(
          "cannot mount on '%s' through jnr-fuse: libfuse 2 is not installed; run: apt install libfuse2 (libfuse2t64 on newer systems), or use --channel kernel"
              .formatted(options.mountPoint()),
          e);
    }
  }

  /** The thread that is in libfuse from mounting to unmounting. */
  private final class Session implements Runnable {
    private final Libfuse libfuse;
    private final FileCalls calls;
    private final Path directory;
    private final CountDownLatch answeringOrEnded;
    private volatile boolean answering;
    private volatile String end = "it did not answer within 10 s";

    Session(Libfuse libfuse, FileCalls calls, Path directory, CountDownLatch answeringOrEnded) {
      this.libfuse = libfuse;
      this.calls = calls;
      this.directory = directory;
      this.answeringOrEnded = answeringOrEnded;
    }

    @Override
    public void run() {
      try {
        int result = libfuse.serve(arguments(directory), calls, this::answers);
        end = "it returned " + result + ", and wrote the reason to standard error";
      } catch (RuntimeException e) {
        end = e.toString();
        log.error("the portable channel of {} ended in a fault", directory, e);
      } finally {
        waits.stop();
        if (answering) {
          log.info("{} is unmounted", directory);
        }
        ended.countDown();
        answeringOrEnded.countDown();
      }
    }

    private void answers() {
      answering = true;
      answeringOrEnded.countDown();
    }

    String refusal() {
      return "libfuse cannot mount on '%s': %s; check that this user may read and write /dev/fuse, owns the directory, and that fusermount is installed (apt install fuse3)%s"
          .formatted(
              directory,
              end,
              options.allowOther()
                  ? "; users other than root need user_allow_other in /etc/fuse.conf for allow-other"
                  : "");
    }
  }

  private List<String> arguments(Path directory) {
    // No time in the kernel: libfuse 2 has one for all names and one for all attributes, and any
    // above 0 would go on after the shortest TTL.
    String mountOptions =
        "ro,nosuid,nodev,noexec,default_permissions,direct_io,sync_read"
            + ",entry_timeout=0,negative_timeout=0,attr_timeout=0"
            + (options.allowOther() ? ",allow_other" : "")
            + ",subtype="
            + MountPoint.SUBTYPE
            + ",fsname="
            + options.source().replace("\\", "\\\\").replace(",", "\\,");
    return List.of("aeiou", "-f", "-o", mountOptions, directory.toString());
  }

  @Override
  public void awaitUnmounted() throws InterruptedException {
    ended.await();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (point == null) {
      ended.countDown();
      return;
    }
    waits.stop();
    try {
      point.unmount(ended);
    } catch (IOException e) {
      log.error("cannot unmount {}; run: umount -l '{}'", point.directory(), point.directory(), e);
    }
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> sums = counts.sums();
    Waits waiting = waits;
    FileCalls open = calls;
    sums.put("waiting", waiting == null ? 0L : waiting.now());
    sums.put("open-files", open == null ? 0L : open.openFiles());
    return sums;
  }
}
