package org.aeiou.closures.group;

import org.aeiou.closures.Failure;

/**
 * How far a group is; a snapshot. {@code submitted = immediate + delayed + refused}.
 *
 * @param submitted requests submitted
 * @param immediate of these, how many had their outcome inside the call
 * @param delayed how many were accepted and had to wait
 * @param pending of the delayed ones, how many still wait
 * @param failed how many ended in a failure, immediate or delayed
 * @param refused how many were refused because too many were pending; their closures never run
 * @param firstError the first failure, or null if there was none
 */
public record Progress(
    long submitted,
    long immediate,
    long delayed,
    long pending,
    long failed,
    long refused,
    Failure<?> firstError) {

  /** Whether everything submitted so far has its outcome. */
  public boolean isDone() {
    return pending == 0;
  }
}
