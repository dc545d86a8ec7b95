/**
 * What Prometheus reads of the daemon itself, over HTTP.
 *
 * <pre>
 *   /metrics ──▶ MetricsHandler ── one rendering a second ──▶ metrics.Metrics, SystemFamilies
 *   /sd      ──▶ DiscoveryHandler ──▶ the systems as targets of /snmp
 *                                          both ask ──▶ overview.Overview
 * </pre>
 *
 * <p>Nothing here asks a system, and nothing waits.
 */
package org.aeiou.daemon.http.scrape;
