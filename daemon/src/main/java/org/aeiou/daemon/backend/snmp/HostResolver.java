package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;

/**
 * Addresses of host names, asked for on other threads and remembered for a while.
 *
 * <p>A name that is due is asked for again behind the caller's back, and its old address is used
 * meanwhile, also if the name service fails then: it is more likely to be out of order than the
 * agent is to have moved.
 */
final class HostResolver {
  /** How soon a name that could not be resolved is asked for again. */
  private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

  /** Asks the name service; may block. */
  interface Service {
    InetAddress resolve(String host) throws UnknownHostException;
  }

  private final Service service;
  private final Executor executor;
  private final Ticker ticker;
  private final long ttlNanos;
  private final SnmpCounters counters;
  private final ConcurrentHashMap<String, Host> hosts = new ConcurrentHashMap<>();

  HostResolver(
      Service service, Executor executor, Ticker ticker, Duration ttl, SnmpCounters counters) {
    this.service = service;
    this.executor = executor;
    this.ticker = ticker;
    this.ttlNanos = ttl.toNanos();
    this.counters = counters;
  }

  /**
   * Gives {@code resolved} the address of {@code host}, or null if there is none: at once, inside
   * this call, if it is known; else later, on another thread. Never blocks.
   */
  void resolve(String host, Consumer<InetAddress> resolved) {
    if (InetAddresses.isInetAddress(host)) {
      resolved.accept(InetAddresses.forString(host));
    } else {
      hosts.computeIfAbsent(host, Host::new).resolve(resolved);
    }
  }

  private final class Host {
    private final String name;
    private InetAddress address;
    private boolean known;
    private long dueNanos;

    /** The callers that wait for an answer; null while the name service is not being asked. */
    private List<Consumer<InetAddress>> waiting;

    Host(String name) {
      this.name = name;
    }

    void resolve(Consumer<InetAddress> resolved) {
      InetAddress now;
      boolean answer;
      boolean ask = false;
      synchronized (this) {
        boolean due = !known || ticker.read() - dueNanos >= 0;
        if (due && waiting == null) {
          waiting = new ArrayList<>();
          ask = true;
        }
        answer = address != null || !due;
        now = address;
        if (!answer) {
          waiting.add(resolved);
        }
      }
      // Not under the lock: the caller sends a datagram, and the executor may run at once.
      if (answer) {
        resolved.accept(now);
      }
      if (ask) {
        ask();
      }
    }

    private void ask() {
      try {
        executor.execute(
            () -> {
              try {
                answered(service.resolve(name));
              } catch (UnknownHostException | RuntimeException e) {
                answered(null);
              }
            });
      } catch (RejectedExecutionException e) {
        answered(null);
      }
    }

    private void answered(InetAddress found) {
      List<Consumer<InetAddress>> callers;
      InetAddress now;
      synchronized (this) {
        known = true;
        if (found != null) {
          address = found;
        }
        dueNanos = ticker.read() + (found != null ? ttlNanos : RETRY_NANOS);
        now = address;
        callers = waiting;
        waiting = null;
      }
      counters.add(found != null ? SnmpCounter.NAMES_RESOLVED : SnmpCounter.NAMES_UNKNOWN);
      callers.forEach(caller -> caller.accept(now));
    }
  }
}
