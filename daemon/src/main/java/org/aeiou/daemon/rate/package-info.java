/**
 * Rates of counters: what is made of the samples that a system answers, one after another.
 *
 * <pre>
 *   CounterSample ──▶ Rates ──▶ Step: how it follows the one before      wrap, reset, gap
 *                       │           └─▶ History: when the counter moved
 *                       ├─▶ Renewal: how often the system renews it       one for what is renewed together
 *                       └─▶ RateMeasure ──▶ Rate: a number over a time, or why there is none yet
 * </pre>
 *
 * <p>Everything is immutable but {@link org.aeiou.daemon.rate.Rates}, and nothing here asks or
 * waits. A {@link org.aeiou.daemon.rate.Rate} carries the history that it was made of, so that the
 * bound on the cache holds for that, too.
 */
package org.aeiou.daemon.rate;
