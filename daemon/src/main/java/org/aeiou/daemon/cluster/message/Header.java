package org.aeiou.daemon.cluster.message;

import java.util.Arrays;
import org.aeiou.daemon.cluster.codec.Input;
import org.aeiou.daemon.cluster.codec.MalformedMessage;
import org.aeiou.daemon.cluster.codec.MemberCodec;
import org.aeiou.daemon.cluster.codec.Output;

/**
 * What each message begins with:
 *
 * <pre>
 *   4  magic, "AEIU"
 *   1  major version: a member of another one understands nothing of it
 *   1  minor version: says what else may be in it, which others skip
 *   n  length of the rest of the header (LEB128), and the rest:
 *      flags        1: what follows is a part of the frames; 2: it says when it was there
 *      sender       the id of the member: length and octets
 *      sent         when the first frame was given to be sent, by the sender's ticker, in µs
 *      at           the same by the ticker of the member that it is sent to, as far as the sender knows
 *      whole, from  of a part: how many octets all have, and how many are before these
 *   …  frames, or a part of them
 * </pre>
 *
 * @param hasAt whether the sender knew how the receiver's ticker stands
 * @param whole 0 if this is not a part
 */
record Header(String sender, long sentMicros, boolean hasAt, long atMicros, int whole, int from) {
  static final byte[] MAGIC = {'A', 'E', 'I', 'U'};
  static final int MAJOR = 1;
  static final int MINOR = 1;

  /** How long a header is at most, that this version writes. */
  static final int MOST_BYTES = 128;

  private static final int IS_PART = 1;
  private static final int HAS_AT = 2;

  void write(Output out) {
    out.raw(MAGIC);
    out.octet(MAJOR);
    out.octet(MINOR);
    Output rest = new Output(0);
    rest.number((whole > 0 ? IS_PART : 0) | (hasAt ? HAS_AT : 0));
    rest.text(sender);
    rest.signed(sentMicros);
    if (hasAt) {
      rest.signed(atMicros);
    }
    if (whole > 0) {
      rest.number(whole);
      rest.number(from);
    }
    out.octets(rest.toArray());
  }

  /** Whether a message is one of this program, in any version. */
  static boolean isOurs(byte[] message) {
    return message.length > MAGIC.length + 2
        && Arrays.equals(message, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static int major(byte[] message) {
    return message[MAGIC.length] & 0xFF;
  }

  /** The header of a message of this major version; the frames follow in the input. */
  static Header read(Input in) throws MalformedMessage {
    in.raw(MAGIC.length + 2);
    int outer = in.enter(in.count());
    long flags = in.number();
    String sender = MemberCodec.readId(in);
    long sent = in.signed();
    boolean hasAt = (flags & HAS_AT) != 0;
    long at = hasAt ? in.signed() : 0;
    boolean isPart = (flags & IS_PART) != 0;
    int whole = isPart ? in.integer(Parts.MOST_BYTES) : 0;
    int from = isPart ? in.integer(whole) : 0;
    in.leave(outer);
    if (isPart && (whole == 0 || in.remaining() == 0 || in.remaining() > whole - from)) {
      throw new MalformedMessage("is a part of less than it has");
    }
    return new Header(sender, sent, hasAt, at, whole, from);
  }
}
