/**
 * What clients find in the value table without asking.
 *
 * <pre>
 *   a client had an outcome ─▶ ValueTablePublisher ─▶ Published, of each node ─▶ the table
 *   something changed       ─▶   │ one thread at a time
 *                                ├─ PublishedBySystem: what goes when a system's names change
 *                                ├─ UnknownNames
 *                                └─ TableEntries: how slots are written
 * </pre>
 *
 * <p>What is published is what the cache has at that moment, and never older than what was
 * published before: the cache is looked at with the publisher's monitor held, after what is to be
 * kept up is noted. The thread that changes the cache does it the other way round, so that one of
 * the two sees the other. All of that comes before any client is told of an outcome.
 */
package org.aeiou.daemon.attach.table;
