/**
 * How all systems are, and who asks for how much: one record each, for whatever shows all of them
 * at once (files of {@code /.aeiou}, {@code aeiou top}, metrics, a page).
 *
 * <pre>
 *   tree.Network ──▶ Endpoint: SystemQueue.health(), counts(), ReadingCache ─┐
 *                                                                            ├─▶ Overview ──▶ SystemState, RequesterState
 *   CompletionScheduler.requesters() ────────────────────────────────────────┘
 * </pre>
 *
 * <p>Everything is read that is kept anyway: no system is asked, no shard is waited for, no lock is
 * taken.
 */
package org.aeiou.daemon.overview;
