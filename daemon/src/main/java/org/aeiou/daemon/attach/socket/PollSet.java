package org.aeiou.daemon.attach.socket;

import java.lang.ref.Reference;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;

/**
 * The descriptors that a thread sleeps on: emptied and filled again for each sleep, in memory that
 * only grows. Used by one thread.
 */
public final class PollSet {
  private static final Posix POSIX = Posix.INSTANCE;

  // struct pollfd
  private static final int EVENTS = 4;
  private static final int HAPPENED = 6;
  private static final int BYTES = 8;

  private static final short NOTHING = 0;
  private static final int AT_FIRST = 64;

  private Structure all = new Structure(AT_FIRST * BYTES);
  private int count;

  public void clear() {
    count = 0;
  }

  /** Adds a descriptor that wakes when there is something to read, or an end; returns its index. */
  public int add(int fd) {
    if ((count + 1) * BYTES > all.length()) {
      Structure larger = new Structure(2 * all.length());
      larger.bytes.put(0, all.bytes, 0, all.length());
      all = larger;
    }
    int at = count * BYTES;
    all.bytes.putInt(at, fd).putShort(at + EVENTS, Posix.POLLIN).putShort(at + HAPPENED, NOTHING);
    return count++;
  }

  /** Sleeps until something happens, but no longer than so; whether anything did. */
  public boolean await(int millis) {
    try {
      return POSIX.poll(all.address, count, millis) > 0;
    } finally {
      Reference.reachabilityFence(all);
    }
  }

  /** Whether something happened on the descriptor with this index. */
  public boolean isReady(int index) {
    return all.bytes.getShort(index * BYTES + HAPPENED) != 0;
  }
}
