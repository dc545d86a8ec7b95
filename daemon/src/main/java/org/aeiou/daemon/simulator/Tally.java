package org.aeiou.daemon.simulator;

import org.aeiou.daemon.simulator.message.CommandResponder.Drop;
import org.snmp4j.PDU;

/** The counters behind {@link Counts}. Guarded by the agent they belong to. */
final class Tally {
  long datagrams;
  private long requests;
  private long objects;
  private long gets;
  private long getNexts;
  private long getBulks;
  private long sets;
  private long badCommunity;
  private long undecodable;
  private long unhandled;
  private long refused;
  long answers;
  long lost;
  private int inFlight;
  private int mostInFlight;

  /** Counts a request; false if it asks nothing. */
  boolean count(PDU request) {
    switch (request.getType()) {
      case PDU.GET -> gets++;
      case PDU.GETNEXT -> getNexts++;
      case PDU.GETBULK -> getBulks++;
      case PDU.SET -> sets++;
      default -> {
        unhandled++;
        return false;
      }
    }
    requests++;
    objects += request.size();
    return true;
  }

  void count(Drop drop) {
    switch (drop) {
      case BAD_COMMUNITY -> badCommunity++;
      case UNDECODABLE -> undecodable++;
      case UNHANDLED -> unhandled++;
      case REFUSED -> refused++;
      case LOST -> lost++;
    }
  }

  void arrived() {
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
  }

  void left() {
    inFlight--;
  }

  int inFlight() {
    return inFlight;
  }

  /** From 0, with what is in flight now. */
  Tally startingAgain() {
    Tally next = new Tally();
    next.inFlight = inFlight;
    next.mostInFlight = inFlight;
    return next;
  }

  Counts counts() {
    return new Counts(
        datagrams,
        requests,
        objects,
        mostInFlight,
        gets,
        getNexts,
        getBulks,
        sets,
        badCommunity,
        undecodable,
        unhandled,
        refused,
        answers,
        lost);
  }
}
