package org.aeiou.daemon.overview;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * How much one user asks for; a snapshot. What the cache answers is not counted.
 *
 * @param name whose requests they are: {@code user 1000}, or a part of the daemon
 * @param requests requests that the cache could not answer, so far
 * @param lately how many of them came in the last minute, or a few seconds more
 * @param pending those that have no outcome yet
 * @param inFlight exchanges under way that began with one of them
 */
public record RequesterState(String name, long requests, long lately, int pending, int inFlight) {

  /** Writes it as a JSON object. */
  public void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("requester", name);
    json.writeNumberField("requests", requests);
    json.writeNumberField("last_minute", lately);
    json.writeNumberField("pending", pending);
    json.writeNumberField("in_flight", inFlight);
    json.writeEndObject();
  }
}
