package org.aeiou.daemon.simulator;

/**
 * What an agent, or a whole network, has seen so far. Every datagram is exactly one of {@code
 * requests}, {@code badCommunity}, {@code undecodable}, {@code unhandled} and {@code refused}.
 *
 * @param datagrams that arrived
 * @param requests that the agent took: right community or user, a PDU that asks something; also
 *     those that a dead agent did not answer
 * @param objects variable bindings in {@code requests}
 * @param mostInFlight the most requests that had arrived and were not answered yet, at any one
 *     time; in the totals, the most of any one agent. A request that is never answered is in flight
 *     until its answer would have left, and not at all if the agent is dead
 * @param gets requests that were GET
 * @param getNexts requests that were GETNEXT
 * @param getBulks requests that were GETBULK
 * @param sets requests that were SET
 * @param badCommunity messages of v1 and v2c with a community that the agent does not know
 * @param undecodable datagrams that are no SNMP message
 * @param unhandled messages that ask nothing (responses, reports, traps), or of another security
 *     model
 * @param refused messages of v3 that were answered by a report: discovery, unknown user, wrong
 *     digest, not in the time window, …
 * @param answers datagrams sent, reports and duplicates too
 * @param lost answers that a fault or a full socket swallowed, or that were too big to be sent
 */
public record Counts(
    long datagrams,
    long requests,
    long objects,
    int mostInFlight,
    long gets,
    long getNexts,
    long getBulks,
    long sets,
    long badCommunity,
    long undecodable,
    long unhandled,
    long refused,
    long answers,
    long lost) {

  static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  Counts plus(Counts other) {
    return new Counts(
        datagrams + other.datagrams,
        requests + other.requests,
        objects + other.objects,
        Math.max(mostInFlight, other.mostInFlight),
        gets + other.gets,
        getNexts + other.getNexts,
        getBulks + other.getBulks,
        sets + other.sets,
        badCommunity + other.badCommunity,
        undecodable + other.undecodable,
        unhandled + other.unhandled,
        refused + other.refused,
        answers + other.answers,
        lost + other.lost);
  }
}
