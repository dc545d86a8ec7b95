package org.aeiou.daemon.http.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The next piece of a stream, in the format of server-sent events (WHATWG HTML, 9.2): made in one
 * place for all streams, then copied once. The stream thread alone uses it.
 */
final class Frame {
  /** A frame that is longer takes nothing more. */
  static final int FULL = 64 << 10;

  private static final byte[] EVENT = "event: ".getBytes(UTF_8);
  private static final byte[] ID = "id: ".getBytes(UTF_8);
  private static final byte[] DATA = "data: ".getBytes(UTF_8);
  private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);

  private byte[] octets = new byte[2 * FULL];
  private int length;
  private boolean isFirst;

  boolean isEmpty() {
    return length == 0;
  }

  boolean isFull() {
    return length >= FULL;
  }

  /** What an idle connection is kept alive with. */
  void heartbeat() {
    put(COMMENT);
  }

  /** How soon the browser is to come back after a break. */
  void retry(long millis) {
    put(("retry: " + millis + "\n").getBytes(UTF_8));
  }

  /**
   * An event of one line.
   *
   * @param data without a line end
   */
  void event(String name, byte[] data) {
    begin(name);
    put(data);
    end();
  }

  /** Begins an event that is an array, of which each part follows. */
  void beginArray(String name) {
    begin(name);
    put('[');
    isFirst = true;
  }

  /** One element of it, as JSON on one line. */
  void element(byte[] json) {
    if (!isFirst) {
      put(',');
    }
    isFirst = false;
    put(json);
  }

  void endArray() {
    put(']');
    end();
  }

  /**
   * Gives the last event an id: what a browser that got it says when it comes back. All that was
   * sent before must be in this frame, or in those before it.
   */
  void id(String id) {
    length--;
    put(ID);
    put(id.getBytes(UTF_8));
    end();
  }

  private void begin(String name) {
    put(EVENT);
    put(name.getBytes(UTF_8));
    put('\n');
    put(DATA);
  }

  private void end() {
    put('\n');
    put('\n');
  }

  private void put(int octet) {
    room(1);
    octets[length++] = (byte) octet;
  }

  private void put(byte[] some) {
    room(some.length);
    System.arraycopy(some, 0, octets, length, some.length);
    length += some.length;
  }

  private void room(int more) {
    if (length + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(length + more, 2 * octets.length));
    }
  }

  /** Takes it: what it had, and it is empty. */
  ByteBuffer take() {
    ByteBuffer all = ByteBuffer.wrap(Arrays.copyOf(octets, length));
    length = 0;
    return all;
  }
}
