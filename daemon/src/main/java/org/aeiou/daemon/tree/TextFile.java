package org.aeiou.daemon.tree;

import org.aeiou.daemon.metrics.EventRing;

/** A file that the daemon writes itself, anew at each read. */
public interface TextFile extends Node {

  @Override
  default boolean isDirectory() {
    return false;
  }

  /** The content now, with a newline at the end of each line. Never waits. */
  String text();

  /**
   * One that grows at its end while it is open, as a log does: {@code tail -f} goes on where it
   * was. What it began with is gone after a while. A reader that opens it begins with what is kept,
   * and positions go on from there; what is gone by the time it is read is an empty line.
   */
  interface Growing extends TextFile {

    /** What it shows. */
    EventRing events();

    @Override
    default String text() {
      return events().text();
    }
  }
}
