package org.aeiou.daemon.attach.table;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.aeiou.closures.shared.table.ValueTable;

/**
 * The paths that name nothing, of those that clients have asked for. These are the clients' own
 * inventions, so that there may be few: the oldest goes first. One thread at a time.
 */
final class UnknownNames {
  private static final int MOST = 4096;

  private final ValueTable table;
  private final Set<String> paths = new LinkedHashSet<>();

  UnknownNames(ValueTable table) {
    this.table = table;
  }

  /** A path names nothing, for so long. */
  boolean add(String path, String sentence, long nanos, long nowNanos) {
    if (paths.size() >= MOST) {
      Iterator<String> oldest = paths.iterator();
      table.withdraw(oldest.next(), nowNanos);
      oldest.remove();
    }
    boolean isPublished =
        table.publish(path, TableEntries.unknown(sentence, nowNanos + nanos), nowNanos);
    if (isPublished) {
      paths.add(path);
    }
    return isPublished;
  }

  /** A path names something, or has other news. */
  void remove(String path) {
    paths.remove(path);
  }

  int size() {
    return paths.size();
  }

  /** Names came: any path may name something. */
  void withdrawAll(long nowNanos) {
    paths.forEach(path -> table.withdraw(path, nowNanos));
    paths.clear();
  }
}
