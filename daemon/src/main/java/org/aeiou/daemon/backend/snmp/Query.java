package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.snmp4j.PDU;

/**
 * One exchange as SNMP sees it: which PDU to send, and what the response to it means. Knows nothing
 * of datagrams and envelopes. Immutable: a request may be sent more than once, and more than one
 * response may come.
 */
interface Query {

  /** What is asked; each call gives bindings of its own. */
  MessageCodec.Request request();

  /** The message that asks, in an envelope of the codec's. */
  default MessageCodec.Message message(MessageCodec codec, int id) throws IOException {
    return codec.encode(request(), id);
  }

  /** Reads the usual response to {@link MessageCodec#encodeGet}, if {@link #message} used that. */
  default Answer<Value> answer(Value[] values) {
    throw new IllegalStateException("a response to a GET, which this did not send");
  }

  /**
   * Reads the response.
   *
   * @param response a response to this query: its request id and sender are known to be right, its
   *     contents are not
   * @param bytes how long the datagram was
   */
  Answer<Value> answer(PDU response, int bytes);

  /** What to answer when a response came that cannot be decoded. */
  Answer<Value> undecodable();
}
