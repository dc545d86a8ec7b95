package org.aeiou.daemon.service;

import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.daemon.tree.Node;

/**
 * The tree as a channel sees it: names, contents and what is known about both.
 *
 * <p>Every method may be called from any thread and returns at once. Those that take a closure run
 * it either inside the call (a hit; the call returns {@link Request#IMMEDIATE}) or later on another
 * thread (a miss), never both, and exactly once. A closure given here must not block.
 */
public interface FileSystem {

  Node root();

  /**
   * Finds a name in a directory.
   *
   * @param name one path component; anything may be asked for
   */
  <C> Request lookup(Node directory, String name, Closure<Entry, C> closure, C context);

  /** Lists a directory, without {@code .} and {@code ..}. Fetches no leaf values. */
  <C> Request list(Node directory, Closure<Listing, C> closure, C context);

  /** Reads a whole file. */
  <C> Request read(Node file, Closure<Content, C> closure, C context);

  /** What is known of a node now, from the cache; never fetches. */
  Attributes attributes(Node node);

  /** The names of a node's extended attributes, as in {@code user.aeiou.oid}. Never fetches. */
  List<String> extendedAttributes(Node node);

  /**
   * The value of an extended attribute, from the cache; null if the node has none of that name.
   * Never fetches.
   */
  byte[] extendedAttribute(Node node, String name);

  /** How large the file system is. */
  Usage usage();

  /**
   * A name in a directory.
   *
   * @param node what it names; null if the name does not exist (the outcome is then still a
   *     reading, so that the absence may be remembered)
   * @param validNanos for how long the name will go on to mean this, from now; 0 if it may change
   *     at any time
   */
  record Entry(String name, Node node, long validNanos) {}

  /**
   * A directory's contents, in a stable order.
   *
   * @param validNanos for how long, from now; 0 if it may change at any time
   */
  record Listing(List<Entry> entries, long validNanos) {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A file's contents. The array is not copied: nobody may change it.
   *
   * @param validNanos for how long they may be kept, from now; 0 if they must not be
   */
  record Content(byte[] bytes, long validNanos) {}

  /**
   * What {@code stat} shows.
   *
   * @param size in bytes
   * @param mode type and permissions, as in {@code st_mode}
   * @param takenMillis when the reading was taken ({@code atime}), in milliseconds since the epoch
   * @param changedMillis when the value last changed ({@code mtime}, {@code ctime})
   * @param validNanos for how long all this may be kept, from now
   */
  record Attributes(
      long size,
      int mode,
      int uid,
      int gid,
      int links,
      long takenMillis,
      long changedMillis,
      long validNanos) {}

  /**
   * What {@code statfs} shows.
   *
   * @param files attributes that were looked up and are held
   * @param bytes how many bytes of readings are in the cache
   */
  record Usage(long files, long bytes) {}
}
