package org.aeiou.daemon.http.live;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.http.json.JsonAnswer;

/** What a browser is told first: which stream it has, of which run of the daemon. */
final class Greeting {
  private final String version;
  private final String cluster;
  private final InstantSource clock;
  private final String epoch;

  /**
   * Of a run that begins now.
   *
   * @param version what the daemon says it is
   * @param cluster which cluster it is a member of; empty if it is of none
   */
  Greeting(String version, String cluster, InstantSource clock) {
    this.version = version;
    this.cluster = cluster;
    this.clock = clock;
    this.epoch = Long.toString(clock.millis(), Character.MAX_RADIX);
  }

  /** Which run of the daemon this is. */
  String epoch() {
    return epoch;
  }

  byte[] hello(String stream, boolean isResumed) {
    return JsonAnswer.line(
        json -> {
          json.writeStartObject();
          json.writeStringField("stream", stream);
          json.writeStringField("epoch", epoch);
          json.writeNumberField(
              "heartbeat_s", TimeUnit.NANOSECONDS.toSeconds(StreamWriter.HEARTBEAT_NANOS));
          // Ages are by the daemon's clock, which a browser's may not agree with.
          json.writeNumberField("now", clock.millis());
          json.writeStringField("version", version);
          if (!cluster.isEmpty()) {
            json.writeStringField("cluster", cluster);
          }
          json.writeBooleanField("resumed", isResumed);
          json.writeEndObject();
        });
  }

  /** Why a browser that comes back must begin anew. */
  byte[] reset(StreamId last) {
    return JsonAnswer.line(
        json -> {
          json.writeStartObject();
          json.writeStringField(
              "why",
              last.epoch().equals(epoch)
                  ? "the stream is not known any more"
                  : "the daemon was restarted");
          json.writeEndObject();
        });
  }
}
