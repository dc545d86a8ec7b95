package org.aeiou.daemon.cluster.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.aeiou.daemon.backend.Oid;

/**
 * Bytes that are written one behind the other. Numbers are as long as they need to be (LEB128); an
 * object identifier and an age are written as what they differ in from the one before.
 */
public final class Output {
  private final long nowNanos;
  private byte[] bytes = new byte[256];
  private int length;
  private Oid lastOid = Oid.EMPTY;
  private long lastAge;

  /**
   * Nothing yet.
   *
   * @param nowNanos by the ticker, for ages
   */
  public Output(long nowNanos) {
    this.nowNanos = nowNanos;
  }

  public int length() {
    return length;
  }

  public byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  public void octet(int octet) {
    room(1);
    bytes[length++] = (byte) octet;
  }

  public void flag(boolean flag) {
    octet(flag ? 1 : 0);
  }

  /** A number from 0, or any by its 64 bits. */
  public void number(long number) {
    room(10);
    long left = number;
    while ((left & ~0x7FL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  /** A number with a sign: short if it is near 0. */
  public void signed(long number) {
    number((number << 1) ^ (number >> 63));
  }

  /** Four octets, the most significant first; at a position that was written before. */
  public void length(int position, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[position + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  public void octets(byte[] octets) {
    number(octets.length);
    raw(octets);
  }

  public void raw(byte[] octets) {
    raw(octets, 0, octets.length);
  }

  public void raw(byte[] octets, int from, int count) {
    room(count);
    System.arraycopy(octets, from, bytes, length, count);
    length += count;
  }

  public void text(String text) {
    octets(text.getBytes(UTF_8));
  }

  /** A text, or null. */
  public void maybeText(String text) {
    flag(text != null);
    if (text != null) {
      text(text);
    }
  }

  public void oid(Oid oid) {
    int most = Math.min(oid.length(), lastOid.length());
    int shared = 0;
    while (shared < most && oid.get(shared) == lastOid.get(shared)) {
      shared++;
    }
    number(shared);
    number(oid.length() - shared);
    for (int i = shared; i < oid.length(); i++) {
      number(Integer.toUnsignedLong(oid.get(i)));
    }
    lastOid = oid;
  }

  /** An object identifier, or null. */
  public void maybeOid(Oid oid) {
    flag(oid != null);
    if (oid != null) {
      oid(oid);
    }
  }

  /** How long ago something was by the ticker, in whole microseconds; 0 if it is to come. */
  public void age(long thenNanos) {
    long age = Math.max(0, nowNanos - thenNanos) / 1000;
    signed(age - lastAge);
    lastAge = age;
  }

  /** A time by the ticker, before now or after. */
  public void time(long thenNanos) {
    signed((thenNanos - nowNanos) / 1000);
  }
}
