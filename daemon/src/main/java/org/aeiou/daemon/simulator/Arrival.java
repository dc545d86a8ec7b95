package org.aeiou.daemon.simulator;

import java.net.SocketAddress;
import java.util.List;

/**
 * A request that an agent took, also if it does not answer.
 *
 * @param system the agent's name
 * @param nanos when it arrived, of {@link System#nanoTime}
 * @param from by what socket it was sent: those of one daemon are always the same few
 * @param inFlight how many requests of before are not answered yet
 * @param objects how many variable bindings it has
 * @param set what is to be set, as text; empty if it only reads
 */
public record Arrival(
    String system, long nanos, SocketAddress from, int inFlight, int objects, List<String> set) {
  public Arrival {
    set = List.copyOf(set);
  }
}
