package org.aeiou.daemon.attach.request;

import org.aeiou.closures.shared.CompletionRing.Completion;

/**
 * Requests of one client that delayed closures have ended on one thread, and that are not posted
 * yet: many of them take its monitor once, and look once whether the program is to be woken. Linked
 * through themselves, in the order they ended. Used by one thread.
 */
final class Endings {
  private ClientRequest first;
  private ClientRequest last;

  void add(ClientRequest request, Completion outcome) {
    if (request.ending != null) {
      return; // it has ended before
    }
    request.ending = outcome;
    if (first == null) {
      first = request;
    } else {
      last.nextEnding = request;
    }
    last = request;
  }

  /** Takes all out; the first, linked to the others, or null. */
  ClientRequest take() {
    ClientRequest all = first;
    first = null;
    last = null;
    return all;
  }
}
