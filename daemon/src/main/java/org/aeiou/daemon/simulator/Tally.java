package org.aeiou.daemon.simulator;

/** The counters behind {@link Counts}. Guarded by the agent they belong to. */
final class Tally {
  long datagrams;
  long requests;
  long objects;
  long gets;
  long getNexts;
  long getBulks;
  long sets;
  long badCommunity;
  long undecodable;
  long unhandled;
  long refused;
  long answers;
  long lost;
  private int inFlight;
  private int mostInFlight;

  void arrived() {
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
  }

  void left() {
    inFlight--;
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
