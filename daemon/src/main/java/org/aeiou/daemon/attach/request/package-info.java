/**
 * Requests of clients, from a submission to its completion.
 *
 * <pre>
 *  Operations.take ─▶ Client.accept ─▶ ClientRequest, in PendingByNumber ─▶ RequestCheck
 *    │                  │                └─ Deadlines: when those end that say so
 *    │                  └─ Chains: the steps behind the first one, as a Chain
 *    ▼
 *  PathCache ─▶ the service's path resolver
 *    │ a node
 *    ▼
 *  Operations: stat, list, read, describe; ClientWatches, WatchIndex, ClientWatch
 *    │           GroupReads, by a GroupPath; GroupAnswer writes what they find
 *    │                               └─▶ ValueTablePublisher, of attach.table: for all clients
 *    │ an outcome, on whatever thread it comes
 *    ▼
 *  Completions ─▶ Client.end: completion ring, bell ─▶ listener: the next step of its Chain, by a
 *                                                      Condition, which may be a ForEachStep (what
 *                                                      that found are NamedOutcomes); or the end of
 *                                                      a watch
 * </pre>
 *
 * <p>{@link org.aeiou.daemon.attach.request.Client} has the rings and what is pending, and calls no
 * other class but a request's listener. {@link org.aeiou.daemon.attach.request.Operations} calls
 * the service; it observes it as well, so that values are published and watches told.
 */
package org.aeiou.daemon.attach.request;
