package org.aeiou.daemon.backend.snmp.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.PDU;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * Makes the messages of one system and reads them: the envelope around a PDU, with a community or a
 * user. Any thread may call it. It never waits.
 */
public interface MessageCodec {

  /** What fits into a UDP datagram over IPv4. */
  int MOST_OCTETS = 65_507;

  /** The version its messages carry: 0 for v1, 1 for v2c, 3 for v3. */
  int version();

  /** How many bytes a message has besides its bindings, at most. */
  int overhead();

  /**
   * What is asked.
   *
   * @param type {@link PDU#GET}, {@link PDU#GETNEXT}, {@link PDU#GETBULK} or {@link PDU#SET}
   * @param bindings the objects, in order; they belong to the codec from now on
   * @param maxRepetitions for a GETBULK, how many values of each binding are wanted
   */
  record Request(int type, List<VariableBinding> bindings, int maxRepetitions) {
    void addTo(PDU pdu) {
      pdu.addAll(bindings);
      if (type == PDU.GETBULK) {
        pdu.setMaxRepetitions(maxRepetitions);
      }
    }
  }

  /**
   * A message on its way.
   *
   * @param octets what is sent
   * @param state what the codec needs to read the response; may be null
   */
  record Message(byte[] octets, Object state) {}

  /**
   * What has to be done before the next message is made, and takes too long for the thread that
   * sends.
   *
   * @return null if there is nothing
   */
  default Runnable preparation() {
    return null;
  }

  /**
   * Makes a message.
   *
   * @param id what its answer is known by: the request id of v1 and v2c, the msgID of v3
   * @throws IOException if it cannot be encoded
   */
  Message encode(Request request, int id) throws IOException;

  /**
   * Makes a message that asks for objects with a GET.
   *
   * @param objects each once
   * @param id as of {@link #encode}
   * @throws IOException if it cannot be encoded
   */
  default Message encodeGet(List<Oid> objects, int id) throws IOException {
    List<VariableBinding> bindings = new ArrayList<>(objects.size());
    for (Oid object : objects) {
      bindings.add(new VariableBinding(new OID(object.toArray())));
    }
    return encode(new Request(PDU.GET, bindings, 0), id);
  }

  /**
   * Makes a message that repeats one, with the same request id.
   *
   * @param id of this message, where each has one of its own
   * @return null if it is to be sent as it is, under the id that it has
   * @throws IOException if it cannot be encoded
   */
  default Message repeated(Message sent, int id) throws IOException {
    return null;
  }

  /** How many bytes an object takes in a request. */
  static int bindingLength(Oid object) {
    return PlainGet.bindingLength(object);
  }

  /**
   * Reads what came back. Does not throw.
   *
   * @param datagram from the system's address, with the message's id and version
   */
  Decoded decode(byte[] datagram, int id, Message sent);

  /** The id of the agent's engine; null if it is not known, and of versions without engines. */
  default byte[] engineId() {
    return null;
  }

  /**
   * What may be behind it that the agent has never answered a question; completes a sentence about
   * its silence.
   *
   * @return null if there is nothing to be said
   */
  String silence();

  /** What a datagram turned out to be. */
  sealed interface Decoded {

    /** The response. */
    record Response(PDU pdu) implements Decoded {}

    /**
     * The response to {@link MessageCodec#encodeGet}, if it answers just that: the values in the
     * order of the objects, each null where the agent has none. The array belongs to the caller.
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one call, and never compared
    record Values(Value[] values) implements Decoded {}

    /** Not the response yet: the same has to be sent again. */
    record SendAgain() implements Decoded {}

    /**
     * Not the response yet: the same has to be sent again after {@code work}, which takes too long
     * for the thread that receives.
     */
    record Prepare(Runnable work) implements Decoded {}

    /** The agent refuses this user; {@code why} completes "system: …", without secrets. */
    record Refused(String why) implements Decoded {}

    /** The agent cannot be spoken to; {@code why} as above. */
    record Failed(String why) implements Decoded {}

    /** A response that cannot be decoded. */
    record Undecodable() implements Decoded {}

    /** Not from the agent, as far as can be told: as if it had not come. */
    record Dropped(SnmpCounter why) implements Decoded {}
  }
}
