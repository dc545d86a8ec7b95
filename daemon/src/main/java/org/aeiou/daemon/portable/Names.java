package org.aeiou.daemon.portable;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.tree.Node;

/**
 * The way from a path to its node: one look-up per component, each remembered for as long as the
 * file system says that it stays true, absences too, or until it says that it changed. Holds a
 * bounded number of names. Any thread may call.
 */
final class Names implements FileSystem.Observer {

  /** As long as a name may be, in octets; what {@code statfs} says. */
  static final int LONGEST = 255;

  /** As long as any name is remembered, so that adding to a time cannot overflow. */
  private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(1);

  private record Place(Node directory, String name) {}

  private record Meaning(Node node, long untilNanos) {}

  private final FileSystem files;
  private final Waits waits;
  private final Ticker ticker;
  private final Cache<Place, Meaning> known;

  /** How often names changed: what was asked for before a change is not remembered after it. */
  private final AtomicLong changes = new AtomicLong();

  /**
   * Remembers nothing yet; the file system tells it of changes from now on.
   *
   * @param most how many names to remember
   */
  Names(FileSystem files, Waits waits, Ticker ticker, long most) {
    this.files = files;
    this.waits = waits;
    this.ticker = ticker;
    this.known = CacheBuilder.newBuilder().maximumSize(most).build();
    files.observe(this);
  }

  @Override
  public void contentChanged(Node file) {
    // Nothing is remembered of contents.
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    changes.incrementAndGet();
    names.forEach(name -> known.invalidate(new Place(directory, name)));
  }

  /**
   * Walks a path.
   *
   * @param path absolute, components separated by {@code /}, octets as the caller wrote them
   * @throws Refused if there is no such node, or a look-up on the way ends in a failure
   */
  Node find(byte[] path) throws Refused {
    Node node = files.root();
    int start = 0;
    while (start < path.length) {
      int end = start;
      while (end < path.length && path[end] != '/') {
        end++;
      }
      if (end > start) {
        node = find(node, path, start, end - start);
      }
      start = end + 1;
    }
    return node;
  }

  private Node find(Node directory, byte[] path, int start, int length) throws Refused {
    if (!directory.isDirectory()) {
      throw new Refused(Errno.ENOTDIR);
    }
    if (length > LONGEST) {
      throw new Refused(Errno.ENAMETOOLONG);
    }
    Place place = new Place(directory, decode(path, start, length));
    Meaning meaning = known.getIfPresent(place);
    if (meaning == null || meaning.untilNanos - ticker.read() <= 0) {
      long before = changes();
      meaning =
          learn(
              before,
              place,
              waits.await(
                  (closure, context) ->
                      files.lookup(
                          files.requester(waits.uid()), directory, place.name, closure, context)));
    }
    if (meaning.node == null) {
      throw new Refused(Errno.ENOENT);
    }
    return meaning.node;
  }

  /** How often names have changed; to be asked for before what is learned is. */
  long changes() {
    return changes.get();
  }

  /**
   * Remembers what a listing said of its names.
   *
   * @param before how often names had changed when it was asked for
   */
  void learn(long before, Node directory, List<Entry> entries) {
    for (Entry entry : entries) {
      learn(before, new Place(directory, entry.name()), entry);
    }
  }

  private Meaning learn(long before, Place place, Entry entry) {
    long valid = Math.min(entry.validNanos(), FOREVER_NANOS);
    Meaning meaning = new Meaning(entry.node(), ticker.read() + valid);
    if (valid > 0) {
      known.put(place, meaning);
      // After it is there: a change either counts by now, or finds it.
      if (changes() != before) {
        known.asMap().remove(place, meaning);
      }
    }
    return meaning;
  }

  /** Names in the tree are text; octets that are none name nothing. */
  private static String decode(byte[] path, int start, int length) throws Refused {
    try {
      // A new decoder reports what is malformed; the constructor of String would replace it, and
      // two different names would become one.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(path, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Refused(Errno.ENOENT);
    }
  }
}
