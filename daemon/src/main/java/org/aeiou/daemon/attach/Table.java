package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.ValueTable;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/**
 * What clients find without asking: the attributes that one of them has asked for, as the cache has
 * them. Any thread may call any method; one at a time writes.
 */
final class Table {
  private final FileSystem files;
  private final ValueTable table;
  private final int mostPaths;
  private final Ticker ticker;

  /** The path that each attribute is published under. Changed with this monitor held. */
  private final Map<Node, String> published = new ConcurrentHashMap<>();

  /** How often names came or went. */
  private volatile long names;

  Table(FileSystem files, ValueTable table, int mostPaths, Ticker ticker) {
    this.mostPaths = mostPaths;
    this.files = files;
    this.table = table;
    this.ticker = ticker;
  }

  /** What to give to {@link #read}: taken before the path was looked for. */
  long names() {
    return names;
  }

  /**
   * A client has read an attribute.
   *
   * @param path in its one spelling
   * @param since what {@link #names} was before the path was looked for: if names changed since, it
   *     may be another attribute's by now
   */
  synchronized void read(String path, Node node, long since) {
    if (since != names) {
      return;
    }
    if (published.size() >= mostPaths) {
      // Those that are still asked for come back.
      forget();
    }
    // First this, then what is cached: whoever takes a newer reading does it the other way round,
    // and one of the two sees the other.
    published.put(node, path);
    publish(path, node);
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
    names = names + 1;
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
            value(content.bytes()),
            now + Math.max(0, content.attributes().validNanos()),
            now + content.usableNanos(),
            content.attributes().takenMillis(),
            content.attributes().changedMillis());
    var unused = table.publish(path, entry, now);
  }

  /** Without the newline that a file has at its end. */
  static byte[] value(byte[] line) {
    boolean ended = line.length > 0 && line[line.length - 1] == '\n';
    return ended ? Arrays.copyOf(line, line.length - 1) : line;
  }
}
