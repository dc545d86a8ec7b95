package org.aeiou.closures.shared;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which units of an arena are free. What is given is the shortest stretch that is long enough, and
 * what is given back joins its neighbours; both take a time that grows with the logarithm of the
 * number of stretches, whatever a client does to it. One thread at a time.
 */
final class Arena {
  private static final long MASK = (1L << Integer.SIZE) - 1;

  /** Where each free stretch begins, and how long it is. */
  private final TreeMap<Integer, Integer> byPlace = new TreeMap<>();

  /** The same by length, and then by place. */
  private final TreeSet<Long> byLength = new TreeSet<>();

  Arena(int units) {
    if (units > 0) {
      add(0, units);
    }
  }

  boolean has(int units) {
    return byLength.ceiling((long) units << Integer.SIZE) != null;
  }

  /** Takes units that follow each other; -1 if there are not so many. */
  int take(int units) {
    Long found = byLength.ceiling((long) units << Integer.SIZE);
    if (found == null) {
      return -1;
    }
    int begin = (int) (found & MASK);
    int length = (int) (found >>> Integer.SIZE);
    remove(begin, length);
    if (length > units) {
      add(begin + units, length - units);
    }
    return begin;
  }

  void giveBack(int unit, int units) {
    int begin = unit;
    int length = units;
    Map.Entry<Integer, Integer> before = byPlace.lowerEntry(begin);
    if (before != null && before.getKey() + before.getValue() == begin) {
      begin = before.getKey();
      length += before.getValue();
      remove(before.getKey(), before.getValue());
    }
    Integer behind = byPlace.get(unit + units);
    if (behind != null) {
      length += behind;
      remove(unit + units, behind);
    }
    add(begin, length);
  }

  private void add(int begin, int length) {
    byPlace.put(begin, length);
    byLength.add((long) length << Integer.SIZE | begin);
  }

  private void remove(int begin, int length) {
    byPlace.remove(begin);
    byLength.remove((long) length << Integer.SIZE | begin);
  }
}
