package org.aeiou.daemon.http;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/** What the server counts. */
final class HttpCounters {
  private static final String REFUSED = "Requests refused before they reached what answers them.";

  final MetricSet metrics = new MetricSet();

  final LongAdder requests = metrics.counter("requests", "Requests whose headers were complete.");
  final LongAdder faults =
      metrics.counter("faults", "Requests that ended in an error of the daemon itself.");
  final LongAdder broken =
      metrics.counter("broken", "Answers that were not sent to their end, as the client was gone.");
  final LongAdder badHost = refused("host");
  final LongAdder crossSite = refused("cross_site");
  final LongAdder badMethod = refused("method");
  final LongAdder noToken = refused("no_token");
  final LongAdder wrongToken = refused("wrong_token");
  final LongAdder unreadable = refused("unreadable");
  final LongAdder logins = metrics.counter("logins", "Browsers that were let in with the token.");
  final LongAdder refusedConnections =
      metrics.counter(
          "refused-connections", "Connections refused because there were as many as there may be.");
  final LongAdder refusedOfAddress =
      metrics.counter(
          "refused-of-address",
          "Connections refused because their address had as many as it may have.");
  final LongAdder idle =
      metrics.counter("idle", "Connections ended that asked for nothing for too long.");
  final LongAdder acceptFailures =
      metrics.counter("accept-failures", "Times that no connection could be accepted.");
  final LongAdder listenFailures =
      metrics.counter("listen-failures", "Addresses that could not be listened at.");
  final LongAdder certificateReloads =
      metrics.counter("certificate-reloads", "Times that new certificates were taken.");
  final LongAdder certificateFailures =
      metrics.counter("certificate-failures", "Times that new certificates could not be used.");

  HttpCounters(Connections connections) {
    metrics.gauge("connections", Unit.COUNT, "Connections there are now.", connections::count);
  }

  private LongAdder refused(String reason) {
    return metrics.counter("refused", "reason", reason, REFUSED);
  }
}
