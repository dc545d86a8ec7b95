/**
 * Traps and informs: what agents send of their own accord.
 *
 * <pre>
 *   TrapSocket ──▶ TrapReceiver ── Senders: whose it may be ── SourceLimits ──▶ Notification.Sink
 *      ▲               │ TrapMessages: v1, v2c     TrapTranslation: RFC 3584
 *      └── answer ─────┤ TrapUsers: v3, on OwnEngine
 *                      └ InformsSeen: a duplicate is acknowledged again, and told once
 * </pre>
 *
 * <p>In come datagrams, out go notifications and the responses to informs. No value is taken from
 * what agents send here: it says what is to be read again.
 */
package org.aeiou.daemon.backend.snmp.trap;
