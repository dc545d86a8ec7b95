/**
 * SNMP messages, on SNMP4J: how a PDU is wrapped for one agent, and what a datagram from it means.
 *
 * <p>In come requests and datagrams, out go datagrams and responses. Knows neither questions nor
 * sockets.
 *
 * <pre>
 *   MessageCodecs ──▶ MessageCodec ┬─ CommunityCodec   v1, v2c: a community
 *                                  └─ UsmCodec         v3: a user ──▶ AuthoritativeEngine, UsmKeys
 *   MessageHeader: version and id, before anything is decoded
 *   SnmpCounter, SnmpCounters, Notes: what is counted and noticed, here and in the room above
 * </pre>
 */
package org.aeiou.daemon.backend.snmp.message;
