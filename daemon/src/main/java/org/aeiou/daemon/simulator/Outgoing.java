package org.aeiou.daemon.simulator;

import java.net.SocketAddress;

/**
 * An answer on its way.
 *
 * @param message null if it is lost on the way
 * @param due when it leaves, by {@link System#nanoTime}
 * @param stranger whether it leaves from an address that is no agent's
 * @param endsFlight whether its request is answered by it; false for a duplicate
 */
record Outgoing(
    SimulatedAgent agent,
    byte[] message,
    SocketAddress to,
    long due,
    boolean stranger,
    boolean endsFlight) {

  static Outgoing lost(SimulatedAgent agent, long due) {
    return new Outgoing(agent, null, null, due, false, true);
  }
}
