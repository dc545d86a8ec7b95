/**
 * The SNMP back end, on SNMP4J: an exchange is one PDU and its response.
 *
 * <p>In come {@link org.aeiou.daemon.backend.Question questions}, through the {@link
 * org.aeiou.closures.scheduler.Exchanger} that {@link org.aeiou.daemon.backend.snmp.SnmpBackend}
 * gives each system; out go answers, on a few threads that listen to sockets, decode and hand over.
 * Time-outs, retries, batches and limits are the scheduler's.
 *
 * <p>Agents are not trusted: what they can make the daemon hold, send or log has bounds (see {@code
 * AnswerMemory}, {@code WalkAnswer}, {@code Notes}).
 *
 * <p>A question's way: a {@code Query} says which PDU to send and what the response means; a {@code
 * Dialect} puts it into an envelope, with a community or a user; a {@code Wire} sends it and knows
 * what comes back by its id and its sender's address. Nobody waits: not for a name service, not for
 * keys, not for a full socket.
 */
package org.aeiou.daemon.backend.snmp;
