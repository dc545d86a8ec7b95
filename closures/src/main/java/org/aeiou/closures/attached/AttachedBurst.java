package org.aeiou.closures.attached;

import org.aeiou.closures.Burst;

/** Requests that are sent off together; in the daemon, a group. Used by one thread. */
final class AttachedBurst implements Burst {
  private final Submitter submitter;

  /** What the daemon knows them by. */
  final long group;

  final RequestOptions options;

  AttachedBurst(Submitter submitter, long group, RequestOptions options) {
    this.submitter = submitter;
    this.group = group;
    this.options = options;
  }

  boolean isOf(Submitter other) {
    return submitter == other;
  }

  /** The same group with other options. */
  AttachedBurst with(RequestOptions others) {
    return new AttachedBurst(submitter, group, others);
  }

  @Override
  public void end() {
    submitter.ring();
  }
}
