package org.aeiou.daemon.cluster.message;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aeiou.daemon.cluster.codec.MalformedMessage;

/**
 * Puts together what was too large for one message. The parts of a sender at a subject come in
 * their order, so that there is one at a time of each; one that does not go on from the one before
 * it ends what was begun. What is begun and not gone on with goes when there is too much of it.
 *
 * <p>Any thread: after a connection has ended a thread of it may still be at its last message.
 */
final class Parts {
  /** What frames may have together, in octets: a walk of the largest table that is read at all. */
  static final int MOST_BYTES = 32 << 20;

  /**
   * Of all that is not complete, at all subjects together: an eighth of the memory, or the least.
   */
  static final long MOST_HELD =
      Math.max(
          MOST_BYTES + (1L << 20), Math.min(2L * MOST_BYTES, Runtime.getRuntime().maxMemory() / 8));

  /** What each takes that is begun, besides its octets, about. */
  private static final long BEGUN_BYTES = 400;

  // Guarded by this. The one that went on longest ago is the first to go.
  private final Map<Stream, Begun> begun = new LinkedHashMap<>();
  private long held;

  /** Of which subject and which sender. */
  private record Stream(String subject, String sender) {}

  private static final class Begun {
    private final int whole;
    private byte[] bytes = new byte[0];
    private int length;

    Begun(int whole) {
      this.whole = whole;
    }

    long takes() {
      return BEGUN_BYTES + bytes.length;
    }
  }

  /**
   * Takes in a part.
   *
   * @param subject where it came
   * @param from where it begins in the message
   * @return all of them, if this was the last; else null
   * @throws MalformedMessage if it does not go on from the one before: that one was lost
   */
  synchronized byte[] add(String subject, Header header, byte[] message, int from)
      throws MalformedMessage {
    Stream stream = new Stream(subject, header.sender());
    Begun parts = begun.remove(stream);
    if (header.from() == 0) {
      held -= parts == null ? 0 : parts.takes();
      parts = new Begun(header.whole());
      held += parts.takes();
    } else if (parts == null || parts.length != header.from() || parts.whole != header.whole()) {
      held -= parts == null ? 0 : parts.takes();
      throw new MalformedMessage("is a part that does not go on from the one before");
    }
    begun.put(stream, parts); // behind all others
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
    begun.remove(stream);
    held -= parts.takes();
    return parts.bytes;
  }

  private void bound() {
    while (held > MOST_HELD) {
      Iterator<Begun> all = begun.values().iterator();
      held -= all.next().takes();
      all.remove();
    }
  }

  /** What is held of what is not complete, in octets. */
  synchronized long held() {
    return held;
  }
}
