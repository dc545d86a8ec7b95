package org.aeiou.daemon.backend.snmp;

import java.util.List;
import org.aeiou.closures.scheduler.Answer;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * One exchange as SNMP sees it: which PDU to send, and what the response to it means. Knows nothing
 * of datagrams and versions' envelopes. Immutable: a request may be sent more than once, and more
 * than one response may come.
 */
interface Query {

  /** The type of PDU: {@link PDU#GET}, {@link PDU#GETNEXT} or {@link PDU#GETBULK}. */
  int type();

  /** What is asked for, in order; each call gives bindings of its own. */
  List<VariableBinding> bindings();

  /** For a GETBULK, how many values of each binding are wanted. */
  int maxRepetitions();

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
