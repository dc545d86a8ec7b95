package org.aeiou.daemon.cluster.message;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aeiou.daemon.cluster.codec.MalformedMessage;

/**
 * Puts together what was too large for one message. The parts of a sender come in their order, so
 * that there is one at a time of each sender; one that does not go on from the one before it ends
 * what was begun.
 *
 * <p>For one thread at a time.
 */
final class Parts {
  /** What frames may have together, in octets: a walk of the largest table that is read at all. */
  static final int MOST_BYTES = 32 << 20;

  /** What all that is not complete may have, in octets. */
  private static final long MOST_HELD = 2L * MOST_BYTES;

  // The one that was begun first is the first to go.
  private final Map<String, Begun> begun = new LinkedHashMap<>();
  private long held;

  private static final class Begun {
    private final int whole;
    private byte[] bytes = new byte[0];
    private int length;

    Begun(int whole) {
      this.whole = whole;
    }
  }

  /**
   * Takes in a part.
   *
   * @param from where it begins in the message
   * @return all of them, if this was the last; else null
   * @throws MalformedMessage if it does not go on from the one before: that one was lost
   */
  byte[] add(Header header, byte[] message, int from) throws MalformedMessage {
    if (header.from() == 0) {
      forget(header.sender());
      begun.put(header.sender(), new Begun(header.whole()));
    }
    Begun parts = begun.get(header.sender());
    if (parts == null || parts.length != header.from() || parts.whole != header.whole()) {
      forget(header.sender());
      throw new MalformedMessage("is a part that does not go on from the one before");
    }
    int more = message.length - from;
    // Grows with what has come, not by what is said to come.
    if (parts.bytes.length - parts.length < more) {
      int room = (int) Math.min(parts.whole, 2L * parts.length + more);
      held += room - parts.bytes.length;
      parts.bytes = Arrays.copyOf(parts.bytes, room);
    }
    System.arraycopy(message, from, parts.bytes, parts.length, more);
    parts.length += more;
    if (parts.length < parts.whole) {
      bound();
      return null;
    }
    forget(header.sender());
    return parts.bytes;
  }

  private void forget(String sender) {
    Begun gone = begun.remove(sender);
    if (gone != null) {
      held -= gone.bytes.length;
    }
  }

  private void bound() {
    while (held > MOST_HELD) {
      forget(begun.keySet().iterator().next());
    }
  }

  /** What is held of what is not complete, in octets. */
  long held() {
    return held;
  }
}
