package org.aeiou.daemon.http.live;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/**
 * Word for the stream thread, left by any thread: that a file which streams show has changed, what
 * a request for it came to. Leaving it costs a look-up, and for a file that is shown a place in a
 * queue; once until it is taken, however often the file changes.
 */
final class CellMail implements FileSystem.Observer {
  private final Runnable wake;

  /** The cells of each file: more than one if it has several spellings. The lists never change. */
  private final Map<Node, List<Cell>> cells = new ConcurrentHashMap<>();

  private final Queue<Object> mail = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isAwake = new AtomicBoolean();
  private final AtomicBoolean areNamesNew = new AtomicBoolean();

  /** What a watched cell could not be refreshed for. */
  private record Unreadable(Cell cell, Failure<Content> why) {}

  /**
   * An empty one.
   *
   * @param wake called on any thread, once before the mail is next taken
   */
  CellMail(Runnable wake) {
    this.wake = wake;
  }

  /** From now on, changes of the file are told. Here and below: only the stream thread calls. */
  void remember(Node file, Cell cell) {
    cells.merge(
        file,
        List.of(cell),
        (before, added) -> {
          List<Cell> both = new ArrayList<>(before);
          both.addAll(added);
          return List.copyOf(both);
        });
  }

  void forget(Node file, Cell cell) {
    cells.computeIfPresent(
        file,
        (same, before) -> {
          List<Cell> rest = before.stream().filter(of -> of != cell).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  /** Whether names came or went since this was last asked. */
  boolean takeNames() {
    return areNamesNew.getAndSet(false);
  }

  /** Takes what is there now, and does it. */
  void take(Cells of) {
    isAwake.set(false); // first: what comes from now on wakes again
    for (Object next = mail.poll(); next != null; next = mail.poll()) {
      if (next instanceof Cell cell) {
        cell.isMarked.set(false); // before it is looked at: a change after that marks it again
        of.look(cell);
      } else if (next instanceof Unreadable told) {
        of.unreadable(told.cell, told.why);
      } else {
        ((Runnable) next).run();
      }
    }
  }

  /** Leaves word of something to be done on the stream thread. Any thread. */
  void send(Runnable what) {
    put(what);
  }

  private void put(Object what) {
    mail.add(what);
    if (!isAwake.get() && isAwake.compareAndSet(false, true)) {
      wake.run();
    }
  }

  private void mark(Node file) {
    List<Cell> those = cells.get(file);
    if (those == null) {
      return;
    }
    for (Cell cell : those) {
      if (!cell.isMarked.get() && cell.isMarked.compareAndSet(false, true)) {
        put(cell);
      }
    }
  }

  @Override
  public void contentChanged(Node file) {
    mark(file);
  }

  @Override
  public void contentConfirmed(Node file) {
    mark(file);
  }

  @Override
  public void readable(Node file) {
    mark(file);
  }

  @Override
  public void unreadable(Node file, Failure<Content> why) {
    List<Cell> those = cells.get(file);
    if (those != null) {
      those.forEach(cell -> put(new Unreadable(cell, why)));
    }
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    areNamesNew.set(true);
  }
}
