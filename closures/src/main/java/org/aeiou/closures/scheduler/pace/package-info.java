/**
 * When the next exchange may start, and whose turn it is then.
 *
 * <pre>
 *   ShardQueue ─▶ Pace ── least interval, the system's own rate
 *                  │
 *                  ▼ one in each shard for each budget
 *              BudgetLine ─▶ Turn ── a user's place for one system; the users take turns: RoundRobin
 *                  │ reserve, take
 *                  ▼ one for all shards
 *               Budget ─▶ Budget ── that it is within
 * </pre>
 *
 * <p>{@code Backoff} is how long to wait after a failure, {@code FastestAnswer} how soon an answer
 * may come at all.
 *
 * <p>Where neither a rate nor a budget is configured, none of it is looked at but two fields. The
 * types are public for the scheduler alone, but for {@link
 * org.aeiou.closures.scheduler.pace.Budget} and {@link org.aeiou.closures.scheduler.pace.Backoff},
 * which the owner of a scheduler makes.
 */
package org.aeiou.closures.scheduler.pace;
