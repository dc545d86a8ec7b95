package org.aeiou.daemon.cli.attached;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;

/** A tree that a test makes up: values by path. */
final class KnownTree implements Tree {
  final CommandLoop loop = new CommandLoop();
  final Map<String, Item> values = new TreeMap<>();
  final List<String> listed = new ArrayList<>();
  final List<String> read = new ArrayList<>();
  final Map<String, Consumer<Item>> watched = new LinkedHashMap<>();

  /** Directories that cannot be listed. */
  final Set<String> silent = new TreeSet<>();

  int flushed;

  KnownTree with(String path, String text) {
    return with(path, text, Map.of());
  }

  KnownTree with(String path, String text, Map<String, String> facts) {
    values.put(path, Item.value(path, text, facts));
    return this;
  }

  KnownTree with(Item item) {
    values.put(item.path(), item);
    return this;
  }

  @Override
  public void list(String path, Consumer<Listed> then) {
    listed.add(path);
    String below = path.isEmpty() ? "" : path + "/";
    Map<String, Name> names = new LinkedHashMap<>();
    for (String each : values.keySet()) {
      if (each.startsWith(below)) {
        String rest = each.substring(below.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        names.put(name, new Name(name, slash >= 0));
      }
    }
    Item failure = null;
    if (silent.contains(path)) {
      failure = Item.failed(path, Failure.Reason.TIMEOUT, "it did not answer");
    } else if (values.containsKey(path)) {
      failure = Item.failed(path, Failure.Reason.NOT_DIRECTORY, "is not a directory");
    } else if (names.isEmpty()) {
      failure = unknown(path);
    }
    Listed answer = new Listed(failure == null ? List.copyOf(names.values()) : List.of(), failure);
    loop.post(() -> then.accept(answer));
  }

  private static Item unknown(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return Item.failed(path, Failure.Reason.UNKNOWN_NAME, "there is no '" + name + "'");
  }

  @Override
  public void read(String path, boolean described, Consumer<Item> then) {
    read.add(path);
    boolean isDirectory = values.keySet().stream().anyMatch(each -> each.startsWith(path + "/"));
    Item item =
        isDirectory
            ? Item.failed(path, Failure.Reason.IS_DIRECTORY, "is a directory")
            : values.getOrDefault(path, unknown(path));
    loop.post(() -> then.accept(item));
  }

  @Override
  public void watch(String path, Consumer<Item> then) {
    watched.put(path, then);
  }

  @Override
  public int mostWatched() {
    return 1000;
  }

  @Override
  public void flush() {
    flushed++;
  }

  @Override
  public void close() {}
}
