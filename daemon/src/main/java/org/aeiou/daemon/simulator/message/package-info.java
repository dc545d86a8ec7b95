/**
 * SNMP messages, seen from the engine that is asked: v1, v2c and v3.
 *
 * <p>{@link org.aeiou.daemon.simulator.message.Messages} takes the octets of a datagram and returns
 * those of the answer. The agent behind it is a {@link
 * org.aeiou.daemon.simulator.message.CommandResponder}, which answers the PDU and counts.
 *
 * <pre>
 *   octets ▸ Messages (v1, v2c) ──────────────────────────▸ CommandResponder
 *                └▸ UserMessages (v3) ▸ SimulatedUser (keys) ──┘
 *                     SnmpEngine: identifier, counters of reports
 *   Tlv and UserMessage: the layout
 * </pre>
 */
package org.aeiou.daemon.simulator.message;
