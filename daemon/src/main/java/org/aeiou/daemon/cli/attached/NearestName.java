package org.aeiou.daemon.cli.attached;

import java.util.List;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.document.Spelling;

/** Finds the name that may have been meant where there is none. */
final class NearestName {
  private NearestName() {}

  /** Tells the same item, with a name in its message if there is one that is near. */
  static void add(Tree tree, Item item, Consumer<Item> then) {
    if (item.reason() != Failure.Reason.UNKNOWN_NAME || item.message().contains("did you mean")) {
      then.accept(item);
      return;
    }
    List<String> names = List.of(item.path().split("/", -1));
    int missing = 0;
    while (missing < names.size() && !item.message().contains("'" + names.get(missing) + "'")) {
      missing++;
    }
    if (missing == names.size()) {
      then.accept(item);
      return;
    }
    String name = names.get(missing);
    tree.list(
        String.join("/", names.subList(0, missing)),
        listed -> {
          String nearest =
              Spelling.nearest(name, listed.names().stream().map(Tree.Name::name).toList());
          then.accept(
              nearest == null
                  ? item
                  : Item.failed(
                      item.path(),
                      item.reason(),
                      item.message() + "; did you mean '" + nearest + "'?"));
        });
  }
}
