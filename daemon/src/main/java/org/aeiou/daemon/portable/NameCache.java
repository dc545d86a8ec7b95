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
import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.PathResolver;
import org.aeiou.daemon.tree.Node;

/**
 * What paths name: each look-up is remembered for as long as the file system says that it stays
 * true, absences too, or until it says that it changed. Holds a bounded number of names. Any thread
 * may call.
 */
final class NameCache implements FileSystem.Observer {

  /** As long as any name is remembered, so that adding to a time cannot overflow. */
  private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(1);

  private record NameKey(Node directory, String name) {}

  private record Meaning(Node node, long untilNanos) {}

  private final FileSystem files;
  private final Waits waits;
  private final Ticker ticker;
  private final Cache<NameKey, Meaning> known;

  /** How often names changed: what was asked for before a change is not remembered after it. */
  private final AtomicLong changes = new AtomicLong();

  /**
   * Remembers nothing yet; the file system tells it of changes from now on.
   *
   * @param most how many names to remember
   */
  NameCache(FileSystem files, Waits waits, Ticker ticker, long most) {
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
    names.forEach(name -> known.invalidate(new NameKey(directory, name)));
  }

  /**
   * Finds what a path names.
   *
   * @param path absolute, components separated by {@code /}, octets as the caller wrote them
   * @throws Refused if there is no such node, or a look-up on the way ends in a failure
   */
  Node find(byte[] path) throws Refused {
    String names = decode(path);
    Requester requester = files.requester(waits.uid());
    return waits.await(
        (closure, wait) ->
            PathResolver.resolve(
                files.root(),
                (directory, name, found) -> find(requester, new NameKey(directory, name), found),
                names,
                closure,
                wait));
  }

  private Request find(Requester requester, NameKey place, Closure<Entry, Void> closure) {
    Meaning known = this.known.getIfPresent(place);
    if (known != null && known.untilNanos - ticker.read() > 0) {
      closure.run(null, new Reading<>(new Entry(place.name, known.node, 0), 0, 0, 0), false);
      return Request.IMMEDIATE;
    }
    long before = changes();
    return files.lookup(
        requester,
        place.directory,
        place.name,
        (Void none, Outcome<Entry> outcome, boolean delayed) -> {
          if (outcome instanceof Reading<Entry> reading) {
            learn(before, place, reading.value());
          }
          closure.run(null, outcome, delayed);
        },
        null);
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
      learn(before, new NameKey(directory, entry.name()), entry);
    }
  }

  private void learn(long before, NameKey place, Entry entry) {
    long valid = Math.min(entry.validNanos(), FOREVER_NANOS);
    Meaning meaning = new Meaning(entry.node(), ticker.read() + valid);
    if (valid > 0) {
      known.put(place, meaning);
      // After it is there: a change either counts by now, or finds it.
      if (changes() != before) {
        known.asMap().remove(place, meaning);
      }
    }
  }

  /** Names in the tree are text; octets that are none name nothing. */
  private static String decode(byte[] path) throws Refused {
    try {
      // A new decoder reports what is malformed; the constructor of String would replace it, and
      // two different names would become one.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(hasLongName(path) ? Errno.ENAMETOOLONG : Errno.ENOENT);
    }
  }

  private static boolean hasLongName(byte[] path) {
    int length = 0;
    for (byte octet : path) {
      length = octet == '/' ? 0 : length + 1;
      if (length > PathResolver.LONGEST_NAME) {
        return true;
      }
    }
    return false;
  }
}
