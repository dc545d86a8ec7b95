package org.aeiou.daemon.http.scrape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.aeiou.daemon.http.Rendered;
import org.aeiou.daemon.http.Reply;
import org.aeiou.daemon.overview.Overview;
import org.aeiou.daemon.overview.SystemState;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers with all systems as targets, in the JSON that Prometheus' {@code http_sd_configs} read.
 * It tells what is configured and not how the systems are, so that it changes with a reload only:
 * targets that come and go would cut their series.
 */
public final class DiscoveryHandler extends Handler.Abstract {
  private static final JsonFactory JSON = new JsonFactory();

  private final Overview overview;

  /** What was answered last; compressed and tagged once. Benign race: all are right. */
  private volatile Rendered last;

  public DiscoveryHandler(Overview overview) {
    this.overview = overview;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    byte[] now = targets();
    Rendered before = last;
    if (before == null || !Arrays.equals(before.plain(), now)) {
      before = Rendered.lasting(Reply.JSON, now);
      last = before;
    }
    Reply.rendered(request, response, callback, before);
    return true;
  }

  private byte[] targets() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartArray();
      for (SystemState system : overview.systems()) {
        String name = system.name();
        json.writeStartObject();
        json.writeArrayFieldStart("targets");
        json.writeString(name);
        json.writeEndArray();
        json.writeObjectFieldStart("labels");
        json.writeStringField("__meta_aeiou_system", name);
        if (system.address() != null) {
          json.writeStringField("__meta_aeiou_address", system.address());
        }
        if (name.contains("/")) {
          json.writeStringField("__meta_aeiou_folder", name.substring(0, name.lastIndexOf('/')));
        }
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return out.toByteArray();
  }
}
