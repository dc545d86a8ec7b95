package org.aeiou.daemon.simulator.objects;

import static org.aeiou.daemon.simulator.objects.Cell.integer;
import static org.aeiou.daemon.simulator.objects.Cell.text;

/** UPS-MIB: the maker, and the state of the battery. */
final class PowerObjects {
  private static final String UPS = "1.3.6.1.2.1.33.1.";

  private PowerObjects() {}

  static void declare(Profile.Builder profile) {
    profile
        .scalar(UPS + "1.1", text("aeiou"))
        .scalar(UPS + "1.2", text("Simulated UPS 3000"))
        .scalar(UPS + "1.3", text("v1.2"))
        .scalar(UPS + "1.4", text("aeiou simulate"))
        .scalar(UPS + "1.5", text((moment, row) -> moment.name()))
        .scalar(UPS + "1.6", text(""))
        .scalar(UPS + "2.1", integer(2))
        .scalar(UPS + "2.2", integer(0))
        .scalar(UPS + "2.3", integer((moment, row) -> moment.wave(0, 81, 30, 55)))
        .scalar(UPS + "2.4", integer((moment, row) -> moment.wave(0, 82, 90, 100)))
        .scalar(UPS + "2.5", integer((moment, row) -> moment.wave(0, 83, 540, 552)))
        .scalar(UPS + "2.6", integer(0))
        .scalar(UPS + "2.7", integer((moment, row) -> moment.wave(0, 84, 20, 28)));
  }
}
