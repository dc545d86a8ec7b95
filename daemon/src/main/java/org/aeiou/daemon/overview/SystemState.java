package org.aeiou.daemon.overview;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aeiou.closures.exchange.Health;

/**
 * How one system is; a snapshot. As long as nothing happens to the system the next one is equal to
 * it: all times are points in time, in milliseconds since the epoch.
 *
 * @param name the system's name, with slashes if it has any
 * @param address where it is, as the configuration writes it; null if that is not known
 * @param owner which member of a cluster asks it; null if this process is alone
 * @param state how it is, in a word
 * @param sinceMillis since when it answers, or does not; of one that was never heard of since it is
 *     there
 * @param breaker whether it is asked
 * @param openUntilMillis until when requests fail at once; -1 if they do not
 * @param lastError what it last failed with; null if it has answered since
 * @param roundTripMicros its smoothed round-trip time; -1 before its first answer
 * @param leastRoundTripMicros the fastest of its answers lately; -1 if there was none
 * @param variationMicros how much round trips differ, smoothed
 * @param answeredMillis when it last answered; -1 before its first answer
 * @param requests requests that the cache could not answer
 * @param exchanges questions sent to it, each of which may have carried many requests
 * @param timeouts exchanges that were not answered in time
 * @param queued what waits to be asked for
 * @param inFlight exchanges under way
 * @param batchLimit how many items an exchange may carry
 * @param batchLearned whether that is fewer than configured
 * @param inFlightLimit how many exchanges may be under way at once, as learned; -1: as configured
 * @param gapMillis the least time between two exchanges, as learned; -1: as configured
 * @param waits whether an exchange waits for a rate or a budget
 * @param waited how many exchanges have waited for one
 * @param cached how many questions about it are in the cache
 * @param oldestMillis when the oldest reading of it was taken that was there half a minute ago; -1
 *     if there was none
 * @param notes what the back end noticed about it, a sentence each
 */
public record SystemState(
    String name,
    String address,
    String owner,
    State state,
    long sinceMillis,
    Health.BreakerState breaker,
    long openUntilMillis,
    String lastError,
    long roundTripMicros,
    long leastRoundTripMicros,
    long variationMicros,
    long answeredMillis,
    long requests,
    long exchanges,
    long timeouts,
    int queued,
    int inFlight,
    int batchLimit,
    boolean batchLearned,
    long inFlightLimit,
    long gapMillis,
    boolean waits,
    long waited,
    int cached,
    long oldestMillis,
    List<String> notes) {

  /** How a system is. */
  public enum State {
    /** It answers. */
    UP,
    /** It does not answer; the next request asks it, or one does that is under way. */
    DOWN,
    /** It does not answer, and is not asked for a while: its breaker is open. */
    BREAKER,
    /** It was not asked yet, or has not had the time to answer. */
    UNKNOWN;

    /** As people and programs read it: {@code up}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many systems are in each state; none is left out. */
  public static Map<State, Integer> count(Collection<SystemState> systems) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    for (State state : State.values()) {
      counts.put(state, 0);
    }
    systems.forEach(system -> counts.merge(system.state, 1, Integer::sum));
    return counts;
  }

  /** The breaker as people and programs read it: {@code half-open}. */
  public String breakerWord() {
    return breaker.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a limit was learned that is less than configured. */
  public boolean hasLearned() {
    return batchLearned || inFlightLimit >= 0 || gapMillis >= 0;
  }

  /** Writes it as a JSON object. What is not known, and what is as configured, is left out. */
  public void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("system", name);
    if (address != null) {
      json.writeStringField("address", address);
    }
    if (owner != null) {
      json.writeStringField("owner", owner);
    }
    json.writeStringField("state", state.word());
    json.writeNumberField("since_ms", sinceMillis);
    json.writeStringField("breaker", breakerWord());
    known(json, "open_until_ms", openUntilMillis);
    if (lastError != null) {
      json.writeStringField("last_error", lastError);
    }
    known(json, "rtt_us", roundTripMicros);
    known(json, "least_rtt_us", leastRoundTripMicros);
    if (roundTripMicros >= 0) {
      json.writeNumberField("rtt_variation_us", variationMicros);
    }
    known(json, "answered_ms", answeredMillis);
    json.writeNumberField("requests", requests);
    json.writeNumberField("exchanges", exchanges);
    json.writeNumberField("timeouts", timeouts);
    json.writeNumberField("queued", queued);
    json.writeNumberField("in_flight", inFlight);
    json.writeNumberField("batch_limit", batchLimit);
    if (batchLearned) {
      json.writeBooleanField("batch_learned", true);
    }
    known(json, "in_flight_limit", inFlightLimit);
    known(json, "gap_ms", gapMillis);
    if (waited > 0 || waits) {
      json.writeNumberField("waited", waited);
      json.writeBooleanField("waits", waits);
    }
    json.writeNumberField("cached", cached);
    known(json, "oldest_ms", oldestMillis);
    if (!notes.isEmpty()) {
      json.writeArrayFieldStart("notes");
      for (String note : notes) {
        json.writeString(note);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void known(JsonGenerator json, String key, long value) throws IOException {
    if (value >= 0) {
      json.writeNumberField(key, value);
    }
  }
}
