package org.aeiou.daemon.tree;

import java.util.Locale;
import org.aeiou.closures.exchange.Health;

/** {@code /core1/.health}: what is known of how the system answers, as {@code key: value} lines. */
final class HealthFile extends NodeBelow<SystemDirectory> implements TextFile {

  HealthFile(SystemDirectory parent) {
    super(parent, SystemDirectory.HEALTH);
  }

  @Override
  Object key() {
    return SystemDirectory.HEALTH;
  }

  @Override
  public String name() {
    return SystemDirectory.HEALTH;
  }

  @Override
  public String text() {
    Endpoint endpoint = system().endpoint();
    if (endpoint == null) {
      return "state: removed\n";
    }
    Health health = endpoint.queue().health();
    StringBuilder text = new StringBuilder();
    line(text, "state", state(health));
    line(text, "breaker", health.breaker().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    line(text, "last_error", health.lastError() == null ? "none" : health.lastError());
    line(
        text,
        "rtt_us",
        health.rttNanos() < 0 ? "unknown" : Long.toString(health.rttNanos() / 1000));
    line(text, "notes", health.notes().isEmpty() ? "none" : String.join("; ", health.notes()));
    line(text, "batch_limit", Integer.toString(health.batchLimit()));
    line(text, "in_flight", Integer.toString(health.inFlight()));
    line(text, "queued", Integer.toString(health.queued()));
    health.progress().forEach(work -> line(text, "progress", work));
    line(text, "cached", Integer.toString(endpoint.cache().answered()));
    return text.toString();
  }

  private static String state(Health health) {
    if (health.breaker() != Health.BreakerState.CLOSED) {
      return "down";
    }
    return health.rttNanos() < 0 ? "unknown" : "up";
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(": ").append(value.replace('\n', ' ')).append('\n');
  }
}
