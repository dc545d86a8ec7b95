/**
 * The SNMP back end, on SNMP4J: an exchange is one PDU and its response.
 *
 * <p>In come {@link org.aeiou.daemon.backend.Question questions}, through the {@link
 * org.aeiou.closures.exchange.Exchanger} that {@link org.aeiou.daemon.backend.snmp.SnmpBackend}
 * gives each system. Out go answers, on a few threads that receive, decode and hand over.
 * Time-outs, retries, batches and limits are the scheduler's.
 *
 * <pre>
 *   exchange ──▶ Agent ──▶ Query: Get, Probe, Walk ──▶ MessageCodec ──▶ UdpSocket ──▶ the agent
 *                  ├─▶ Walks ──▶ Walk, Split, Gap: which step, in how many parts (room walk)
 *                  │            which PDU to send        its envelope      │ pending
 *                  ├─▶ HostResolver                     (room message)     ▼
 *   answer   ◀── Agent ◀── Query ◀─────────────────── MessageCodec ◀── ReceiveLoop ◀── the agent
 *                               what the response means
 * </pre>
 *
 * <p>No thread waits: not for a name service, not for keys, not for a full socket.
 *
 * <p>Agents are not trusted: what they can make the daemon hold, send or log has bounds (see {@code
 * AnswerMemory}, {@code WalkUnderWay}, {@code WalkResponse}, {@code Notes}).
 */
package org.aeiou.daemon.backend.snmp;
