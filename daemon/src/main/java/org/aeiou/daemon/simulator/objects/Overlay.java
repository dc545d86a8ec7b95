package org.aeiou.daemon.simulator.objects;

import java.util.Arrays;
import java.util.NavigableMap;
import org.aeiou.daemon.backend.Value;

/** Objects with some of them set to other values, added, or taken away. */
final class Overlay implements ObjectView {
  private final ObjectView below;
  private final NavigableMap<int[], Value> changes;

  /**
   * Lays changes over objects.
   *
   * @param changes by name, in the order of {@link Arrays#compareUnsigned(int[], int[])}; a null
   *     value takes the object away
   */
  Overlay(ObjectView below, NavigableMap<int[], Value> changes) {
    this.below = below;
    this.changes = changes;
  }

  @Override
  public Value get(int[] name) {
    return changes.containsKey(name) ? changes.get(name) : below.get(name);
  }

  @Override
  public boolean knows(int[] name) {
    if (below.knows(name)) {
      return true;
    }
    int[] parent = Arrays.copyOf(name, Math.max(0, name.length - 1));
    int[] sibling = changes.ceilingKey(parent);
    return sibling != null
        && sibling.length >= parent.length
        && Arrays.equals(sibling, 0, parent.length, parent, 0, parent.length);
  }

  @Override
  public Binding next(int[] name) {
    Binding under = below.next(name);
    while (under != null && changes.containsKey(under.name())) {
      under = below.next(under.name());
    }
    var over = changes.higherEntry(name);
    while (over != null && over.getValue() == null) {
      over = changes.higherEntry(over.getKey());
    }
    if (over == null) {
      return under;
    }
    return under == null || Arrays.compareUnsigned(over.getKey(), under.name()) < 0
        ? new Binding(over.getKey(), over.getValue())
        : under;
  }
}
