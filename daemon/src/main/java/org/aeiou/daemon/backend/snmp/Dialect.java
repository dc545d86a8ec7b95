package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import org.snmp4j.PDU;

/**
 * How one system is spoken to: the envelope around a PDU, with a community or a user. Any thread
 * may call it; nothing in it waits.
 */
interface Dialect {

  /** The version its messages carry: 0 for v1, 1 for v2c, 3 for v3. */
  int version();

  /** How many bytes a message has besides its bindings, at most. */
  int overhead();

  /**
   * A message on its way.
   *
   * @param octets what is sent
   * @param state what the dialect wants back with the response; may be null
   */
  record Message(byte[] octets, Object state) {}

  /**
   * Makes a message.
   *
   * @param id what its answer is known by: the request id of v1 and v2c, the msgID of v3
   * @throws IOException if it cannot be encoded
   */
  Message encode(Query query, int id) throws IOException;

  /**
   * Reads what came back. Does not throw.
   *
   * @param datagram from the system's address, with the message's id and version
   */
  Heard decode(byte[] datagram, int id, Message sent);

  /**
   * What may be behind it that the agent has never answered a question; completes a sentence about
   * its silence.
   *
   * @return null if there is nothing to be said
   */
  String silence();

  /** What was heard. */
  sealed interface Heard {

    /** The response. */
    record Response(PDU pdu) implements Heard {}

    /** Not the response yet: the same has to be sent again. */
    record SendAgain() implements Heard {}

    /**
     * Not the response yet: the same has to be sent again after {@code work}, which takes too long
     * for the thread that listens.
     */
    record Prepare(Runnable work) implements Heard {}

    /** The agent does not accept who asks; {@code why} completes "system: …", without secrets. */
    record Refused(String why) implements Heard {}

    /** The agent cannot be spoken to; {@code why} as above. */
    record Failed(String why) implements Heard {}

    /** A response that cannot be decoded. */
    record Undecodable() implements Heard {}

    /** Not from the agent, as far as can be told: as if it had not come. */
    record Dropped(Count why) implements Heard {}
  }
}
