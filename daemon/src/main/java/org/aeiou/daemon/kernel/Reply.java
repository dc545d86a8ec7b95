package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aeiou.daemon.fuse.HeaderDescriptor;

/**
 * The buffer a reply is written in: the payload first, at {@link #PAYLOAD}, then the header. Off
 * the heap, so that it can be handed to the kernel as it is. Used by one thread at a time.
 */
public final class Reply {
  /** Where the payload begins. */
  public static final int PAYLOAD = HeaderDescriptor.OUT_LENGTH;

  /** The longest payload, in bytes: what the kernel is told to ask for at most. */
  public static final int LONGEST_PAYLOAD = 128 * 1024;

  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(PAYLOAD + HeaderDescriptor.LONGEST_PAYLOAD)
          .order(ByteOrder.LITTLE_ENDIAN);

  /** Where the buffer is in memory, once a sender has found out; until then 0. */
  long address;

  /** The whole buffer, for absolute access. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** The finished reply with a payload of this length. */
  Reply finish(long unique, int payloadLength) {
    return finish(0, unique, payloadLength);
  }

  /** The finished message with a payload of this length, and what the header says of an error. */
  Reply finish(int code, long unique, int payloadLength) {
    int length = PAYLOAD + payloadLength;
    HeaderDescriptor.putOut(bytes, length, code, unique);
    bytes.limit(length).position(0);
    return this;
  }

  /** The finished reply that says what went wrong. */
  Reply finishError(long unique, int errno) {
    return finish(-errno, unique, 0);
  }

  /** How long the finished message is. */
  int length() {
    return bytes.limit();
  }

  /** Makes the whole buffer accessible again. */
  Reply clear() {
    bytes.clear();
    return this;
  }
}
