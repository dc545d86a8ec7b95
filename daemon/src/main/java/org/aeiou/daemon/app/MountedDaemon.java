package org.aeiou.daemon.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.KernelChannel;
import org.aeiou.daemon.portable.PortableChannel;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.NoKernelCache;
import org.aeiou.daemon.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon with its entrances, from mounting to unmounting: the channel to the kernel, the socket
 * that programs attach at, and the signals that reload and end it.
 */
public final class MountedDaemon {
  private static final Logger LOG = LoggerFactory.getLogger(MountedDaemon.class);

  /** How long an orderly end may take. With giving up the mount it is over within 3 s. */
  private static final long ORDERLY_NANOS = TimeUnit.MILLISECONDS.toNanos(1900);

  /** How to reach the kernel. */
  public enum ChannelKind {
    /** The FUSE protocol, spoken on /dev/fuse. */
    KERNEL("kernel"),
    /** libfuse 2, through jnr-fuse. */
    JNR_FUSE("jnr-fuse"),
    /** The first that works here. */
    AUTO("auto");

    private final String written;

    ChannelKind(String written) {
      this.written = written;
    }

    @Override
    public String toString() {
      return written;
    }
  }

  /** It cannot be mounted; the message says why, and what to do. */
  public static final class NotMountedException extends IOException {
    private static final long serialVersionUID = 1L;

    NotMountedException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * How to mount.
   *
   * @param file the configuration, for reading it again
   * @param keepNothing whether the kernel is to keep nothing
   * @param exitCodeOfDeath what the process ends with when a thread dies
   */
  public record Options(
      Path file,
      Path mountPoint,
      ChannelKind channelKind,
      boolean keepNothing,
      int exitCodeOfDeath) {}

  private final Daemon daemon;
  private final Configuration configuration;
  private final Options options;
  private final Reloading reloading;
  private String whyNotAttached;

  /** A daemon that is not mounted yet. */
  public MountedDaemon(
      Daemon daemon,
      Configuration configuration,
      Map<String, BackendFactory> backends,
      Options options) {
    this.daemon = daemon;
    this.configuration = configuration;
    this.options = options;
    this.reloading = new Reloading(options.file(), backends, daemon::reload);
  }

  /**
   * Loads what calls the kernel, beside reading the configuration: of all that starting takes,
   * these two take the longest.
   */
  public static void load(ChannelKind kind) {
    if (kind != ChannelKind.JNR_FUSE) {
      Thread loading = new Thread(KernelChannel::load, "aeiou-loading");
      loading.setDaemon(true);
      loading.start();
    }
  }

  /**
   * Mounts, and returns when it is unmounted.
   *
   * @throws NotMountedException if it cannot be mounted
   */
  public void run() throws IOException, InterruptedException {
    try (AttachServer server = attach();
        Closeable traps = listen();
        Channel channel = channel()) {
      daemon.metrics().register("channel", channel.metrics());
      LastResort lastResort = new LastResort(channel::abandon, daemon.ticker());
      lastResort.whenAThreadDies(options.exitCodeOfDeath());
      // Before the mount shows: what sees it may send a signal.
      handleSignals(channel, lastResort);
      mount(channel);
      LOG.info("mounted {} systems on {}", configuration.systems().size(), options.mountPoint());
      if (traps != null) {
        LOG.info("traps are received at {}", configuration.traps());
      }
      if (server != null) {
        LOG.info("programs attach at {}", server.socket());
      } else if (whyNotAttached != null) {
        // Not before: where another daemon has the mount, it has the socket too, and says why.
        LOG.warn("programs cannot attach: {}", whyNotAttached);
      }
      channel.awaitUnmounted();
      LOG.info("unmounted {}", options.mountPoint());
    }
  }

  /** Null if no traps are received; that it cannot be is no reason not to mount. */
  private Closeable listen() {
    if (!configuration.traps().isAnywhere()) {
      return null;
    }
    try {
      int user = Posix.INSTANCE.geteuid();
      StateFolder state =
          StateFolder.of(
              configuration.state().folder(), options.mountPoint(), System.getenv(), user);
      return daemon.listen(state);
    } catch (IOException e) {
      LOG.error("no traps are received: {}", e.getMessage());
      return null;
    }
  }

  /** Null if programs cannot attach; those that only read files need not care. */
  private AttachServer attach() {
    if (!configuration.attach().enabled()) {
      return null;
    }
    try {
      int user = Posix.INSTANCE.geteuid();
      Path socket = AttachSocket.of(configuration, options.mountPoint(), System.getenv(), user);
      return daemon.attach(socket, new Orders());
    } catch (IOException e) {
      whyNotAttached = e.getMessage();
      return null;
    }
  }

  /** What the operator orders through the socket. */
  private final class Orders implements OrderHandler.Orders {
    @Override
    public String reload() {
      return reloading.ordered();
    }

    @Override
    public String forget(String system) {
      return daemon.forget(system)
          ? OrderHandler.DONE + "\n" + system + ": what was learned of it is forgotten\n"
          : OrderHandler.REFUSED
              + "\n"
              + system
              + ": no such system; 'ls "
              + options.mountPoint()
              + "' lists them\n";
    }
  }

  private Channel channel() {
    MountOptions mount =
        new MountOptions(
            options.mountPoint().toAbsolutePath(),
            configuration.mount().allowOther(),
            configuration.allowsWriting(),
            "aeiou",
            HeapShares.ofThisProcess().inodeBytes());
    boolean direct =
        switch (options.channelKind()) {
          case KERNEL -> true;
          case JNR_FUSE -> false;
          case AUTO -> Files.exists(Path.of("/dev/fuse"));
        };
    FileSystem files =
        options.keepNothing() ? new NoKernelCache(daemon.service()) : daemon.service();
    return direct ? new KernelChannel(files, mount) : new PortableChannel(files, mount);
  }

  private static void mount(Channel channel) throws NotMountedException {
    try {
      channel.mount();
    } catch (IOException e) {
      throw new NotMountedException(e);
    }
  }

  private void handleSignals(Channel channel, LastResort lastResort) {
    Signals.handle("TERM", () -> unmount(channel, lastResort, "SIGTERM"));
    Signals.handle("INT", () -> unmount(channel, lastResort, "SIGINT"));
    if (Signals.isHangUpIgnored()) {
      LOG.info("SIGHUP is ignored, as under nohup: reload with 'aeiou reload MOUNTPOINT'");
    }
    Signals.handle("HUP", this::reload);
  }

  /** Unmounts in an orderly way, or in any way if that takes too long. */
  static void unmount(Channel channel, LastResort lastResort, String signal) {
    lastResort.within(ORDERLY_NANOS, 0);
    LOG.info("unmounting: {}", signal);
    channel.close();
  }

  private void reload() {
    try {
      var unused = reloading.reload();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
