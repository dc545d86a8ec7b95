package org.aeiou.daemon.simulator.message;

import org.snmp4j.PDU;

/**
 * The agent behind a message: the application of RFC 3413, section 3.2, and what of its state the
 * messages show. Called with the agent locked.
 */
public interface CommandResponder {

  /** What becomes of a message that is no request, or of an answer that cannot be sent. */
  enum Drop {
    BAD_COMMUNITY,
    UNDECODABLE,
    /** It asks nothing, or is of another security model. */
    UNHANDLED,
    /** It is answered by a report. */
    REFUSED,
    /** Its answer does not fit. */
    LOST
  }

  /** Fills the response to a request. Its bindings may take {@code room} octets. */
  void respond(PDU request, PDU response, int room, boolean mayWrite);

  /** Counts a request; false if it asks nothing. */
  boolean count(PDU request);

  void count(Drop drop);

  /** Whether it takes requests and answers none. */
  boolean dead();

  /** Octets of the largest message that it takes and sends. */
  int maxMessage();

  SnmpEngine engine();

  int boots();

  /** snmpEngineTime: seconds since the last boot. */
  int engineTime();
}
