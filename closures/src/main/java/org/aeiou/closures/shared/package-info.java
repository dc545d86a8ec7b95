/**
 * Memory shared with other processes: its layouts, drawn in {@code closures/ABI.md}, and what is
 * done with it.
 *
 * <p>A {@code *Descriptor} is the only place that knows an offset. {@link
 * org.aeiou.closures.shared.Memory} reads and writes words in the orders that the layouts need.
 * {@link org.aeiou.closures.shared.ValueTable} is the copy of the cache that clients read without
 * asking anyone; {@link org.aeiou.closures.shared.SubmissionRing} and {@link
 * org.aeiou.closures.shared.CompletionRing} carry requests in and outcomes out. Whoever holds one
 * of these trusts nothing that the other side can write: cursors have private copies, and what is
 * read from there is copied once and then validated.
 */
package org.aeiou.closures.shared;
