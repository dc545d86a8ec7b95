/**
 * What the daemon counts and what happened to it, for people ({@code /.aeiou}) and for Prometheus.
 */
package org.aeiou.daemon.metrics;
