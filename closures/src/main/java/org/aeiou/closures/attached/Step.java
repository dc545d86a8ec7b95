package org.aeiou.closures.attached;

import org.aeiou.closures.shared.Operation;

/**
 * One step of a chain, which the daemon runs: a read, a stat or a list, whose path may have {@code
 * {}} for the value of the step before it. Immutable; any thread.
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

  /**
   * Behind a list: reads a path for each name, which takes the place of {@code {}}. The value is
   * each name and its value, with a NUL behind either; the value is empty where there is no
   * reading.
   */
  public static Step each(String path) {
    return new Step(Operation.READ, Operation.EACH, path);
  }

  /** Nothing follows if this has no reading. */
  public Step stopOnError() {
    return with(Operation.STOP_ON_ERROR);
  }

  /** Nothing follows if this is 0, or no reading. */
  public Step stopOnZero() {
    return with(Operation.STOP_ON_ZERO);
  }

  /** Nothing follows if this is anything but 0. */
  public Step stopOnNonzero() {
    return with(Operation.STOP_ON_NONZERO);
  }

  private Step with(int flag) {
    return new Step(operation, flags | flag, path);
  }
}
