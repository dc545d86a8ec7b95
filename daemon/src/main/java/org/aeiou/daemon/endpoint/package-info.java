/**
 * What a system is asked through: its queue, its cache, how long its readings are used, and what is
 * known of its tables.
 *
 * <p>In come rows that were walked; out come their names, in the order in which they stay listed,
 * and which columns a system does not have.
 *
 * <pre>
 * tree.MonitoredSystem ─▶ Endpoint ─┬─▶ closures: the queue
 *                                   ├─▶ cache
 *                                   ├─▶ Lifetimes
 *                                   └─▶ RowNames, ColumnPresence: of each table
 * </pre>
 */
package org.aeiou.daemon.endpoint;
