package org.aeiou.daemon.http.live;

import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;
import java.util.List;

/**
 * How far a browser got, as it says when it comes back: what the last id that it saw was. Anything
 * may be said there.
 *
 * @param epoch which run of the daemon it was
 * @param stream the stream's own id
 * @param change up to which change it was told
 * @param eventPosition up to which octet of the log of events
 */
record StreamId(String epoch, String stream, long change, long eventPosition) {
  private static final Splitter PARTS = Splitter.on('.').limit(5);
  private static final int LONGEST = 200;

  /** Null if it is none. */
  static StreamId of(String text) {
    if (text == null || text.length() > LONGEST) {
      return null;
    }
    List<String> parts = PARTS.splitToList(text);
    if (parts.size() != 4) {
      return null;
    }
    Long change = Longs.tryParse(parts.get(2));
    Long position = Longs.tryParse(parts.get(3));
    return change == null || position == null || change < 0 || position < 0
        ? null
        : new StreamId(parts.get(0), parts.get(1), change, position);
  }

  String text() {
    return epoch + "." + stream + "." + change + "." + eventPosition;
  }
}
