package org.aeiou.closures.attached;

import org.aeiou.closures.shared.Operation;

/**
 * One step of a chain, which the daemon runs: a read, a stat, a list or a describe, whose path may
 * have {@code {}} for the value of the step before it. Of several conditions to stop one is enough.
 * Immutable; any thread.
 */
public final class Step {
  final int operation;
  final int flags;
  final String path;

  Step(int operation, int flags, String path) {
    this.operation = operation;
    this.flags = flags;
    this.path = path;
  }

  /** Reads an attribute. */
  public static Step read(String path) {
    return new Step(Operation.READ, 0, path);
  }

  /** Asks for what stat shows, as {@link Attachment#stat} does. */
  public static Step stat(String path) {
    return new Step(Operation.STAT, 0, path);
  }

  /** Asks for the names in a directory. */
  public static Step list(String path) {
    return new Step(Operation.LIST, 0, path);
  }

  /** Asks for what is known of an attribute, as {@link Attachment#describe} does. */
  public static Step describe(String path) {
    return new Step(Operation.DESCRIBE, 0, path);
  }

  /**
   * Behind a list: reads a path for each name, which takes the place of {@code {}}. The value is
   * each name and its value, with a NUL behind either; the value is empty where there is no
   * reading.
   */
  public static Step each(String path) {
    return new Step(Operation.READ, Operation.EACH, path);
  }

  /**
   * As {@link #each}, but the value is a {@link org.aeiou.closures.shared.GroupValues} of one
   * column without a name, whose rows are the names: each of them has an outcome of its own.
   */
  public static Step eachAsGroup(String path) {
    return new Step(Operation.READ, Operation.EACH | Operation.EACH_AS_GROUP, path);
  }

  /** Nothing follows if this has no reading. */
  public Step stopOnError() {
    return with(Operation.STOP_ON_ERROR);
  }

  /** Nothing follows if the system does not have this. */
  public Step stopOnAbsent() {
    return with(Operation.STOP_ON_ABSENT);
  }

  /** Nothing follows if this has a reading. */
  public Step stopOnReading() {
    return with(Operation.STOP_ON_READING);
  }

  /**
   * Where this would stop the chain only the next step is left out: it ends as cancelled, and the
   * one after it starts, with the value that the next one would have had.
   */
  public Step skipNext() {
    return with(Operation.SKIP);
  }

  /** Nothing follows if this is 0, a listing without names, or no reading. */
  public Step stopOnZero() {
    return with(Operation.STOP_ON_ZERO);
  }

  /** Nothing follows if this is anything but 0, or a listing with names. */
  public Step stopOnNonzero() {
    return with(Operation.STOP_ON_NONZERO);
  }

  /** Whether daemons of version 1.2 do not know it. */
  boolean isNewer() {
    return flags >= Operation.BACKGROUND;
  }

  private Step with(int flag) {
    return new Step(operation, flags | flag, path);
  }
}
