package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.shared.table.TableKind;
import org.aeiou.closures.shared.table.ValueTable;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/**
 * Publishes in the value table what clients then find without asking: the attributes that one of
 * them has read, as the cache has them. Any thread may call any method; one at a time writes.
 */
final class ValueTablePublisher {
  private final FileSystem files;
  private final ValueTable table;
  private final int mostPaths;
  private final Ticker ticker;

  /** What of each attribute is published. Changed with this monitor held. */
  private final Map<Node, Published> published = new ConcurrentHashMap<>();

  /** That an attribute is published. */
  private static final class Published {
    final String path;

    /** Where in the table it is; guarded by the publisher. */
    int slot = ValueTable.UNKNOWN;

    /** Whether it is published no more; guarded by the publisher. */
    boolean isWithdrawn;

    Published(String path) {
      this.path = path;
    }
  }

  private volatile long generation;

  ValueTablePublisher(FileSystem files, ValueTable table, int mostPaths, Ticker ticker) {
    this.mostPaths = mostPaths;
    this.files = files;
    this.table = table;
    this.ticker = ticker;
  }

  /** That of names: how often any came or went. */
  long generation() {
    return generation;
  }

  /**
   * A client has fetched an attribute. What came was published when it came, where the attribute
   * was: in {@link #taken}, of which all are told before the closures.
   */
  void fetched(FoundPath place) {
    if (place.published() == null) {
      return;
    }
    Published known = published.get(place.node());
    if (known == null || !known.path.equals(place.published())) {
      read(place);
    }
  }

  /** A client has read an attribute. Its path may be another attribute's by now. */
  synchronized void read(FoundPath place) {
    if (place.published() == null || place.generation() != generation) {
      return;
    }
    if (published.size() >= mostPaths) {
      // A path that is still asked for comes back.
      forget();
    }
    // First this, then what is cached. The thread that takes a newer reading does it the other way
    // round, and one of the two sees the other.
    Published known = published.get(place.node());
    if (known == null || !known.path.equals(place.published())) {
      known = new Published(place.published());
      published.put(place.node(), known);
    }
    publish(known, place.node());
  }

  /** The cache has an outcome of this attribute that is new or newer. */
  void taken(Node node) {
    Published known = published.get(node);
    if (known != null) {
      takenOfPublished(known, node);
    }
  }

  private synchronized void takenOfPublished(Published known, Node node) {
    if (!known.isWithdrawn) {
      publish(known, node);
    }
  }

  /** Paths may mean something else from now on; all of them, if systems came or went. */
  synchronized void namesChanged(boolean all) {
    generation = generation + 1;
    if (all) {
      forget();
    }
  }

  private void forget() {
    published
        .values()
        .forEach(
            known -> {
              known.isWithdrawn = true;
              table.withdraw(known.path, ticker.read());
            });
    published.clear();
  }

  /** Publishes what is cached now, which with the monitor held never goes back in time. */
  private void publish(Published known, Node node) {
    Content content = files.cached(node);
    if (content == null) {
      known.isWithdrawn = true;
      published.remove(node);
      table.withdraw(known.path, ticker.read());
      return;
    }
    long now = ticker.read();
    ValueTable.Entry entry =
        new ValueTable.Entry(
            TableKind.READING,
            content.value(),
            now + Math.max(0, content.attributes().validNanos()),
            now + content.usableNanos(),
            content.attributes().takenMillis(),
            content.attributes().changedMillis(),
            content.attributes().mode(),
            (int) content.attributes().size());
    known.slot = table.publish(known.path, known.slot, entry, now);
    if (known.slot == ValueTable.UNKNOWN) {
      // As a whole table, which may be megabytes: not copied again for each change of it.
      known.isWithdrawn = true;
      published.remove(node);
    }
  }
}
