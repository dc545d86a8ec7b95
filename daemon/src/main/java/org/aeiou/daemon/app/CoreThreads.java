package org.aeiou.daemon.app;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.systemd.Pulse;
import org.aeiou.daemon.systemd.Watched;

/**
 * Whether the threads that do the work move, for {@code /healthz}. Looking is what asks them for a
 * sign of life, so that one that stands still is told by a probe that comes later.
 *
 * <p>Any thread may call any method.
 */
final class CoreThreads {
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Ticker ticker;

  // Guarded by this, and so is each of them.
  private List<Watched> watched = List.of();

  /** None yet: all is well. */
  CoreThreads(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Those of a daemon, each as it has not been asked before.
   *
   * @param channel null if it is not mounted
   * @param server null if programs cannot attach
   */
  static List<Watched> of(Daemon daemon, Channel channel, AttachServer server) {
    List<Watched> all = new ArrayList<>();
    daemon.threads().forEach((name, later) -> all.add(new Pulse(name, later)));
    if (server != null) {
      all.add(new Pulse("aeiou-attach", server::post));
    }
    if (channel != null) {
      all.add(new Readers(channel));
    }
    return all;
  }

  /** From now on it is about these. */
  synchronized void watch(List<Watched> threads) {
    watched = List.copyOf(threads);
  }

  /** What stands still and for how long, in a line; empty if nothing does. */
  synchronized String trouble() {
    long now = ticker.read();
    String trouble = "";
    for (Watched each : watched) {
      // All are looked at.
      long owed = each.owedNanos(now);
      if (owed > BOUND_NANOS && trouble.isEmpty()) {
        trouble = each.name() + " has not moved for " + TimeUnit.NANOSECONDS.toSeconds(owed) + " s";
      }
    }
    return trouble;
  }

  /** The threads that answer the kernel: they wait for it, and cannot be given anything else. */
  private record Readers(Channel channel) implements Watched {
    @Override
    public String name() {
      return "aeiou-fuse";
    }

    @Override
    public long owedNanos(long nowNanos) {
      return channel.atOneRequestNanos(nowNanos);
    }
  }
}
