package org.aeiou.daemon.cli.attached;

import java.util.List;
import java.util.function.Consumer;
import org.aeiou.daemon.cli.output.Item;

/**
 * The tree as commands ask it. Used by the thread of its {@link CommandLoop}; what comes is told in
 * that loop, exactly once for each call but {@link #watch}.
 */
interface Tree extends AutoCloseable {

  /** A name in a directory. */
  record Name(String name, boolean isDirectory) {}

  /**
   * What is in a directory, in the order of its listing.
   *
   * @param failure why that is not known; null if it is
   */
  record Listed(List<Name> names, Item failure) {}

  /** Asks what is in a directory; {@code ""} is the root. */
  void list(String path, Consumer<Listed> then);

  /**
   * Asks for a value.
   *
   * @param described whether what else is known is wanted
   */
  void read(String path, boolean described, Consumer<Item> then);

  /** Asks for a value, and again whenever it changes. */
  void watch(String path, Consumer<Item> then);

  /** How many can be watched. */
  int mostWatched();

  /** Sends off what was asked for. */
  void flush();

  @Override
  void close();
}
