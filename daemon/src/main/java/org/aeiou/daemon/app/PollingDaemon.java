package org.aeiou.daemon.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.app.process.AttachSocket;
import org.aeiou.daemon.app.process.LastResort;
import org.aeiou.daemon.app.process.Reloading;
import org.aeiou.daemon.app.process.Signals;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.state.StateFolder;
import org.aeiou.daemon.systemd.ServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon without a mount: it asks systems for the other members of its cluster, until a signal
 * ends it.
 */
public final class PollingDaemon {
  private static final Logger LOG = LoggerFactory.getLogger(PollingDaemon.class);

  /** How long an orderly end may take; with the rest it is over within 3 s. */
  private static final long ORDERLY_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  /** How long it may take of that to give slots away. */
  private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long HTTP_MILLIS = 5000;

  /** What it takes to change what cannot change while it runs. */
  private static final String NEW_START = "a new start: end it, and start it again";

  /**
   * How to poll.
   *
   * @param file the configuration, for reading it again
   * @param reader how that is read
   * @param exitCodeOfDeath what the process ends with when a thread dies
   */
  public record Options(Path file, Reloading.Reader reader, int exitCodeOfDeath) {}

  private final Daemon daemon;
  private final Configuration configuration;
  private final Options options;
  private final Reloading reloading;
  private final HttpEntrance http;
  private final ServiceReports reports;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** A daemon that polls nothing yet. */
  public PollingDaemon(Daemon daemon, Configuration configuration, Options options) {
    this.daemon = daemon;
    this.configuration = configuration;
    this.options = options;
    this.http = new HttpEntrance(daemon, configuration.http());
    this.reloading =
        new Reloading(
            options.file(),
            () -> daemon.checked(options.reader().read()),
            this::apply,
            daemon.events()::add);
    this.reports =
        new ServiceReports(
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid(), daemon.ticker()),
            daemon,
            "poller of " + configuration.cluster().name());
    reloading.listen(reports::reloads, reports::reloaded);
  }

  /** Polls, and returns when a signal has ended it. */
  public void run() throws IOException, InterruptedException {
    String cluster = configuration.cluster().name();
    daemon
        .events()
        .add(
            Events.pollerStarting(
                Version.text(), options.file(), cluster, configuration.systems().size()));
    try (reports;
        Closeable traps = listen();
        AttachServer orders = takeOrders();
        HttpEntrance entrance = http.start()) {
      LastResort lastResort = new LastResort(() -> {}, daemon.ticker());
      lastResort.whenAThreadDies(options.exitCodeOfDeath());
      handleSignals(lastResort);
      daemon.membership().join();
      daemon.events().add(Events.polling(cluster, configuration.systems().size()));
      entrance.mounted(CoreThreads.of(daemon, null, orders), HTTP_MILLIS);
      reports.answers(CoreThreads.of(daemon, null, orders));
      if (traps != null) {
        LOG.info("traps are received at {}", configuration.traps());
      }
      ended.await();
      daemon.membership().leave(LEAVING_NANOS);
    }
    daemon.events().add(Events.pollerEnded(cluster));
  }

  /** Null if no orders are taken; then signals have to do. */
  private AttachServer takeOrders() {
    try {
      Path socket =
          AttachSocket.ofPoller(
              ProcessHandle.current().pid(), System.getenv(), Posix.INSTANCE.geteuid());
      return daemon.entrances().takeOrders(socket, new OperatorOrders(daemon, reloading, ""));
    } catch (IOException e) {
      LOG.warn("no orders are taken ('aeiou drain --pid' does not work): {}", e.getMessage());
      return null;
    }
  }

  /** Null if no traps are received; that it cannot be is no reason not to poll. */
  private Closeable listen() {
    if (!configuration.traps().isAnywhere()) {
      return null;
    }
    try {
      return daemon.entrances().listen(state(configuration, options.file()));
    } catch (IOException e) {
      LOG.error("no traps are received: {}", e.getMessage());
      return null;
    }
  }

  /** Where a poller keeps what outlives a run: by its configuration, as it has no mount point. */
  static StateFolder state(Configuration configuration, Path file) throws IOException {
    return StateFolder.of(
        configuration.state().folder(), file, System.getenv(), Posix.INSTANCE.geteuid());
  }

  private void handleSignals(LastResort lastResort) {
    Signals.handle("TERM", () -> stop(lastResort, "SIGTERM"));
    Signals.handle("INT", () -> stop(lastResort, "SIGINT"));
    if (Signals.isHangUpIgnored()) {
      LOG.info("SIGHUP is ignored, as under nohup: start it again to reload");
    }
    Signals.handle("HUP", reloading::signalled);
  }

  private void stop(LastResort lastResort, String signal) {
    // First this: the event may wait for a lock of a thread that is stuck.
    lastResort.within(ORDERLY_NANOS, 0);
    reports.stops("leaves the cluster: " + signal);
    daemon.events().add(Events.pollerStopping(configuration.cluster().name(), signal));
    ended.countDown();
  }

  private List<String> apply(Configuration next) {
    List<String> changes = new ArrayList<>(daemon.reload(next, NEW_START));
    changes.addAll(http.change(next.http()));
    return changes;
  }
}
