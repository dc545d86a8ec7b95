package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.ValueTable;
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

  /** The path that each attribute is published under. Changed with this monitor held. */
  private final Map<Node, String> published = new ConcurrentHashMap<>();

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
    if (place.published() != null && !place.published().equals(published.get(place.node()))) {
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
    published.put(place.node(), place.published());
    publish(place.published(), place.node());
  }

  /** The cache has an outcome of this attribute that is new or newer. */
  void taken(Node node) {
    if (published.containsKey(node)) {
      takenOfPublished(node);
    }
  }

  private synchronized void takenOfPublished(Node node) {
    String path = published.get(node);
    if (path != null) {
      publish(path, node);
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
    published.values().forEach(table::withdraw);
    published.clear();
  }

  /** Publishes what is cached now, which with the monitor held never goes back in time. */
  private void publish(String path, Node node) {
    Content content = files.cached(node);
    if (content == null) {
      published.remove(node);
      table.withdraw(path);
      return;
    }
    long now = ticker.read();
    ValueTable.Entry entry =
        new ValueTable.Entry(
            Kind.READING,
            content.value(),
            now + Math.max(0, content.attributes().validNanos()),
            now + content.usableNanos(),
            content.attributes().takenMillis(),
            content.attributes().changedMillis());
    if (!table.publish(path, entry, now)) {
      // As a whole table, which may be megabytes: not copied again for each change of it.
      published.remove(node);
    }
  }
}
