package org.aeiou.daemon.cli.attached;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.aeiou.daemon.cli.output.Item;

/** Where two subtrees differ: by path below each, with both values. */
final class Differences {
  private Differences() {}

  /**
   * A difference.
   *
   * @param path below both
   * @param before the value in the first; null if it is not there
   * @param after the value in the second; null if it is not there
   */
  record Difference(String path, Item before, Item after) {}

  /**
   * The differences, in the order of the paths. What could not be read is none: it is not known.
   *
   * @param first by path below the subtree
   */
  static List<Difference> between(Map<String, Item> first, Map<String, Item> second) {
    Set<String> paths = new TreeSet<>(NaturalOrder.INSTANCE);
    paths.addAll(first.keySet());
    paths.addAll(second.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String path : paths) {
      Item before = first.get(path);
      Item after = second.get(path);
      if ((before != null && before.hasFailed()) || (after != null && after.hasFailed())) {
        continue;
      }
      String was = before == null ? null : before.text();
      String is = after == null ? null : after.text();
      if (!Objects.equals(was, is)) {
        differences.add(
            new Difference(path, was == null ? null : before, is == null ? null : after));
      }
    }
    return differences;
  }

  /**
   * The directories that are in one of both only, the highest of each, with how many values they
   * have there: a row that the other does not have is one difference to a person.
   */
  static Map<String, Integer> missing(Set<String> there, Set<String> elsewhere) {
    Set<String> known = new TreeSet<>();
    for (String path : elsewhere) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        known.add(path.substring(0, slash));
      }
    }
    Map<String, Integer> missing = new TreeMap<>(NaturalOrder.INSTANCE);
    for (String path : there) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (!known.contains(path.substring(0, slash))) {
          missing.merge(path.substring(0, slash), 1, Integer::sum);
          break;
        }
      }
    }
    return missing;
  }
}
