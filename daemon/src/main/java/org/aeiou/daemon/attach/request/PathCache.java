package org.aeiou.daemon.attach.request;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.shared.CanonicalPath;
import org.aeiou.closures.shared.Operation;
import org.aeiou.daemon.attach.table.ValueTablePublisher;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.View;

/**
 * What the paths of clients name: each is looked for in the view that the flags ask for, and
 * remembered as long as no name comes or goes. Here, and nowhere else, this room resolves a path.
 * Any thread.
 */
final class PathCache {
  private static final int OTHER_VIEW = Operation.HIT_ONLY | Operation.FORCE_MISS;

  /** The daemon's own files, which no view changes: reading them asks no network. */
  private static final String OWN = ".aeiou";

  private final FileSystem files;
  private final int most;
  private final ValueTablePublisher table;

  /** By path in its one spelling, view included; each as {@link #known} gives it. */
  private final Map<String, FoundPath> places = new ConcurrentHashMap<>();

  /** How often all of them were forgotten. */
  private volatile long forgotten;

  /**
   * Nothing yet.
   *
   * @param most how many paths it remembers
   * @param table knows how often names came or went, and is told of paths that name nothing
   */
  PathCache(FileSystem files, int most, ValueTablePublisher table) {
    this.files = files;
    this.most = most;
    this.table = table;
  }

  /**
   * What a path is known to name, by a look; null if that is not known, or other flags than usual
   * or another spelling make a look not enough: then it is to be {@linkplain #find found}.
   */
  FoundPath known(String wanted, int flags) {
    return (flags & OTHER_VIEW) == 0 ? places.get(wanted) : null;
  }

  /** Finds what a path names, or says that it names nothing, or that this cannot be told; once. */
  void find(
      Requester requester,
      String wanted,
      int flags,
      Consumer<FoundPath> found,
      Consumer<Failure<?>> failed) {
    long before = forgotten; // first: with an older generation it would not be published
    long names = table.generation();
    String canonical = CanonicalPath.of(wanted);
    String path = viewed(canonical, flags);
    if (path == null) {
      failed.accept(RequestCheck.bad("the flags contradict the view in the path"));
      return;
    }
    String published = (flags & OTHER_VIEW) == 0 ? canonical : null;
    FoundPath known = places.get(path);
    if (known != null) {
      found.accept(new FoundPath(known.node(), published, names, false));
      return;
    }
    var unused =
        files.resolve(
            requester,
            path,
            (same, outcome, delayed) -> {
              if (outcome instanceof Reading<Node> reading) {
                remember(path, reading.value(), names, before);
                found.accept(new FoundPath(reading.value(), published, names, delayed));
                return;
              }
              Failure<?> failure = (Failure<?>) outcome;
              if (failure.reason() == Failure.Reason.UNKNOWN_NAME) {
                table.unknown(published, failure.message(), names);
              }
              failed.accept(failure);
            },
            null);
  }

  /** Clients may ask for as many paths as they like; what is not remembered is found again. */
  private void remember(String path, Node node, long names, long before) {
    if (node.isDirectory()) {
      return;
    }
    if (places.size() >= most) {
      places.clear();
    }
    places.put(path, new FoundPath(node, path, names, false));
    if (before != forgotten) {
      // It was looked for before names changed, and put here after what there was was forgotten.
      places.remove(path);
    }
  }

  /** Names came or went. One thread at a time counts; of two it is enough if one is seen. */
  synchronized void forget() {
    forgotten = forgotten + 1; // before: what is remembered after this sees it
    places.clear();
  }

  /**
   * The path of the same thing in the view that a request's flags ask for.
   *
   * @param path in its one spelling
   * @return null if the path is in the opposite view
   */
  static String viewed(String path, int flags) {
    if ((flags & Operation.HIT_ONLY) != 0) {
      return viewed(path, View.CACHED, View.UNCACHED);
    }
    return (flags & Operation.FORCE_MISS) != 0 ? viewed(path, View.UNCACHED, View.CACHED) : path;
  }

  private static String viewed(String path, View wanted, View opposite) {
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    if (first.equals(opposite.directory())) {
      return null;
    }
    return first.equals(wanted.directory()) || first.equals(OWN)
        ? path
        : wanted.directory() + "/" + path;
  }
}
