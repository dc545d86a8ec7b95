/**
 * The completion scheduler: what to ask which system, when, and whose closures run at the answer.
 *
 * <p>In come misses ({@link org.aeiou.closures.scheduler.SystemQueue#submit}); out go exchanges
 * ({@link org.aeiou.closures.scheduler.Exchanger#start}), and for each request one delayed closure.
 * Many requests for one key share one fetch, many fetches share one exchange, and no system is
 * asked more, or faster, than its {@link org.aeiou.closures.scheduler.Limits} allow.
 */
package org.aeiou.closures.scheduler;
