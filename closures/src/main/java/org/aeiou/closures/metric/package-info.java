/**
 * What is counted and measured, described: name, type, unit, help, and how to read it. The JDK is
 * all that this room needs; how a program shows its metrics is the program's affair.
 *
 * <pre>
 *   a room: counter(name, help) ──▶ MetricSet ──▶ Metric.Counter │ Metric.Gauge │ Metric.Histogram
 *              │                        │
 *              ▼                        ▼
 *   LongAdder, on the hot path      values(), by name: any thread, at any time
 * </pre>
 */
package org.aeiou.closures.metric;
