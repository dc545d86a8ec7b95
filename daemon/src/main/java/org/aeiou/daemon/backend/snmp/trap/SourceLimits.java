package org.aeiou.daemon.backend.snmp.trap;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many traps are taken of each source: a token bucket each. What is dropped is told once for
 * many, when it is over or has lasted for a while. Used by one thread.
 */
final class SourceLimits {
  /** How long a storm is counted before it is told. */
  static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * Sources that are told apart at once; those of configured systems are not so many, as a rule.
   */
  static final int MOST = 20_000;

  private final int burst;
  private final double perNano;
  private final Map<InetAddress, Source> sources = new LinkedHashMap<>(16, 0.75f, true);

  /** Those of which something was dropped. */
  private final Map<InetAddress, Source> storms = new LinkedHashMap<>();

  private static final class Source {
    double tokens;
    long filledNanos;
    long stormNanos;
    long count;
  }

  /** A storm that is over, or has lasted for a period. */
  record Storm(InetAddress source, long count, long nanos) {}

  SourceLimits(int perSecond, int burst) {
    this.burst = burst;
    this.perNano = perSecond / 1e9;
  }

  /** Whether one more may be taken. */
  boolean take(InetAddress from, long now) {
    Source source = sources.get(from);
    if (source == null) {
      source = new Source();
      source.tokens = burst;
      source.filledNanos = now;
      sources.put(from, source);
      if (sources.size() > MOST) {
        Iterator<InetAddress> oldest = sources.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
    source.tokens = Math.min(burst, source.tokens + (now - source.filledNanos) * perNano);
    source.filledNanos = now;
    boolean taken = source.tokens >= 1;
    if (taken) {
      source.tokens--;
    } else if (storms.putIfAbsent(from, source) == null) {
      source.stormNanos = now;
      source.count = 0;
    }
    source.count++;
    return taken;
  }

  /** Storms that are to be told. */
  List<Storm> storms(long now) {
    if (storms.isEmpty()) {
      return List.of();
    }
    List<Storm> told = new ArrayList<>();
    storms
        .entrySet()
        .removeIf(
            entry -> {
              Source source = entry.getValue();
              long nanos = now - source.stormNanos;
              boolean over = nanos >= PERIOD_NANOS;
              if (over) {
                told.add(new Storm(entry.getKey(), source.count, nanos));
              }
              return over;
            });
    return told;
  }

  int size() {
    return sources.size();
  }
}
