package org.aeiou.closures.scheduler;

/** Which request goes first when a system's queue holds more than one exchange can carry. */
public enum Priority {
  /** Its requester waits for it. */
  INTERACTIVE,
  /**
   * No requester waits for it: a refresh behind the reader's back. It is not tried again, unlike
   * what a {@linkplain Requester#inBackground requester in the background} waits for.
   */
  BACKGROUND
}
