/**
 * What a new owner of a slot is given, so that it need not ask for what others know: readings with
 * their ages, and what was learned of systems. And in which order an owner that leaves gives its
 * slots away.
 *
 * <pre>
 *   acquired a slot ──▶ PageWanted to all ──▶ PageSender of each member ──▶ Page ──▶ PageTaker: cache, learned
 *               └──▶ KeptLearned: what was learned of the slot's systems, also if no owner lives
 *   a slot is to go ──▶ GivingAway: ask no more ▸ what is pending ends ▸ Pages ▸ the lease is released
 * </pre>
 */
package org.aeiou.daemon.cluster.handover;
