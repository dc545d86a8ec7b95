/**
 * The completion scheduler: what to ask which system, when, and whose closures run at the answer.
 *
 * <p>In come misses ({@link org.aeiou.closures.scheduler.SystemQueue#submit}); out go exchanges
 * ({@link org.aeiou.closures.exchange.Exchanger#start}), and for each request one delayed closure.
 * Many requests for one key share one fetch, many fetches share one exchange, and no system is
 * asked more, or faster, than its {@link org.aeiou.closures.exchange.Limits} allow.
 *
 * <pre>
 *   CompletionScheduler ── Requester, RequesterBurst: on whose behalf, and which leave together
 *        │ open                    │ submit: a PendingRequest is mail for the shard
 *        ▼                         ▼
 *   OpenedSystem ── Deliveries: one system, for any thread; what comes unasked
 *        │ mail
 *        ▼
 *   ShardQueue: the same system, on the thread of its shard
 *        │  ├─ Admission                                        which requests are taken, what they join
 *        │  │    ├─ Flows ─▶ UserShare ─▶ FlowQueue             which user's turn it is
 *        │  │    └─ Fetches ─▶ Fetch, SendQueue                 what is wanted, in which order
 *        │  ├─ SignsOfLife ─▶ Breaker                           whether it answers, whether to ask
 *        │  │       └─ LearnedLimits (of the room learning)     how much, how many at once, how fast
 *        │  ├─ Pace, FastestAnswer (of the room pace)           when: its rate, a budget it shares
 *        │  └─ SystemCallbacks                                  the back end, and step 1
 *        ▼
 *   ExchangeInFlight ─▶ AnswerHandler                           an exchange and its answer
 * </pre>
 *
 * <p>Arrows are imports. {@code ShardQueue}, {@code ExchangeInFlight} and {@code AnswerHandler}
 * know each other, as do the four list nodes {@code PendingRequest}, {@code Fetch}, {@code
 * FlowQueue} and {@code UserShare}; nothing else here goes round. Threads, mailboxes, timers and
 * bounds are {@link org.aeiou.closures.shard}.
 */
package org.aeiou.closures.scheduler;
