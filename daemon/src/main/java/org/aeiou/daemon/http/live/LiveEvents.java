package org.aeiou.daemon.http.live;

import org.aeiou.daemon.http.json.EventLines;
import org.aeiou.daemon.metrics.EventRing;

/** What happens, for streams that show it: lines of the log of events, as they are. */
final class LiveEvents {
  /** So many are shown of those that there were before. */
  private static final int BEFORE = 100;

  private static final int MOST_AT_ONCE = 32 << 10;

  private final EventRing ring;

  LiveEvents(EventRing ring) {
    this.ring = ring;
  }

  /** Where a stream begins that shows them from now on. */
  long first() {
    return EventLines.last(ring, BEFORE);
  }

  /** Puts what is new to a stream into a frame; whether that is all of it. */
  boolean put(Stream stream, Frame frame) {
    if (!stream.showsEvents || stream.eventPosition >= ring.end()) {
      return true;
    }
    EventLines some = EventLines.from(ring, stream.eventPosition, MOST_AT_ONCE);
    some.lines().forEach(line -> frame.event("event", line));
    stream.eventPosition = some.next();
    return stream.eventPosition >= ring.end();
  }
}
