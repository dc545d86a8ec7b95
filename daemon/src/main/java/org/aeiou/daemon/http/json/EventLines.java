package org.aeiou.daemon.http.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.metrics.EventRing;

/**
 * Some lines of a log of events, each a JSON object.
 *
 * @param lines without their line ends
 * @param next where the lines behind them begin
 * @param isMissing whether lines that were asked for are gone
 */
public record EventLines(List<byte[]> lines, long next, boolean isMissing) {

  /** Where the last so many lines begin. */
  public static long last(EventRing ring, int most) {
    long start = ring.start();
    byte[] all = ring.read(start, (int) (ring.end() - start));
    int lines = 0;
    for (int i = all.length - 2; i >= 0; i--) {
      if (all[i] == '\n' && ++lines == most) {
        return start + i + 1;
      }
    }
    return start;
  }

  /**
   * What is kept from a position on.
   *
   * @param most octets at most; more than a line has
   */
  public static EventLines from(EventRing ring, long position, int most) {
    long start = ring.start();
    long from = Math.max(position, start);
    byte[] some = ring.read(from, most);
    List<byte[]> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < some.length; i++) {
      if (some[i] == '\n') {
        // What was overtaken meanwhile reads as spaces.
        if (i > begin && some[begin] == '{') {
          lines.add(Arrays.copyOfRange(some, begin, i));
        }
        begin = i + 1;
      }
    }
    return new EventLines(lines, from + begin, position < start);
  }
}
