package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;
import org.aeiou.daemon.tree.View;

/** What {@code stat} shows of nodes; all of it from the cache. */
final class NodeAttributes {
  /**
   * The size of a file while its next reading is not known: a page, as in sysfs. Programs that go
   * by the size (wc, tail) know that a page may be a guess, and read.
   */
  static final long UNKNOWN_SIZE = 4096;

  private final Ownership ownership;
  private final CachePeek peek;
  private final ContentRenderer renderer;
  private final NameLifetimes names;
  private final Ticker ticker;

  NodeAttributes(
      Ownership ownership,
      CachePeek peek,
      ContentRenderer renderer,
      NameLifetimes names,
      Ticker ticker) {
    this.ownership = ownership;
    this.peek = peek;
    this.renderer = renderer;
    this.names = names;
    this.ticker = ticker;
  }

  FileSystem.Attributes of(Node node) {
    if (node instanceof Directory directory) {
      long changed = names.changedMillis(directory);
      // Of what changes them, names that come and go, observers are told.
      return new FileSystem.Attributes(
          0,
          ownership.directoryMode(),
          ownership.uid(),
          ownership.gid(),
          1,
          changed,
          changed,
          NameLifetimes.FIXED_NANOS);
    }
    if (node instanceof AnsweredFile file) {
      return of(file);
    }
    return renderer.attributes((TextFile) node);
  }

  /** The last reading's, however old; its size only if it can be what is read next. */
  private FileSystem.Attributes of(AnsweredFile file) {
    CachePeek.Sight sight = peek.at(file);
    if (sight.outcome() instanceof Reading<Value> reading) {
      return file.view() != View.UNCACHED && CachePeek.usable(sight, ticker.read()) != null
          ? renderer.of(file, reading, sight.freshness()).attributes()
          : renderer.attributes(
              file, UNKNOWN_SIZE, reading.takenMillis(), reading.changedMillis(), 0);
    }
    long valid =
        sight.outcome() == null
            ? 0
            : sight.freshness().remaining(ticker.read() - Slot.takenNanos(sight.outcome()));
    long since = names.sinceMillis(file.system());
    return renderer.attributes(file, UNKNOWN_SIZE, since, since, valid);
  }
}
