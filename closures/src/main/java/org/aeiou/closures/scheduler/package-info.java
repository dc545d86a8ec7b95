/**
 * The completion scheduler: what to ask which system, when, and whose closures run at the answer.
 *
 * <p>In come misses ({@link org.aeiou.closures.scheduler.SystemQueue#submit}); out go exchanges
 * ({@link org.aeiou.closures.scheduler.Exchanger#start}), and for each request one delayed closure.
 * Many requests for one key share one fetch, many fetches share one exchange, and no system is
 * asked more, or faster, than its {@link org.aeiou.closures.scheduler.Limits} allow.
 *
 * <p>Public are {@link org.aeiou.closures.scheduler.CompletionScheduler} and what its methods take
 * and give. Behind it, in the order an event meets them: {@code Mailbox} (the only thing here that
 * two threads touch), {@code Shard} (the loop), {@code ShardQueue} (one system), {@code Fetches},
 * {@code Fetch} and {@code SendQueue} (what is wanted, by whom, in which order), {@code Flight} and
 * {@code Landing} (an exchange and its answer), {@code PendingRequest} (whose closure runs); beside
 * them {@code TimingWheel}, {@code Breaker}, {@code BatchLimit}, {@code Permits}, {@code Counters}.
 */
package org.aeiou.closures.scheduler;
