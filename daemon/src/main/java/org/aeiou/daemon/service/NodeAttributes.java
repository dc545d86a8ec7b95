package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;

/** What {@code stat} shows of nodes; all of it from the cache. */
final class NodeAttributes {
  /** The size of a file that was never read, as in sysfs: large enough that readers read. */
  static final long UNKNOWN_SIZE = 4096;

  private final Ownership ownership;
  private final Glance glance;
  private final Contents contents;
  private final Names names;
  private final Ticker ticker;
  private final InstantSource clock;
  private final long startMillis;

  NodeAttributes(
      Ownership ownership,
      Glance glance,
      Contents contents,
      Names names,
      Ticker ticker,
      InstantSource clock) {
    this.ownership = ownership;
    this.glance = glance;
    this.contents = contents;
    this.names = names;
    this.ticker = ticker;
    this.clock = clock;
    this.startMillis = clock.millis();
  }

  FileSystem.Attributes of(Node node) {
    if (node instanceof Directory directory) {
      long changed = names.changedMillis(directory);
      long valid = names.trustedNanos(directory, directory.toList());
      return attributes(0, ownership.directoryMode(), 1, changed, changed, valid);
    }
    if (node instanceof AttributeFile file) {
      return of(file);
    }
    long now = clock.millis();
    long size = ((TextFile) node).text().getBytes(UTF_8).length;
    return attributes(size, ownership.fileMode(), 1, now, now, 0);
  }

  private FileSystem.Attributes of(AttributeFile file) {
    Glance.Sight sight = glance.at(file);
    Outcome<Value> outcome = sight.outcome();
    if (outcome == null) {
      return attributes(UNKNOWN_SIZE, ownership.fileMode(), 1, startMillis, startMillis, 0);
    }
    long valid = sight.freshness().remaining(ticker.read() - Slot.takenNanos(outcome));
    if (!(outcome instanceof Reading<Value> reading)) {
      return attributes(UNKNOWN_SIZE, ownership.fileMode(), 1, startMillis, startMillis, valid);
    }
    return attributes(
        contents.bytes(file, reading.value()).length,
        ownership.fileMode(),
        1,
        reading.takenMillis(),
        reading.changedMillis(),
        valid);
  }

  private FileSystem.Attributes attributes(
      long size, int mode, int links, long taken, long changed, long validNanos) {
    return new FileSystem.Attributes(
        size, mode, ownership.uid(), ownership.gid(), links, taken, changed, validNanos);
  }
}
