package org.aeiou.daemon.cli.attached;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;

/**
 * Goes through all that is listed below a directory. Names that begin with a dot are left out, as
 * they are not part of what a system has.
 */
final class Walk {
  private final Tree tree;
  private final Consumer<String> leaf;
  private final BiConsumer<String, Item> failed;
  private int listing;
  private int listed;

  /**
   * Nothing is listed yet.
   *
   * @param leaf is told of what is no directory
   * @param failed is told of what cannot be listed
   */
  Walk(Tree tree, Consumer<String> leaf, BiConsumer<String, Item> failed) {
    this.tree = tree;
    this.leaf = leaf;
    this.failed = failed;
  }

  /** Begins at a directory; at a leaf that is all there is. */
  void start(String path) {
    list(path, true);
  }

  private void list(String path, boolean isStart) {
    listing++;
    tree.list(
        path,
        answer -> {
          listing--;
          listed++;
          if (answer.failure() == null) {
            for (Tree.Name name : answer.names()) {
              if (name.name().startsWith(".")) {
                continue;
              }
              String below = Expansion.below(path, name.name());
              if (name.isDirectory()) {
                list(below, false);
              } else {
                leaf.accept(below);
              }
            }
          } else if (isStart && answer.failure().reason() == Failure.Reason.NOT_DIRECTORY) {
            leaf.accept(path);
          } else if (isStart || answer.failure().reason() != Failure.Reason.UNKNOWN_NAME) {
            failed.accept(path, answer.failure());
          }
        });
  }

  boolean isDone() {
    return listing == 0;
  }

  /** How many directories were listed. */
  int listed() {
    return listed;
  }
}
