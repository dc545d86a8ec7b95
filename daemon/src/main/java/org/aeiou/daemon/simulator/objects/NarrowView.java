package org.aeiou.daemon.simulator.objects;

import org.aeiou.daemon.backend.Value;

/** Objects without those that are counters of 64 bits, as agents have them that speak only v1. */
record NarrowView(ObjectView all) implements ObjectView {
  private static boolean isWide(Value value) {
    return value instanceof Value.Numeric number && number.type() == Value.NumberType.COUNTER64;
  }

  @Override
  public Value get(int[] name) {
    Value value = all.get(name);
    return isWide(value) ? null : value;
  }

  @Override
  public boolean knows(int[] name) {
    return all.knows(name);
  }

  @Override
  public Binding next(int[] name) {
    Binding next = all.next(name);
    while (next != null && isWide(next.value())) {
      next = all.next(next.name());
    }
    return next;
  }
}
