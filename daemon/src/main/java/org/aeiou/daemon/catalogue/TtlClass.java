package org.aeiou.daemon.catalogue;

import java.time.Duration;

/** How fast a kind of attribute ages. */
public enum TtlClass {
  /** What a box is: it changes with the hardware. */
  STATIC(Duration.ofHours(1)),
  /** What an operator configured. */
  CONFIG(Duration.ofMinutes(5)),
  /** Up, down, how full. */
  STATE(Duration.ofSeconds(15)),
  /** What counts or measures. */
  COUNTER(Duration.ofSeconds(5)),
  /** Which rows a table has, which groups a system has. */
  DIRECTORY(Duration.ofSeconds(60));

  private final Duration standard;

  TtlClass(Duration standard) {
    this.standard = standard;
  }

  /** The time to live where nothing else is configured. */
  public Duration standard() {
    return standard;
  }
}
