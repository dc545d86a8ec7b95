package org.aeiou.daemon.app;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.overview.SystemState;
import org.aeiou.daemon.service.TimerThread;
import org.aeiou.daemon.systemd.ServiceManager;
import org.aeiou.daemon.systemd.Watchdog;
import org.aeiou.daemon.systemd.Watched;

/**
 * What the service manager is told of a mount or a poller: that it answers, how its systems are,
 * that it reloads and ends, and that no thread of it is stuck. Any thread.
 */
final class ServiceReports implements AutoCloseable {
  private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ServiceManager manager;
  private final Daemon daemon;
  private final String name;
  private final TimerThread timer = new TimerThread("aeiou-status");
  private Watchdog watchdog;
  private boolean answers;

  /**
   * Nothing is told yet.
   *
   * @param name what people know it by: the mount point
   */
  ServiceReports(ServiceManager manager, Daemon daemon, String name) {
    this.manager = manager;
    this.daemon = daemon;
    this.name = name;
    if (manager.isThere()) {
      daemon.metrics().register("systemd", manager.metrics());
    }
  }

  /**
   * It answers from now on.
   *
   * @param threads those that must not stand still
   */
  synchronized void answers(List<Watched> threads) {
    if (!manager.isThere()) {
      return;
    }
    answers = true;
    manager.ready(status());
    timer.every(STATUS_NANOS, this::tellStatus);
    if (manager.watchdog() != null) {
      watchdog =
          new Watchdog(threads, manager.watchdog().toNanos(), manager::alive, daemon.ticker());
      watchdog.start();
    }
  }

  private void tellStatus() {
    manager.status(status());
  }

  private String status() {
    List<SystemState> systems = daemon.overview().systems();
    Map<SystemState.State, Integer> counts = SystemState.count(systems);
    int up = counts.get(SystemState.State.UP);
    int down = counts.get(SystemState.State.DOWN) + counts.get(SystemState.State.BREAKER);
    return "%s: %d systems, %d up, %d down; %d requests pending"
        .formatted(name, systems.size(), up, down, daemon.pending());
  }

  /** The configuration is read again. */
  synchronized void reloads() {
    if (answers) {
      manager.reloading();
    }
  }

  /** That is over, whatever came of it. */
  synchronized void reloaded() {
    if (answers) {
      manager.ready(status());
    }
  }

  /** It will not answer. */
  void failed(String why) {
    if (manager.isThere()) {
      manager.stopping(why);
    }
  }

  /** The daemon ends; what is stuck from now on another thread sees to. */
  synchronized void stops(String why) {
    if (manager.isThere() && answers) {
      answers = false;
      manager.stopping(why);
    }
  }

  @Override
  public synchronized void close() {
    timer.close();
    if (watchdog != null) {
      watchdog.close();
    }
    manager.close();
  }
}
