package org.aeiou.daemon.cli.attached;

import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;

/**
 * Finds the paths that a pattern matches: lists a directory for each name with a pattern, all that
 * are known at a time together, and none waits for another. A name without a pattern is not looked
 * for: reading it tells whether it is there.
 */
final class Expansion {
  private final Tree tree;
  private final PathPattern pattern;
  private final Found found;
  private final Consumer<Item> failed;
  private int listing;

  /** Is told of a path that matches. */
  interface Found {
    /**
     * It matches.
     *
     * @param isListed whether it is known to be there
     */
    void found(String path, boolean isListed, boolean isDirectory);
  }

  /**
   * Nothing is looked for yet.
   *
   * @param failed is told of directories that cannot be listed, for other reasons than that they
   *     are not there, or no directories
   */
  Expansion(Tree tree, PathPattern pattern, Found found, Consumer<Item> failed) {
    this.tree = tree;
    this.pattern = pattern;
    this.found = found;
    this.failed = failed;
  }

  void start() {
    goOn("", 0, false, false);
  }

  /** Whether all was found. */
  boolean isDone() {
    return listing == 0;
  }

  private void goOn(String path, int next, boolean isListed, boolean isDirectory) {
    if (next == pattern.parts().size()) {
      found.found(path, isListed || path.isEmpty(), isDirectory || path.isEmpty());
      return;
    }
    PathPattern.Part part = pattern.parts().get(next);
    if (!part.isPattern()) {
      goOn(below(path, part.text()), next + 1, false, false);
      return;
    }
    listing++;
    tree.list(
        path,
        listed -> {
          listing--;
          if (listed.failure() != null) {
            Failure.Reason why = listed.failure().reason();
            if (why != Failure.Reason.UNKNOWN_NAME && why != Failure.Reason.NOT_DIRECTORY) {
              failed.accept(listed.failure());
            }
            return;
          }
          boolean isLast = next + 1 == pattern.parts().size();
          for (Tree.Name name : listed.names()) {
            if (part.matches(name.name()) && (isLast || name.isDirectory())) {
              goOn(below(path, name.name()), next + 1, true, name.isDirectory());
            }
          }
        });
  }

  /** The path of a name in a directory. */
  static String below(String path, String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }
}
