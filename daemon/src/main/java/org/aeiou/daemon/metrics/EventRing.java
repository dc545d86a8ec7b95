package org.aeiou.daemon.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The last lines of a log that grows at its end. A position in it is counted from its first octet
 * ever, so that it means the same line for as long as there is this ring.
 *
 * <p>Any thread may call any method; a lock is held for as long as some octets are copied.
 */
public final class EventRing {
  private static final int SMALLEST = 1024;

  private final int mostOctets;

  // Guarded by this. The octet at position p is octets[p % octets.length].
  private byte[] octets = {};
  private long start;
  private long end;
  private long changedMillis;

  /** No line yet, and no memory taken. */
  EventRing(int mostOctets) {
    this.mostOctets = mostOctets;
  }

  /**
   * Adds a line; the oldest ones go when there is no room.
   *
   * @param line with its newline; longer ones than the ring are cut by their writer
   * @return how many octets more the ring takes than before
   */
  synchronized int add(byte[] line, long millis) {
    int before = octets.length;
    makeRoom(line.length);
    for (int i = 0; i < line.length; i++) {
      octets[at(end + i)] = line[i];
    }
    end += line.length;
    changedMillis = millis;
    return octets.length - before;
  }

  private void makeRoom(int more) {
    int needed = (int) (end - start) + more;
    if (needed > octets.length && octets.length < mostOctets) {
      int size = Math.max(SMALLEST, octets.length);
      while (size < needed && size < mostOctets) {
        size *= 2;
      }
      byte[] kept = read(start, (int) (end - start));
      octets = new byte[Math.min(size, mostOctets)];
      for (int i = 0; i < kept.length; i++) {
        octets[at(start + i)] = kept[i];
      }
    }
    while (end - start + more > octets.length) {
      while (octets[at(start)] != '\n') {
        start++;
      }
      start++;
    }
  }

  private int at(long position) {
    return (int) (position % octets.length);
  }

  /** Gives its memory back: what it held is gone. Returns how many octets that was. */
  synchronized int drop() {
    int taken = octets.length;
    octets = new byte[0];
    start = end;
    return taken;
  }

  /** The position of the oldest line that is kept. */
  public synchronized long start() {
    return start;
  }

  /** The position behind the newest line. */
  public synchronized long end() {
    return end;
  }

  /** When the newest line was added, in milliseconds since the epoch; 0 if none was. */
  public synchronized long changedMillis() {
    return changedMillis;
  }

  /**
   * What is kept from a position on. What is gone reads as spaces and a newline: an empty line, so
   * that a reader that is too slow goes on at the beginning of a line.
   *
   * @param most octets at most
   */
  public synchronized byte[] read(long from, int most) {
    int length = (int) Math.max(0, Math.min(most, end - from));
    byte[] copy = new byte[length];
    Arrays.fill(copy, (byte) ' ');
    for (int i = 0; i < length; i++) {
      long position = from + i;
      if (position >= start) {
        copy[i] = octets[at(position)];
      } else if (position == start - 1) {
        copy[i] = '\n';
      }
    }
    return copy;
  }

  /** All that is kept. */
  public synchronized String text() {
    return new String(read(start, (int) (end - start)), UTF_8);
  }
}
