package org.aeiou.daemon.service;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.Written;
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

  /** The requester of the user with this number. Costs a look-up. */
  Requester requester(int uid);

  /**
   * Finds a name in a directory.
   *
   * @param requester the one that asks, here and below
   * @param name one path component; anything may be asked for
   */
  <C> Request lookup(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context);

  /**
   * Finds a name in a directory to read what it means: unlike {@link #lookup} it takes no exchange
   * to know whether that is there, as reading tells.
   */
  default <C> Request find(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    return lookup(requester, directory, name, closure, context);
  }

  /** Finds what a path names, from the root on; see {@link PathResolver#resolve}. */
  default <C> Request resolve(
      Requester requester, String path, Closure<Node, C> closure, C context) {
    return PathResolver.resolve(
        root(),
        (directory, name, found) -> find(requester, directory, name, found, null),
        path,
        closure,
        context);
  }

  /** Lists a directory, without {@code .} and {@code ..}. Fetches no leaf values. */
  <C> Request list(Requester requester, Node directory, Closure<Listing, C> closure, C context);

  /** Reads a whole file. */
  <C> Request read(Requester requester, Node file, Closure<Content, C> closure, C context);

  /** Whether a file may be written, by its owner and its group. Costs a look; never fetches. */
  default boolean isWritable(Node node) {
    return false;
  }

  /**
   * Writes attributes of one row or one group of a system, all of them or none, with one question
   * to it; what is read back then is what everybody sees.
   *
   * <p>What a channel lets a user write is its own to decide, by owner, group and mode. Here it is
   * checked whether the attribute may be written at all, and what would be written.
   *
   * <p>Failures: {@code NOT_WRITABLE} if an attribute may not be written, {@code BAD_REQUEST} for a
   * text that is no value of it, {@code OUT_OF_RANGE} for one out of its range, {@code REFUSED} by
   * the system, {@code UNREACHABLE} if it did not answer before anything was sent, {@code NOT_DONE}
   * if it failed at it, {@code TIMEOUT} if that is not known: then it may have happened.
   *
   * @param author for the event that tells of it
   * @param requester the one that asks
   * @param assignments at least one
   */
  default <C> Request write(
      Author author,
      Requester requester,
      List<Assignment> assignments,
      Closure<Written, C> closure,
      C context) {
    closure.run(
        context, new Failure<>(Failure.Reason.NOT_WRITABLE, "nothing can be written here"), false);
    return Request.IMMEDIATE;
  }

  /** Says why a program's write of a file was not handed over, for people that ask. */
  default void notWritten(Node file, String why) {}

  /**
   * What a file holds by what is in the cache, fresh or stale; null if there is nothing usable, so
   * that reading it takes a fetch. Never fetches.
   */
  Content cached(Node file);

  /**
   * Says that a reader was given what {@link #cached} said, without a call of {@link #read}. What
   * was fetched ahead of it has been of use.
   */
  default void served(Node file) {}

  /**
   * Whether nothing usable is in the cache of a file that is kept there once it is read: what is
   * told of its size is a guess.
   */
  default boolean isUnread(Node file) {
    return false;
  }

  /** Whether stat shows of a file what it shows of all of its system that were never read. */
  default boolean isNeverRead(Node file) {
    return false;
  }

  /** The time that stat shows of the files of a node's system that were never read; else 0. */
  default long unreadMillis(Node node) {
    return 0;
  }

  /** What is in the cache of a file that its system does not have; null if that is not known. */
  default Absence absence(Node file) {
    return null;
  }

  /**
   * For how long from now it may be said that there is a node, unless observers are told otherwise.
   */
  default long existsNanos(Node node) {
    return 0;
  }

  /** What is known of an attribute besides its value, by name; from the cache. */
  default Map<String, String> description(Node node) {
    return Map.of();
  }

  /** For how long from now a name that there was not just now may be taken for unknown. */
  default long unknownNanos() {
    return 0;
  }

  /** Tells an observer of changes, from now on. */
  void observe(Observer observer);

  /** Keeps a file's reading fresh, for as long as the watch is open. */
  Watch watch(Requester requester, Node file);

  /** What is known of a node now, from the cache; never fetches. */
  Attributes attributes(Node node);

  /** The names of a node's extended attributes, as in {@code user.aeiou.oid}. Never fetches. */
  List<String> extendedAttributes(Node node);

  /**
   * The value of an extended attribute, from the cache; null if the node has none of that name.
   * Never fetches.
   */
  byte[] extendedAttribute(Node node, String name);

  /**
   * How large the file system is. Answered from what is counted anyhow, as each {@code df} asks.
   */
  Usage usage();

  /**
   * A name in a directory.
   *
   * @param node what it names; null if the name does not exist (the outcome is then still a
   *     reading, so that the absence may be remembered)
   * @param validNanos for how long the name will go on to mean this, from now; 0 if it may change
   *     at any time. For a file, also for how long a program that opens it may be given what the
   *     kernel was told meanwhile: what is read for the first time stays fresh for longer
   */
  record Entry(String name, Node node, long validNanos) {}

  /**
   * A directory's contents, in a stable order.
   *
   * @param validNanos for how long, from now; 0 if it may change at any time
   * @param usableNanos for how long a reader may be given them while they are asked for again
   */
  record Listing(List<Entry> entries, long validNanos, long usableNanos) {
    public Listing {
      entries = List.copyOf(entries);
    }

    /** One that is of no use when it is not valid any more. */
    public Listing(List<Entry> entries, long validNanos) {
      this(entries, validNanos, validNanos);
    }
  }

  /**
   * That a system is known not to have what a file is.
   *
   * @param takenMillis when that was found out
   * @param validNanos for how long from now it is fresh
   * @param usableNanos for how long a reader may be told so; longer than fresh, while it is stale
   */
  record Absence(long takenMillis, long validNanos, long usableNanos) {}

  /**
   * A file's contents. The array is not copied and must not be changed.
   *
   * @param attributes what {@code stat} shows of them; its validity is theirs, and 0 if they must
   *     not be kept
   * @param takenNanos when they were taken, by the ticker: of two contents of a file, which is
   *     newer
   * @param usableNanos for how long from now a reader in the middle of them may go on
   */
  record Content(byte[] bytes, Attributes attributes, long takenNanos, long usableNanos) {

    /** The bytes without the newline that a file has at its end. */
    public byte[] value() {
      int length = bytes.length;
      boolean ended = length > 0 && bytes[length - 1] == '\n';
      return ended ? Arrays.copyOf(bytes, length - 1) : bytes;
    }
  }

  /**
   * Is told of changes, after they can be read. Called on any thread; must neither wait nor throw.
   */
  interface Observer {

    /** A file's outcome is another one than before. */
    void contentChanged(Node file);

    /** Files may be written that could not be, or the other way round. */
    default void permissionsChanged() {}

    /** A file's outcome is the same as before, and newer. */
    default void contentConfirmed(Node file) {}

    /**
     * A watched file could not be read; not told again until it could. Its last reading may be
     * cached yet.
     */
    default void unreadable(Node file, Failure<Content> why) {}

    /** A watched file that could not be read has an outcome again, the same as before perhaps. */
    default void readable(Node file) {}

    /**
     * What was answered of a file, or of the names in a directory, is not known any more; stat
     * shows another time of what else was never answered of its system.
     */
    default void forgotten(Node node) {}

    /**
     * A directory is to be listed anew.
     *
     * @param names those that came, went, or stand for something else; perhaps none
     */
    void namesChanged(Node directory, Collection<String> names);

    /**
     * What a directory's names were worked out from was answered, of which nothing was known: a
     * listing that waited for the answer is no older than it.
     */
    default void namesLearned(Node directory) {
      namesChanged(directory, List.of());
    }
  }

  /** A file that is kept fresh until this is closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

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
      long validNanos) {

    /** The same of another size. */
    public Attributes ofSize(long octets) {
      return new Attributes(octets, mode, uid, gid, links, takenMillis, changedMillis, validNanos);
    }

    /** The same, for another time. */
    public Attributes validFor(long nanos) {
      return new Attributes(size, mode, uid, gid, links, takenMillis, changedMillis, nanos);
    }
  }

  /**
   * What {@code statfs} shows.
   *
   * @param files what was looked up and is held
   */
  record Usage(long files) {}
}
