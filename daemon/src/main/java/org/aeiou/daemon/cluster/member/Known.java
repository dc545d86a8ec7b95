package org.aeiou.daemon.cluster.member;

/** What is known of another member. Guarded by the lock of {@link Members}. */
final class Known {
  MemberState state;

  /** When it was heard of last, by the ticker; later if this process was stopped since. */
  long heard;

  boolean suspect;

  Known(MemberState state, long heard) {
    this.state = state;
    this.heard = heard;
  }
}
