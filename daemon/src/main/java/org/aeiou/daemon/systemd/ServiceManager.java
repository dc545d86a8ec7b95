package org.aeiou.daemon.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.posix.Posix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, as {@code sd_notify(3)} has it; or none, and then
 * nothing happens. Any thread may call any method.
 */
public final class ServiceManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  /** What must arrive is tried so often, so far apart: a second in all. */
  private static final int TRIES = 100;

  private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Datagrams socket;
  private final Duration watchdog;
  private final Ticker ticker;
  private final MetricSet metrics = new MetricSet();
  private final LongAdder sent = metrics.counter("sent", "Messages to the service manager.");
  private final LongAdder failures =
      metrics.counter("failures", "Messages to the service manager that could not be sent.");
  private String status = "";

  private ServiceManager(Datagrams socket, Duration watchdog, Ticker ticker) {
    this.ticker = ticker;
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /**
   * The one that the environment names.
   *
   * @param pid of this process: the watchdog may be another's
   * @param ticker that of CLOCK_MONOTONIC
   */
  public static ServiceManager of(Map<String, String> environment, long pid, Ticker ticker) {
    String name = environment.get("NOTIFY_SOCKET");
    if (name == null || name.isEmpty()) {
      return new ServiceManager(null, null, ticker);
    }
    try {
      return new ServiceManager(new Datagrams(name), watchdog(environment, pid), ticker);
    } catch (IOException e) {
      LOG.warn("the service manager is told nothing: NOTIFY_SOCKET: {}", e.getMessage());
      return new ServiceManager(null, null, ticker);
    }
  }

  private static Duration watchdog(Map<String, String> environment, long pid) {
    String micros = environment.get("WATCHDOG_USEC");
    String whose = environment.getOrDefault("WATCHDOG_PID", "");
    if (micros == null || !(whose.isEmpty() || whose.equals(Long.toString(pid)))) {
      return null;
    }
    try {
      long parsed = Long.parseLong(micros);
      if (parsed > 0) {
        return Duration.of(parsed, ChronoUnit.MICROS);
      }
    } catch (NumberFormatException e) {
      // Said below, in the same words.
    }
    LOG.warn("there is no watchdog: WATCHDOG_USEC: '{}', expected microseconds", micros);
    return null;
  }

  /** Whether there is one. */
  public boolean isThere() {
    return socket != null;
  }

  /** How often it wants to hear that all is well, at the least; null if it does not. */
  public Duration watchdog() {
    return watchdog;
  }

  /** The service has started, or has reloaded. */
  public void ready(String text) {
    tell("READY=1\nSTATUS=" + line(text));
  }

  /** A sentence for {@code systemctl status}; sent if it is another one. */
  public synchronized void status(String text) {
    String line = line(text);
    if (!line.equals(status)) {
      status = line;
      send("STATUS=" + line);
    }
  }

  /** The configuration is read again, until {@link #ready}. */
  public void reloading() {
    // Of CLOCK_MONOTONIC, which the ticker is on Linux.
    long micros = TimeUnit.NANOSECONDS.toMicros(ticker.read());
    tell("RELOADING=1\nMONOTONIC_USEC=" + micros + "\nSTATUS=reads its configuration again");
  }

  /** The service ends. */
  public void stopping(String text) {
    tell("STOPPING=1\nSTATUS=" + line(text));
  }

  /** All is well, for the watchdog. */
  public void alive() {
    send("WATCHDOG=1");
  }

  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  /** Sends what the manager must not miss. */
  private void tell(String message) {
    int errno = send(message);
    for (int i = 1; i < TRIES && errno == Posix.EAGAIN; i++) {
      LockSupport.parkNanos(this, APART_NANOS);
      errno = send(message);
    }
    if (errno != 0) {
      LOG.warn(
          "the service manager was not told '{}': {}",
          message.lines().findFirst().orElse(""),
          Posix.INSTANCE.strerror(errno));
    }
  }

  private int send(String message) {
    if (socket == null) {
      return 0;
    }
    int errno = socket.send(message.getBytes(UTF_8));
    (errno == 0 ? sent : failures).increment();
    return errno;
  }

  /** How many messages there were. */
  public MetricSet metrics() {
    return metrics;
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
    }
  }
}
