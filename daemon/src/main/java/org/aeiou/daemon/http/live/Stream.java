package org.aeiou.daemon.http.live;

import java.util.BitSet;
import java.util.List;
import org.aeiou.closures.scheduler.Requester;

/**
 * One browser's stream: which cells it shows, and which of them are new since it was told last. The
 * stream thread alone uses it.
 *
 * <p>What is new is a queue of places in {@link #cells} and a bit for each, so that a cell that
 * changes again before its turn is sent once, as it is then.
 */
final class Stream {
  private static final Subscription[] NONE = {};

  final String id;

  /** Whose it is: a user, or an address. */
  final String owner;

  final Requester requester;

  /** What it shows, by name, for the time after a break. */
  List<String> paths = List.of();

  boolean showsSystems;
  boolean showsEvents;

  /** The paths are those of the request that opened it: opened again it has them again. */
  boolean isFixed;

  private Subscription[] cells = NONE;
  private int[] queue = {};
  private int first;
  private int queued;
  private final BitSet isQueued = new BitSet();

  /** Whether some of it must not wait. */
  private boolean isUrgent;

  /** Null in a break. */
  Outlet outlet;

  /** Which connection of the stream that is: word of an older one means nothing. */
  int connection;

  boolean isWriting;

  /** Whether the last frame had no room for all that was new. */
  boolean hasMore;

  /** When the last write began, by the ticker. */
  long writeNanos;

  /** When the connection ended. */
  long brokenNanos;

  /** What {@code hello} says, which goes before all else; null if it was said. */
  byte[] hello;

  /** Why it must begin anew, which goes next; null if it need not. */
  byte[] reset;

  /** Up to which change of a system's record it was told. */
  long systemsChange;

  /** Up to which octet of the log of events it was told. */
  long eventPosition;

  Stream(String id, String owner, Requester requester) {
    this.id = id;
    this.owner = owner;
    this.requester = requester;
  }

  /** How many cells it shows now; none after it was parked. */
  int size() {
    return cells.length;
  }

  /** Shows these from now on; all are new to it. */
  void show(Subscription[] next) {
    cells = next;
    queue = new int[next.length];
    isQueued.clear();
    first = 0;
    queued = 0;
    for (int i = 0; i < next.length; i++) {
      changed(i, true);
    }
  }

  Subscription[] cells() {
    return cells;
  }

  /** Shows nothing. */
  void showNothing() {
    show(NONE);
  }

  /**
   * A cell has changed.
   *
   * @param index its place
   * @param isNew whether a person sees a difference: an age alone may wait
   * @return whether it is sent for both, this change and one before
   */
  boolean changed(int index, boolean isNew) {
    isUrgent |= isNew;
    if (isQueued.get(index)) {
      return true;
    }
    isQueued.set(index);
    queue[(first + queued) % queue.length] = index;
    queued++;
    return false;
  }

  /** Goes on after a break: what has changed since is new to it. */
  void resume(long change) {
    isQueued.clear();
    first = 0;
    queued = 0;
    for (int i = 0; i < cells.length; i++) {
      if (cells[i].cell.change > change) {
        changed(i, true);
      }
    }
    isUrgent = true;
  }

  /** Whether something is to be sent now. */
  boolean isUrgent() {
    return isUrgent;
  }

  boolean hasCells() {
    return queued > 0;
  }

  boolean isConnected() {
    return outlet != null;
  }

  /** Puts cells that are new into a frame, as many as fit; returns how many. */
  int putCells(Frame frame) {
    int count = 0;
    if (queued > 0) {
      frame.beginArray("cells");
      while (queued > 0 && !frame.isFull()) {
        int index = queue[first];
        first = (first + 1) % queue.length;
        queued--;
        isQueued.clear(index);
        frame.element(cells[index].cell.json);
        count++;
      }
      frame.endArray();
    }
    isUrgent = queued > 0;
    return count;
  }
}
