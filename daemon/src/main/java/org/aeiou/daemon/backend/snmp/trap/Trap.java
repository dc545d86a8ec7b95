package org.aeiou.daemon.backend.snmp.trap;

import java.util.List;
import java.util.Map;
import org.snmp4j.PDU;

/**
 * A trap or inform that was found to be what it says it is.
 *
 * @param pdu of v1, v2c or v3
 * @param senders the systems that it may be of, by its address and credentials
 * @param credentials how it came, as fields of an event
 * @param response what acknowledges it; null for a trap
 */
record Trap(PDU pdu, List<Sender> senders, Map<String, Object> credentials, Response response) {

  /** Makes the message that acknowledges an inform. */
  interface Response {
    byte[] write();
  }
}
