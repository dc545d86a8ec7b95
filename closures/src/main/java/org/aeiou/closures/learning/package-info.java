/**
 * What is learned of one system by asking it: how long it takes, how much fits into an exchange,
 * how many it takes at once, and how fast. All of it is arithmetic on what the scheduler tells of
 * exchanges: no clock, no thread, nothing of what is asked.
 *
 * <pre>
 *   sent, answered, lost ──▶ LearnedLimits ─┬─ RoundTrip            how long until it is sent again
 *                                           ├─ BatchLimit ─┐        how many items
 *                                           └─ Pace ───────┼─ Trust how long a limit holds
 *                                               └─ Trial ──┘        slower, to see whether it helps
 * </pre>
 *
 * <p>Used by the owner of the system only.
 */
package org.aeiou.closures.learning;
