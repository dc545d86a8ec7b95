package org.aeiou.daemon.cluster.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Oid;

/**
 * Bytes as {@link Output} wrote them, from another member: nothing in them is believed. What they
 * take in memory is bounded; a message that takes more is malformed.
 */
public final class Input {
  private static final long MOST_AGE = TimeUnit.DAYS.toMicros(3650);

  private final byte[] bytes;
  private final long nowNanos;
  private final long nowMillis;
  private int position;
  private int end;

  /** How much more memory may be taken, about, in bytes. */
  private long left;

  private final int[] lastOid = new int[Oid.MAX_LENGTH];
  private int lastLength;
  private long lastAge;

  /**
   * A part of an array.
   *
   * @param nowNanos by the ticker: when what is said to have no age was taken
   * @param nowMillis the same by the clock
   * @param mostMemory how much what is read may take, about, in bytes
   */
  public Input(byte[] bytes, int start, int end, long nowNanos, long nowMillis, long mostMemory) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.nowNanos = nowNanos;
    this.nowMillis = nowMillis;
    this.left = mostMemory;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  /** Something is made that takes about so much memory. */
  public void takes(long memory) throws MalformedMessage {
    left -= memory;
    if (left < 0) {
      throw new MalformedMessage("takes too much memory");
    }
  }

  public int octet() throws MalformedMessage {
    if (position >= end) {
      throw new MalformedMessage("ends too early");
    }
    return bytes[position++] & 0xFF;
  }

  public boolean flag() throws MalformedMessage {
    int octet = octet();
    if (octet > 1) {
      throw new MalformedMessage("is no flag: " + octet);
    }
    return octet == 1;
  }

  /** A number of 64 bits. */
  public long number() throws MalformedMessage {
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      if (shift == 63 && octet > 1) {
        break;
      }
      number |= (long) (octet & 0x7F) << shift;
      if (octet < 0x80) {
        return number;
      }
    }
    throw new MalformedMessage("is no number of 64 bits");
  }

  /** A number from 0 to a most. */
  public long number(long most) throws MalformedMessage {
    long number = number();
    if (number < 0 || number > most) {
      throw new MalformedMessage(
          "is out of range: " + Long.toUnsignedString(number) + ", at most " + most);
    }
    return number;
  }

  public int integer(int most) throws MalformedMessage {
    return (int) number(most);
  }

  public long signed() throws MalformedMessage {
    long number = number();
    return (number >>> 1) ^ -(number & 1);
  }

  /** How many of something follow, of which each takes an octet at least. */
  public int count() throws MalformedMessage {
    int count = integer(Integer.MAX_VALUE);
    if (count > remaining()) {
      throw new MalformedMessage("ends too early");
    }
    return count;
  }

  /** As {@link #count()}, of which there are no more than a most. */
  public int count(int most) throws MalformedMessage {
    int count = count();
    if (count > most) {
      throw new MalformedMessage("has " + count + " of what there are at most " + most);
    }
    return count;
  }

  /** Four octets, the most significant first: how many octets follow. */
  public int length() throws MalformedMessage {
    long length = 0;
    for (int i = 0; i < 4; i++) {
      length = length << 8 | octet();
    }
    if (length > remaining()) {
      throw new MalformedMessage("ends too early");
    }
    return (int) length;
  }

  public byte[] octets() throws MalformedMessage {
    return raw(count());
  }

  public byte[] raw(int length) throws MalformedMessage {
    if (length > remaining()) {
      throw new MalformedMessage("ends too early");
    }
    takes(16L + length);
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  public String text() throws MalformedMessage {
    return text(Integer.MAX_VALUE);
  }

  /** A text of at most so many octets. */
  public String text(int most) throws MalformedMessage {
    int length = count(most);
    takes(56L + 2L * length);
    position += length;
    return new String(bytes, position - length, length, UTF_8);
  }

  public String maybeText() throws MalformedMessage {
    return flag() ? text() : null;
  }

  public List<String> texts() throws MalformedMessage {
    int count = count();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  public Oid oid() throws MalformedMessage {
    int shared = integer(lastLength);
    int length = shared + integer(Oid.MAX_LENGTH - shared);
    for (int i = shared; i < length; i++) {
      lastOid[i] = (int) number(0xFFFF_FFFFL);
    }
    lastLength = length;
    takes(32L + 4L * length);
    return Oid.of(Arrays.copyOf(lastOid, length));
  }

  /** One that is not empty. */
  public Oid object() throws MalformedMessage {
    Oid oid = oid();
    if (oid.length() == 0) {
      throw new MalformedMessage("has an empty object identifier");
    }
    return oid;
  }

  public Oid maybeObject() throws MalformedMessage {
    return flag() ? object() : null;
  }

  /** How long ago something was, in microseconds. */
  public long age() throws MalformedMessage {
    long age = lastAge + signed();
    if (age < 0 || age > MOST_AGE) {
      throw new MalformedMessage("has an age of " + age + " µs");
    }
    lastAge = age;
    return age;
  }

  /** When it was by the ticker. */
  public long nanos(long ageMicros) {
    return nowNanos - TimeUnit.MICROSECONDS.toNanos(ageMicros);
  }

  /** When it was by the clock. */
  public long millis(long ageMicros) {
    return nowMillis - TimeUnit.MICROSECONDS.toMillis(ageMicros);
  }

  /** A time by the ticker, before now or after. */
  public long time() throws MalformedMessage {
    return nowNanos + signed() * 1000;
  }

  /** A frame begins: what is written as a difference begins anew. */
  public void begin() {
    lastLength = 0;
    lastAge = 0;
  }

  /** Reads what is in the next octets only; the result is for {@link #leave}. */
  public int enter(int length) {
    int outer = end;
    end = position + length;
    return outer;
  }

  /** Goes on behind what was entered, whether all of it was read or not. */
  public void leave(int outer) {
    position = end;
    end = outer;
  }
}
