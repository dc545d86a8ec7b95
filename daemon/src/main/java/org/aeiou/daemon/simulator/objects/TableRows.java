package org.aeiou.daemon.simulator.objects;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntFunction;

/**
 * The rows of a table: their indexes in ascending order, each with the row's number. The number
 * says which row it is and stays when the index changes. Immutable and shared between agents.
 */
final class TableRows {

  /** What rows are of; tables of a kind have the same rows. */
  enum RowKind {
    /** No table: the one instance {@code .0}. */
    SCALAR,
    MODULES,
    INTERFACES,
    IPV4_ADDRESSES,
    IP_ADDRESSES,
    STORAGE,
    DEVICES,
    PROCESSORS,
    PROCESSES,
    LOADS,
    DISKS,
    ENTITIES,
    SENSORS,
    LOCAL_PORTS,
    NEIGHBOURS,
    BRIDGE_PORTS,
    STATIONS,
    VLAN_STATIONS,
    VLANS
  }

  /** The row of a scalar object. */
  static final TableRows SCALAR = of(1, row -> new int[] {0});

  private final int[][] indexes;
  private final int[] numbers;

  private TableRows(int[][] indexes, int[] numbers) {
    this.indexes = indexes;
    this.numbers = numbers;
  }

  /** Rows number 0 to {@code count - 1}. */
  static TableRows of(int count, IntFunction<int[]> index) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, row -> row);
    return of(numbers, index);
  }

  /** Rows with these numbers. */
  static TableRows of(int[] numbers, IntFunction<int[]> index) {
    record Row(int[] index, int number) {}
    Row[] rows =
        Arrays.stream(numbers)
            .mapToObj(number -> new Row(index.apply(number), number))
            .sorted(Comparator.comparing(Row::index, Arrays::compareUnsigned))
            .toArray(Row[]::new);
    return new TableRows(
        Arrays.stream(rows).map(Row::index).toArray(int[][]::new),
        Arrays.stream(rows).mapToInt(Row::number).toArray());
  }

  int size() {
    return numbers.length;
  }

  /** The number of the row at a position in the order of the indexes. */
  int number(int position) {
    return numbers[position];
  }

  /** The index at a position in the order of the indexes. */
  int[] index(int position) {
    return indexes[position];
  }

  int[] numbers() {
    return numbers.clone();
  }

  /** The index of the row of that number, or null. */
  int[] indexOf(int number) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == number) {
        return indexes[i];
      }
    }
    return null;
  }

  /** The position of the index that {@code name} ends in from {@code from} on, or -1. */
  int find(int[] name, int from) {
    int position = after(name, from) - 1;
    return position >= 0 && compare(position, name, from) == 0 ? position : -1;
  }

  /** The position of the first index behind the one that {@code name} ends in. */
  int after(int[] name, int from) {
    int low = 0;
    int high = indexes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, name, from) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compare(int position, int[] name, int from) {
    int[] index = indexes[position];
    return Arrays.compareUnsigned(index, 0, index.length, name, from, name.length);
  }
}
