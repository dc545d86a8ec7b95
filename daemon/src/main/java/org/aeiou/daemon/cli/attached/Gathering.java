package org.aeiou.daemon.cli.attached;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;

/**
 * What is read of the paths that patterns match: as one burst, each as soon as it is found. In
 * order when all of it is there. For one thread.
 */
final class Gathering {
  private final Tree tree;
  private final boolean described;
  private final List<OfPattern> patterns = new ArrayList<>();
  private int found;
  private int pending;

  /**
   * What one pattern matches.
   *
   * @param items by path
   * @param failures directories that could not be listed
   */
  record OfPattern(
      PathPattern pattern, Expansion[] expansion, List<Item> items, List<Item> failures) {

    /** Whether nothing is there that it matches, as far as is known. */
    boolean isEmpty() {
      return items.isEmpty() && failures.isEmpty();
    }
  }

  Gathering(Tree tree, boolean described) {
    this.tree = tree;
    this.described = described;
  }

  /** Reads what a pattern matches. */
  void add(PathPattern pattern) {
    OfPattern of = new OfPattern(pattern, new Expansion[1], new ArrayList<>(), new ArrayList<>());
    patterns.add(of);
    of.expansion[0] =
        new Expansion(
            tree,
            pattern,
            (path, isListed, isDirectory) -> {
              if (!isDirectory || !pattern.isPattern()) {
                read(of, path);
              }
            },
            of.failures::add);
    of.expansion[0].start();
  }

  private void read(OfPattern of, String path) {
    found++;
    pending++;
    tree.read(path, described, item -> ended(of, item));
  }

  private void ended(OfPattern of, Item item) {
    boolean isPattern = of.pattern.isPattern();
    if (item.reason() == Failure.Reason.UNKNOWN_NAME && !isPattern) {
      NearestName.add(tree, item, better -> add(of, better));
    } else if (isPattern && isNoMatch(item)) {
      found--;
      pending--;
    } else {
      add(of, item);
    }
  }

  /** What a shell would not have found. */
  private static boolean isNoMatch(Item item) {
    return item.reason() == Failure.Reason.UNKNOWN_NAME
        || item.reason() == Failure.Reason.NOT_DIRECTORY
        || item.reason() == Failure.Reason.IS_DIRECTORY;
  }

  private void add(OfPattern of, Item item) {
    pending--;
    of.items.add(
        item.reason() == Failure.Reason.IS_DIRECTORY
            ? Item.failed(item.path(), item.reason(), "is a directory; use 'aeiou ls'")
            : item);
  }

  boolean isDone() {
    return pending == 0 && patterns.stream().allMatch(of -> of.expansion[0].isDone());
  }

  /** How far it is, in words. */
  String progress() {
    boolean looks = patterns.stream().anyMatch(of -> !of.expansion[0].isDone());
    return (found - pending) + " of " + found + (looks ? " or more" : "") + " values";
  }

  /** What was found, by pattern, each in the order of the paths. */
  List<OfPattern> all() {
    patterns.forEach(of -> of.items.sort(Comparator.comparing(Item::path, NaturalOrder.INSTANCE)));
    return patterns;
  }
}
