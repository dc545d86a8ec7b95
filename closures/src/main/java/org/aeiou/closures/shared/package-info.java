/**
 * Memory shared with other processes: its layouts, drawn in {@code closures/ABI.md}, and both ends
 * of what is in it.
 *
 * <pre>
 *             daemon                                client
 *   requests  SubmissionRing      ◀──  pages  ───   SubmissionWriter
 *   outcomes  CompletionRing, Arena ─ outcomes ─▶   CompletionReader
 *   cache     {@link org.aeiou.closures.shared.table}, both ends
 *   socket    (the daemon's own)  ◀── hello ────    HelloWriter
 *                                 ─── welcome ──▶   WelcomeReader
 * </pre>
 *
 * <p>A {@code *Descriptor} is the only place that knows an offset. {@link
 * org.aeiou.closures.shared.Memory} reads and writes words in the orders that the layouts need;
 * beside each release, acquire and fence stands what it pairs with at the other end. Neither end
 * trusts what the other one can write: cursors have private copies, and what is read is copied once
 * and then validated.
 */
package org.aeiou.closures.shared;
