/**
 * What the daemon counts and what happened to it, for people and for Prometheus.
 *
 * <pre>
 *   scheduler, backend, cache, service,          (closures.metric: Metric, MetricSet)
 *   attach, channel, log ──── register ──▶ Metrics ──▶ asLines()       /.aeiou/stats
 *                                             └──▶ Exposition ──▶ text  /.aeiou/metrics
 *                                                     │ ExposedName: what a metric is called there
 *                                                     ├ Family: its values, for Prometheus' client
 *                                                     └ ProcessFamilies: of the process and Java
 *
 *   every logger ──▶ LogLimit ──▶ EventLog ──▶ EventRing                /.aeiou/events
 *   Events ── EventLimit ───────────▶ │ EventLine: JSON    └ by system  /core1/.events
 * </pre>
 *
 * <p>A room describes its metrics with the types of {@link org.aeiou.closures.metric} and counts
 * into adders of its own. Only {@code Exposition} and the families know Prometheus' client, and
 * only when the metrics are read.
 */
package org.aeiou.daemon.metrics;
