package org.aeiou.daemon.simulator;

import java.time.Duration;
import java.util.Locale;

/**
 * What an agent does to its clients, on purpose. Where a kind says nothing of a request, the agent
 * answers as it should, so that it is found and looks like any other.
 */
public enum Hostility {
  /** Every table has one row more, whatever was asked last. */
  ENDLESS_ROWS,
  /** The same, and each row holds a text of 60 000 octets. */
  ENDLESS_VALUES,
  /** Every text has 60 000 octets. */
  HUGE_VALUES,
  /** After an object comes the same object. */
  SAME_OBJECT,
  /** After a row comes the one before it. */
  DECREASING,
  /** After the hundredth row comes the first. */
  CIRCLE,
  /** The next row is any row; there are two thousand million. */
  RANDOM_ORDER,
  /** Tables of a hundred rows, first those with even numbers, then the others, as devices do. */
  OUT_OF_ORDER,
  /** What follows is always of another table. */
  OTHER_TABLE,
  /** Every row has an index of a hundred numbers. */
  HUGE_INDEX,
  /** As {@link #ENDLESS_ROWS}, one row in an answer. */
  TRICKLE,
  /** As {@link #TRICKLE}, each answer a little before the asker gives up. */
  SLOW,
  /** Nothing fits into an answer. */
  TOO_BIG,
  /** Nothing can be read. */
  GEN_ERR,
  /** Answers as many rows as a message holds, however few were asked for. */
  MORE_THAN_ASKED,
  /** Every row is of a column that was not there before. */
  TINY_COLUMNS,
  /** Every answer comes two hundred times. */
  FLOOD,
  /** Every answer comes from a port that was not asked. */
  OTHER_PORT;

  /** What most askers wait for, less a tenth. */
  private static final Duration JUST_IN_TIME = Duration.ofMillis(1800);

  private static final int COPIES_IN_A_FLOOD = 200;

  /** How much longer than others it takes to answer. */
  long delayNanos() {
    return this == SLOW ? JUST_IN_TIME.toNanos() : 0;
  }

  /** How often each answer is sent. */
  int copies() {
    return this == FLOOD ? COPIES_IN_A_FLOOD : 1;
  }

  /** As an option of the command line and a system's name have it: {@code endless-rows}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
