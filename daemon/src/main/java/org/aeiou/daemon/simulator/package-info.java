/**
 * A network of real SNMP agents on loopback UDP: for tests in process, and for {@code aeiou
 * simulate}.
 *
 * <p>In come {@link org.aeiou.daemon.simulator.SimulationOptions options} and datagrams; out go
 * answers, counts of what arrived, and a configuration that mounts the network. Every agent has an
 * address of its own and answers v1, v2c and v3 from it; what a client sees cannot be told from a
 * device. {@link org.aeiou.daemon.simulator.Faults} make it a bad one, at any time.
 *
 * <p>Inside, a datagram meets {@code Loop} (sockets, timers) → {@code SimulatedAgent} (state,
 * counts, faults) → {@code Messages} and {@code UserMessages} (v1, v2c; v3) → {@code Responder}
 * (GET, GETNEXT, GETBULK) → {@code View} (the objects, generated or from a {@code Recording}).
 */
package org.aeiou.daemon.simulator;
