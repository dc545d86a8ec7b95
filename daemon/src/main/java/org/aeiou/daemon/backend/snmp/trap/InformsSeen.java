package org.aeiou.daemon.backend.snmp.trap;

import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which informs were taken in lately: an agent that has not got the acknowledgement sends the same
 * again. Used by one thread.
 */
final class InformsSeen {
  private static final int MOST = 10_000;

  /** Agents give up before that; after it the same number is another inform. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(5);

  private record Inform(SocketAddress from, int requestId, int content) {}

  private final Map<Inform, Long> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Inform, Long> eldest) {
          return size() > MOST;
        }
      };

  /** Whether it was taken in before. */
  boolean isKnown(SocketAddress from, int requestId, int content, long now) {
    Long at = seen.get(new Inform(from, requestId, content));
    return at != null && now - at < REMEMBERED_NANOS;
  }

  void taken(SocketAddress from, int requestId, int content, long now) {
    Inform inform = new Inform(from, requestId, content);
    seen.remove(inform); // so that it is the youngest
    seen.put(inform, now);
  }
}
