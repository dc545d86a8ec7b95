package org.aeiou.closures.shared;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of memory that another process has mapped too. Little-endian; words are aligned.
 *
 * <p>Any thread may call any method. Accesses outside the memory throw {@link
 * IndexOutOfBoundsException}: offsets come from descriptors and checked numbers, never from the
 * other side as they are.
 */
public final class Memory {
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer bytes;

  /** Memory behind a buffer, from its position to its limit; direct, so that words are aligned. */
  public Memory(ByteBuffer buffer) {
    bytes = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  public int size() {
    return bytes.limit();
  }

  /** Reads a word as the last writer left it, with nothing said about what was written before. */
  public long get(int at) {
    return (long) LONGS.getOpaque(bytes, at);
  }

  /** Reads a word; what its writer had written before it released the word can be read after. */
  public long getAcquire(int at) {
    return (long) LONGS.getAcquire(bytes, at);
  }

  public void set(int at, long value) {
    LONGS.setOpaque(bytes, at, value);
  }

  /** Writes a word; a thread that acquires it sees what was written before. */
  public void setRelease(int at, long value) {
    LONGS.setRelease(bytes, at, value);
  }

  public int getInt(int at) {
    return bytes.getInt(at);
  }

  public void setInt(int at, int value) {
    bytes.putInt(at, value);
  }

  public int getShort(int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  public void setShort(int at, int value) {
    bytes.putShort(at, (short) value);
  }

  public byte getByte(int at) {
    return bytes.get(at);
  }

  public void setByte(int at, int value) {
    bytes.put(at, (byte) value);
  }

  public void getBytes(int at, byte[] into, int from, int length) {
    bytes.get(at, into, from, length);
  }

  public void setBytes(int at, byte[] source, int from, int length) {
    bytes.put(at, source, from, length);
  }

  /** Copies bytes to another place, which does not overlap. */
  public void copy(int from, int to, int length) {
    bytes.put(to, bytes, from, length);
  }

  /** Whether the bytes from here on are these. */
  public boolean isSame(int at, byte[] expected) {
    return isSame(at, expected, 0);
  }

  /** Whether the bytes from here on are these, but for so many at their beginning. */
  public boolean isSame(int at, byte[] expected, int from) {
    for (int i = from; i < expected.length; i++) {
      if (bytes.get(at + i - from) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
