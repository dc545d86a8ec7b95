package org.aeiou.daemon.rate;

import java.util.Locale;

/** What a rate was worked out from. */
enum Quality {
  /** Two readings of a counter that went on. */
  OK,
  /** The counter started over after its largest number in between; that is reckoned in. */
  WRAP,
  /** The counter began anew, so that what was read before it is left out. */
  RESET,
  /** What was read before is too long ago to say something of now, and is left out. */
  GAP;

  /** As {@code user.aeiou.quality} shows it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
