/**
 * The seam to what is monitored: what the daemon asks of a system and how, whatever the protocol.
 *
 * <p>In come questions, out go values; what is known of objects beforehand is in {@link
 * org.aeiou.daemon.backend.Definitions}.
 *
 * <pre>
 *   BackendFactory ── reads its section of the configuration ──▶ BackendSettings
 *         │ start                                                       │
 *         ▼                                                             ▼
 *      Backend ─────────────────── connect(name, settings) ──▶ Exchanger&lt;Question, Value&gt;
 *                                                               one for each system, for the scheduler
 * </pre>
 *
 * <p>Nothing here knows SNMP. A back end is a room below this one, and one line where the daemon is
 * put together.
 */
package org.aeiou.daemon.backend;
