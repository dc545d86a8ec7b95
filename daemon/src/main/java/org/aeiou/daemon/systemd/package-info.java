/**
 * What systemd is told and tells: the protocols of {@code sd_notify(3)}, of its watchdog and of its
 * journal. All of them are datagrams to a Unix socket, which the JDK cannot send.
 *
 * <pre>
 *   NOTIFY_SOCKET, WATCHDOG_USEC ──▶ ServiceManager ── ready, status, … ──▶ Datagrams ──▶ systemd
 *                                          ▲ alive
 *   shards, readers, … ◀── Watched ── Watchdog
 *   JOURNAL_STREAM ──▶ Journal ── fields of a line ──▶ Datagrams ──▶ systemd-journald
 * </pre>
 *
 * <p>Knows nothing of the daemon. Where no service manager is, nothing of it is loaded but the look
 * at the environment.
 */
package org.aeiou.daemon.systemd;
