package org.aeiou.daemon.kernel.coherence;

import java.util.HashMap;
import java.util.Map;
import org.aeiou.daemon.metrics.EventRing;

/**
 * What the kernel was told of a file that grows at its end.
 *
 * <p>Every look-up of such a file finds an inode of its own, which begins with what is kept then,
 * and grows for as long as it is open. So the position of a reader goes on to mean the same, a file
 * that is opened later begins with no hole, and what the kernel keeps of its end is no other
 * reader's. The kernel asks for attributes at each look; a greater size makes it drop its pages.
 *
 * <p>For poll(2) a read counts for the open files that its thread polls, or for all that were told
 * of what was read if it polls none, as in {@link Polls}. The monitor guards everything.
 */
final class GrowingContent implements KernelCached {
  private static final int OBJECT_BYTES = 120;

  private final EventRing events;
  private final long start;

  /** How far it was read last, and by which thread, before it was polled. */
  private long readTo = -1;

  private int reader;

  private final Map<Long, Poller> pollers = new HashMap<>(2);

  private static final class Poller {
    long seenTo;
    long toldOf;
    int thread;
    boolean waiting;
  }

  GrowingContent(EventRing events) {
    this.events = events;
    this.start = events.start();
  }

  @Override
  public int bytes() {
    return OBJECT_BYTES;
  }

  @Override
  public int edition() {
    return 0;
  }

  /** The size now. */
  long size() {
    return events.end() - start;
  }

  /** What a thread reads. */
  byte[] read(int thread, long offset, int most) {
    byte[] part = events.read(start + offset, most);
    isReadTo(thread, start + offset + part.length);
    return part;
  }

  /** A thread was told the size, and is about to read. */
  void isAnnounced(int thread, long size) {
    isReadTo(thread, start + size);
  }

  private synchronized void isReadTo(int thread, long to) {
    if (pollers.isEmpty()) {
      readTo = Math.max(to, thread == reader ? readTo : -1);
      reader = thread;
      return;
    }
    boolean polls =
        thread != RepliesInFlight.UNKNOWN_THREAD
            && pollers.values().stream().anyMatch(poller -> poller.thread == thread);
    for (Poller poller : pollers.values()) {
      if (polls ? poller.thread == thread : poller.toldOf <= to) {
        poller.seenTo = Math.max(poller.seenTo, to);
      }
    }
  }

  /** As {@link Polls#isChanged}: whether there is more than was read through an open file. */
  synchronized boolean isChanged(int thread, long handle, boolean waits) {
    Poller poller =
        pollers.computeIfAbsent(
            handle,
            any -> {
              Poller first = new Poller();
              // Where it is not known what was read, there is more to be read.
              first.seenTo = thread == reader ? readTo : -1;
              return first;
            });
    poller.thread = thread;
    poller.waiting |= waits;
    poller.toldOf = events.end();
    return poller.seenTo < poller.toldOf;
  }

  /** Wakes the programs that wait for more. */
  synchronized void grown(Notifications notifications) {
    pollers.forEach(
        (handle, poller) -> {
          if (poller.waiting) {
            poller.waiting = false;
            notifications.wake(handle);
          }
        });
  }
}
