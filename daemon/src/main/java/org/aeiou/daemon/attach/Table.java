package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.ValueTable;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/**
 * What clients find without asking: the attributes that one of them has asked for, as the cache has
 * them. Any thread may call any method; the table has one writer at a time.
 */
final class Table {
  private static final int MOST_PATHS = 1 << 18;

  private final FileSystem files;
  private final ValueTable table;
  private final Ticker ticker;

  /** The path that each attribute was asked for by. */
  private final Map<Node, String> paths = new ConcurrentHashMap<>();

  Table(FileSystem files, ValueTable table, Ticker ticker) {
    this.files = files;
    this.table = table;
    this.ticker = ticker;
  }

  /** A client has read an attribute. */
  void read(String path, Node node, Content content) {
    if (content.attributes().validNanos() > 0) {
      if (paths.size() >= MOST_PATHS) {
        // Those that are still asked for come back.
        forget();
      }
      paths.put(node, path);
      publish(path, content);
    }
  }

  /** The cache has an outcome of this attribute that is new or newer. */
  void taken(Node node) {
    String path = paths.get(node);
    if (path == null) {
      return;
    }
    Content content = files.cached(node);
    if (content != null) {
      publish(path, content);
    } else {
      paths.remove(node);
      withdraw(path);
    }
  }

  /** Nothing is known of what paths mean any more. */
  void forget() {
    List<String> known = List.copyOf(paths.values());
    paths.clear();
    known.forEach(this::withdraw);
  }

  private void publish(String path, Content content) {
    byte[] line = content.bytes();
    long now = ticker.read();
    ValueTable.Entry entry =
        new ValueTable.Entry(
            Kind.READING,
            value(line),
            now + content.attributes().validNanos(),
            now + content.usableNanos(),
            content.attributes().takenMillis(),
            content.attributes().changedMillis());
    synchronized (table) {
      var unused = table.publish(path, entry, now);
    }
  }

  private void withdraw(String path) {
    synchronized (table) {
      table.withdraw(path);
    }
  }

  /** Without the newline that a file has at its end. */
  static byte[] value(byte[] line) {
    boolean ended = line.length > 0 && line[line.length - 1] == '\n';
    return ended ? Arrays.copyOf(line, line.length - 1) : line;
  }
}
