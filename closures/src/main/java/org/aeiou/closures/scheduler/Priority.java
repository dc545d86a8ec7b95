package org.aeiou.closures.scheduler;

/** Who goes first when a system's queue holds more than one exchange can carry. */
public enum Priority {
  /** Somebody waits for it. */
  INTERACTIVE,
  /** Nobody waits for it: a refresh behind the reader's back. */
  BACKGROUND
}
