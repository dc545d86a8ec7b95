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

/**
 * Addresses of host names, asked for on other threads and remembered for a while.
 *
 * <p>A name that is due is asked for again behind the caller's back, and its old address is used
 * meanwhile, also if the name service fails then: it is more likely to be out of order than the
 * agent is to have moved.
 */
final class Names {
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
  private final Counters counters;
  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

  Names(Service service, Executor executor, Ticker ticker, Duration ttl, Counters counters) {
    this.service = service;
    this.executor = executor;
    this.ticker = ticker;
    this.ttlNanos = ttl.toNanos();
    this.counters = counters;
  }

  /**
   * Tells {@code told} the address of {@code host}, or null if there is none: at once, inside this
   * call, if it is known; else later, on another thread. Never blocks.
   */
  void tell(String host, Consumer<InetAddress> told) {
    if (InetAddresses.isInetAddress(host)) {
      told.accept(InetAddresses.forString(host));
    } else {
      entries.computeIfAbsent(host, Entry::new).tell(told);
    }
  }

  private final class Entry {
    private final String host;
    private InetAddress address;
    private boolean known;
    private long dueNanos;

    /** Who waits for an answer; null while none is being asked for. */
    private List<Consumer<InetAddress>> waiting;

    Entry(String host) {
      this.host = host;
    }

    void tell(Consumer<InetAddress> told) {
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
          waiting.add(told);
        }
      }
      // Not under the lock: what is told sends a datagram, and the executor may run at once.
      if (answer) {
        told.accept(now);
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
                answered(service.resolve(host));
              } catch (UnknownHostException | RuntimeException e) {
                answered(null);
              }
            });
      } catch (RejectedExecutionException e) {
        answered(null);
      }
    }

    private void answered(InetAddress found) {
      List<Consumer<InetAddress>> told;
      InetAddress now;
      synchronized (this) {
        known = true;
        if (found != null) {
          address = found;
        }
        dueNanos = ticker.read() + (found != null ? ttlNanos : RETRY_NANOS);
        now = address;
        told = waiting;
        waiting = null;
      }
      counters.add(found != null ? Count.NAMES_RESOLVED : Count.NAMES_UNKNOWN);
      told.forEach(one -> one.accept(now));
    }
  }
}
