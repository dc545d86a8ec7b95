/**
 * What the operator wants: a YAML file, checked as a whole before anything starts.
 *
 * <p>In comes a file; out comes a {@link org.aeiou.daemon.config.Configuration}, or a {@link
 * org.aeiou.daemon.config.ConfigurationException} with everything that is wrong, each with its
 * line. What is for every back end is read here; each back end reads the sections that have its
 * name.
 *
 * <pre>
 * a file ─▶ document ─▶ ConfigurationReader ─▶ Configuration
 *                         │  ├─ mount:, attach: ─▶ Owners: users and groups of this machine
 *                         │  ├─ ttl: ────────────▶ Lifetime
 *                         │  ├─ http: ───────────▶ HttpReader
 *                         │  ├─ cluster: ────────▶ ClusterReader
 *                         │  └─ systems: ────────▶ SystemsReader ─▶ SystemNames
 *                         ▼                          │
 *                       defaults: ──────────▶ backend.PartialSettings, one for each back end
 * </pre>
 */
package org.aeiou.daemon.config;
