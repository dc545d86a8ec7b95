/**
 * {@code /snmp?target=&module=}, answered as Prometheus' snmp_exporter answers it, from the cache
 * in front of the systems: however many scrapers there are, a value is fetched once.
 *
 * <p>In come requests of scrapers; out go group reads, and metrics in the text format. What a
 * module exports is data: {@code snmp-modules.yaml} in the resources, and the user's own files.
 *
 * <pre>
 * SnmpHandler ─▶ ScrapeQuery, Targets, Modules: what is wanted
 *     │
 *     ├─▶ Scrape ─▶ group reads of the service, all at once ─▶ the last one ends it
 *     │
 *     └─▶ ScrapeMetrics ─▶ families of AttributeSamples, with RowLabels; LabelText writes values
 *              │
 *              └─▶ ScrapeBody: a buffer at a time, as fast as the scraper reads
 * </pre>
 */
package org.aeiou.daemon.http.snmp;
