/**
 * A network of real SNMP agents on loopback UDP: for tests in process, and for {@code aeiou
 * simulate}.
 *
 * <p>In come {@link org.aeiou.daemon.simulator.SimulationOptions options} and datagrams; out go
 * answers, counts of what arrived, and a configuration that mounts the network. Every agent has an
 * address of its own and answers v1, v2c and v3 from it; what a client sees cannot be told from a
 * device. {@link org.aeiou.daemon.simulator.Faults} make it a bad one, at any time.
 *
 * <pre>
 *   datagram ▸ Loop ▸ SimulatedAgent ▸ message.Messages ▸ Responder ──▸ objects.ObjectView
 *             sockets,  state, counts,  v1 and v2c;        GET, GETNEXT,  generated, or from
 *             timers    faults          v3                 GETBULK        a recording
 * </pre>
 *
 * <p>This room knows sockets, time and faults. {@code message} knows bytes and keys; {@code
 * objects} knows what an agent shows. Neither knows this room, nor the other.
 */
package org.aeiou.daemon.simulator;
