/**
 * A shard: one thread that owns systems, what it is sent, when it wakes, and what it counts.
 *
 * <pre>
 *   any thread ──▶ Mailbox ──▶ Shard.turn ──▶ Mail.receive       answers and withdrawals, at once
 *                                  ├──▶ Inbox of a User           requests, one user after the other
 *                                  ├──▶ TimingWheel ──▶ Timer.fire
 *                                  └──▶ Permits ──▶ OwnedSystem.send    one system after the other
 * </pre>
 *
 * <p>Several threads touch {@link org.aeiou.closures.shard.Mailbox}, {@link
 * org.aeiou.closures.shard.Permits}, {@link org.aeiou.closures.shard.PendingBound} and {@link
 * org.aeiou.closures.shard.User}; everything else is for the owner. What a system does is not known
 * here. The types are public for the scheduler alone, which a test holds; {@link
 * org.aeiou.closures.shard.DynamicThreshold} is for every room that shares something, {@link
 * org.aeiou.closures.shard.TimingWheel} for every one that has many deadlines.
 */
package org.aeiou.closures.shard;
