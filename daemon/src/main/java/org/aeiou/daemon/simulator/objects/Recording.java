package org.aeiou.daemon.simulator.objects;

import java.util.Arrays;
import org.aeiou.daemon.backend.Value;

/**
 * The objects of a real device, as a walk found them. Immutable and shared between agents.
 *
 * <p>A walk does not say where an object's name ends and its index begins. So what is asked for and
 * is not there counts as a missing instance if the recording holds anything that differs in the
 * last sub-identifier only, or below it, and as a missing object otherwise.
 */
public final class Recording implements ObjectView {
  private final String name;
  private final int[][] names;
  private final Value[] values;
  private final int skipped;
  private final int duplicates;

  /**
   * A recording.
   *
   * @param names in ascending order, none twice
   * @param skipped lines that could not be played
   * @param duplicates lines with an object that an earlier line had
   */
  Recording(String name, int[][] names, Value[] values, int skipped, int duplicates) {
    this.name = name;
    this.names = names;
    this.values = values;
    this.skipped = skipped;
    this.duplicates = duplicates;
  }

  /** The file's name, without its ending. */
  public String name() {
    return name;
  }

  public int size() {
    return names.length;
  }

  public int skipped() {
    return skipped;
  }

  public int duplicates() {
    return duplicates;
  }

  @Override
  public Value get(int[] wanted) {
    int position = Arrays.binarySearch(names, wanted, Arrays::compareUnsigned);
    return position < 0 ? null : values[position];
  }

  @Override
  public boolean knows(int[] wanted) {
    if (wanted.length == 0) {
      return false;
    }
    int[] parent = Arrays.copyOf(wanted, wanted.length - 1);
    int position = firstFrom(parent);
    return position < names.length
        && names[position].length >= parent.length
        && Arrays.equals(names[position], 0, parent.length, parent, 0, parent.length);
  }

  @Override
  public Binding next(int[] wanted) {
    int position = firstFrom(wanted);
    if (position < names.length && Arrays.equals(names[position], wanted)) {
      position++;
    }
    return position < names.length ? new Binding(names[position], values[position]) : null;
  }

  private int firstFrom(int[] wanted) {
    int position = Arrays.binarySearch(names, wanted, Arrays::compareUnsigned);
    return position < 0 ? -position - 1 : position;
  }
}
