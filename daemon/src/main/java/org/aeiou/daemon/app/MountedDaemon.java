package org.aeiou.daemon.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.app.process.AttachSocket;
import org.aeiou.daemon.app.process.HeapShares;
import org.aeiou.daemon.app.process.LastResort;
import org.aeiou.daemon.app.process.Reloading;
import org.aeiou.daemon.app.process.Signals;
import org.aeiou.daemon.app.process.TakenSystems;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.KernelChannel;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.portable.PortableChannel;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.NoKernelCache;
import org.aeiou.daemon.state.StateFolder;
import org.aeiou.daemon.systemd.ServiceManager;
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

  /** How long it may take of that to give systems to other members of a cluster. */
  private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  /** How long a mounted daemon waits for HTTP before it goes on without. */
  private static final long HTTP_MILLIS = 5000;

  /** What it takes to change what cannot change while it is mounted. */
  private static final String NEW_MOUNT = "a new mount: unmount, and mount again";

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
   * @param file the configuration, for reading it again, and what the mount shows as its source
   * @param reader how that is read, with the systems that there are if it names none
   * @param keepNothing whether the kernel is to keep nothing
   * @param exitCodeOfDeath what the process ends with when a thread dies
   * @param answers is run once the mount answers
   */
  public record Options(
      Path file,
      TakenSystems.Reader reader,
      Path mountPoint,
      ChannelKind channelKind,
      boolean keepNothing,
      int exitCodeOfDeath,
      Answering answers) {}

  /** What is to be done once the mount answers; if it fails, the mount ends. */
  @FunctionalInterface
  public interface Answering {
    void answers() throws IOException;
  }

  private final Daemon daemon;
  private final Configuration configuration;
  private final Options options;
  private final Reloading reloading;
  private final HttpEntrance http;
  private final ServiceReports reports;
  private String whyNotAttached;

  /** A daemon that is not mounted yet. */
  public MountedDaemon(Daemon daemon, Configuration configuration, Options options) {
    this.daemon = daemon;
    this.configuration = configuration;
    this.options = options;
    this.http = new HttpEntrance(daemon, configuration.http());
    TakenSystems reader = new TakenSystems(options.reader(), configuration);
    this.reloading =
        new Reloading(
            options.file(), () -> daemon.checked(reader.read()), this::apply, daemon.events()::add);
    daemon
        .membership()
        .takeSystems(
            reader::isWanted,
            // What is wrong with it is an event.
            inventory ->
                reader.take(inventory, () -> reloading.ordered().startsWith(Reloading.RELOADED)));
    this.reports =
        new ServiceReports(
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid(), daemon.ticker()),
            daemon,
            options.mountPoint().toString());
    reloading.listen(reports::reloads, reports::reloaded);
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
    tell(
        Events.starting(
            Version.text(), options.file(), options.mountPoint(), configuration.systems().size()));
    try (reports;
        AttachServer server = attach();
        Closeable traps = listen();
        HttpEntrance entrance = http.start();
        Channel channel = channel()) {
      daemon.metrics().register("channel", channel.metrics());
      LastResort lastResort = new LastResort(channel::abandon, daemon.ticker());
      lastResort.whenAThreadDies(options.exitCodeOfDeath());
      // Before the mount shows: what sees it may send a signal.
      handleSignals(channel, lastResort);
      mount(channel);
      daemon.membership().join();
      options.answers().answers();
      tell(Events.mounted(options.mountPoint(), configuration.systems().size()));
      entrance.mounted(CoreThreads.of(daemon, channel, server), HTTP_MILLIS);
      reports.answers(CoreThreads.of(daemon, channel, server));
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
      daemon.membership().leave(LEAVING_NANOS);
      tell(Events.unmounted(options.mountPoint()));
      reports.stops("unmounts: by another program");
    }
  }

  private void tell(Event event) {
    daemon.events().add(event);
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
      return daemon.entrances().listen(state);
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
      return daemon
          .entrances()
          .attach(
              socket,
              new OperatorOrders(
                  daemon, reloading, "; 'ls " + options.mountPoint() + "' lists them"));
    } catch (IOException e) {
      whyNotAttached = e.getMessage();
      return null;
    }
  }

  private Channel channel() {
    MountOptions mount =
        new MountOptions(
            options.mountPoint().toAbsolutePath(),
            configuration.mount().allowOther(),
            configuration.allowsWriting(),
            source(options.file()),
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

  /** As mount(8) calls it, which finds its line of /etc/fstab by that, too. */
  private static String source(Path file) {
    try {
      return file.toRealPath().toString();
    } catch (IOException e) {
      // It was there a moment ago, and need not be any more.
      return file.toAbsolutePath().toString();
    }
  }

  private void mount(Channel channel) throws NotMountedException {
    try {
      channel.mount();
    } catch (IOException e) {
      reports.failed(e.getMessage());
      throw new NotMountedException(e);
    }
  }

  private void handleSignals(Channel channel, LastResort lastResort) {
    Signals.handle("TERM", () -> stop(channel, lastResort, "SIGTERM"));
    Signals.handle("INT", () -> stop(channel, lastResort, "SIGINT"));
    if (Signals.isHangUpIgnored()) {
      LOG.info("SIGHUP is ignored, as under nohup: reload with 'aeiou reload MOUNTPOINT'");
    }
    Signals.handle("HUP", reloading::signalled);
  }

  private void stop(Channel channel, LastResort lastResort, String signal) {
    // First this: the event may wait for a lock of a thread that is stuck.
    lastResort.within(ORDERLY_NANOS, 0);
    reports.stops("unmounts: " + signal);
    tell(Events.stopping(options.mountPoint(), signal));
    unmount(channel, lastResort);
  }

  /** Unmounts in an orderly way, or in any way if that takes too long. */
  static void unmount(Channel channel, LastResort lastResort) {
    lastResort.within(ORDERLY_NANOS, 0);
    channel.close();
  }

  private List<String> apply(Configuration next) {
    List<String> changes = new ArrayList<>(daemon.reload(next, NEW_MOUNT));
    changes.addAll(http.change(next.http()));
    return changes;
  }
}
