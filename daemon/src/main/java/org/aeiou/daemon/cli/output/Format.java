package org.aeiou.daemon.cli.output;

/** How values are printed. For one thread. */
public interface Format {

  /** Prints what came of a path, now or at the end; what has no value may be left out. */
  void add(Item item);

  /** Prints what is kept back. */
  default void end() {}
}
