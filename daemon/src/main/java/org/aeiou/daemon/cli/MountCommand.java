package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.app.AttachSocket;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.app.HeapShares;
import org.aeiou.daemon.app.LastResort;
import org.aeiou.daemon.app.Reloading;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.KernelChannel;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.portable.PortableChannel;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.NoKernelCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "mount",
    description = {
      "Mount a network, until Ctrl-C, SIGTERM or 'aeiou umount MOUNTPOINT'.",
      "SIGHUP reads the configuration again without unmounting."
    },
    mixinStandardHelpOptions = true)
public final class MountCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(MountCommand.class);

  /** How long an orderly end may take. With giving up the mount it is over within 3 s. */
  private static final long ORDERLY_NANOS = TimeUnit.MILLISECONDS.toNanos(1900);

  /** How to reach the kernel. */
  enum ChannelKind {
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

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the configuration")
  private Path file;

  @Parameters(index = "1", paramLabel = "MOUNTPOINT", description = "an empty directory")
  private Path mountPoint;

  @Option(
      names = "--channel",
      paramLabel = "KIND",
      defaultValue = "auto",
      converter = ChannelKindConverter.class,
      description = "kernel, jnr-fuse or auto: how to reach the kernel (auto)")
  private ChannelKind channelKind;

  @Option(
      names = "--no-kernel-cache",
      description = "let the kernel keep nothing: slow; for measuring and for finding faults")
  private boolean keepNothing;

  @Option(
      names = {"-v", "--verbose"},
      description = "log more")
  private boolean verbose;

  private String whyNotAttached;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (channelKind != ChannelKind.JNR_FUSE) {
      // Beside reading the configuration: of all that starting takes, these two take the longest.
      Thread loading = new Thread(KernelChannel::load, "aeiou-loading");
      loading.setDaemon(true);
      loading.start();
    }
    Configuration configuration = ConfigurationFile.read(file, spec);
    Catalogue catalogue = Catalogues.load(configuration);
    Events events = Logging.start(verbose);
    try (Daemon daemon =
        new Daemon(file, configuration, Program.of(spec).backends(), catalogue, events)) {
      serve(daemon, configuration);
    }
    return ExitCode.OK;
  }

  private void serve(Daemon daemon, Configuration configuration)
      throws IOException, InterruptedException {
    Reloading reloading = new Reloading(file, Program.of(spec).backends(), daemon::reload);
    try (AttachServer server = attach(daemon, configuration, reloading);
        Channel channel = channel(daemon, configuration)) {
      daemon.metrics().register("channel", channel::counters);
      LastResort lastResort = new LastResort(channel::abandon, daemon.ticker());
      lastResort.whenAThreadDies(ExitCode.DIED);
      // Before the mount shows: what sees it may send a signal.
      handleSignals(reloading, channel, lastResort);
      mount(channel);
      LOG.info("mounted {} systems on {}", configuration.systems().size(), mountPoint);
      if (server != null) {
        LOG.info("programs attach at {}", server.socket());
      } else if (whyNotAttached != null) {
        // Not before: where another daemon has the mount, it has the socket too, and says why.
        LOG.warn("programs cannot attach: {}", whyNotAttached);
      }
      channel.awaitUnmounted();
      LOG.info("unmounted {}", mountPoint);
    }
  }

  /** Null if programs cannot attach; whoever only reads files need not care. */
  private AttachServer attach(Daemon daemon, Configuration configuration, Reloading reloading) {
    if (!configuration.attach().enabled()) {
      return null;
    }
    try {
      int user = Posix.INSTANCE.geteuid();
      return daemon.attach(
          AttachSocket.of(configuration, mountPoint, System.getenv(), user), reloading::ordered);
    } catch (IOException e) {
      whyNotAttached = e.getMessage();
      return null;
    }
  }

  private Channel channel(Daemon daemon, Configuration configuration) {
    MountOptions options =
        new MountOptions(
            mountPoint.toAbsolutePath(),
            configuration.mount().allowOther(),
            "aeiou",
            HeapShares.ofThisProcess().inodeBytes());
    boolean direct =
        switch (channelKind) {
          case KERNEL -> true;
          case JNR_FUSE -> false;
          case AUTO -> Files.exists(Path.of("/dev/fuse"));
        };
    FileSystem files = keepNothing ? new NoKernelCache(daemon.service()) : daemon.service();
    return direct ? new KernelChannel(files, options) : new PortableChannel(files, options);
  }

  private static void mount(Channel channel) {
    try {
      channel.mount();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.MOUNT, e.getMessage());
    }
  }

  private static void handleSignals(Reloading reloading, Channel channel, LastResort lastResort) {
    Signals.handle("TERM", () -> unmount(channel, lastResort, "SIGTERM"));
    Signals.handle("INT", () -> unmount(channel, lastResort, "SIGINT"));
    if (Signals.isHangUpIgnored()) {
      LOG.info("SIGHUP is ignored, as under nohup: reload with 'aeiou reload MOUNTPOINT'");
    }
    Signals.handle("HUP", () -> reload(reloading));
  }

  static void unmount(Channel channel, LastResort lastResort, String signal) {
    lastResort.within(ORDERLY_NANOS, ExitCode.OK);
    LOG.info("unmounting: {}", signal);
    channel.close();
  }

  private static void reload(Reloading reloading) {
    try {
      var unused = reloading.reload();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
