package org.aeiou.daemon.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests with JSON; whatever is wrong is {@code {"error": …}}, which names the thing. */
public final class JsonAnswer {
  private JsonAnswer() {}

  /** Writes a document. */
  @FunctionalInterface
  public interface Document {
    void write(JsonGenerator json) throws IOException;
  }

  /** The bytes of a document, with a newline at the end. */
  public static byte[] bytes(Document document) {
    byte[] line = line(document);
    byte[] ended = Arrays.copyOf(line, line.length + 1);
    ended[line.length] = '\n';
    return ended;
  }

  /** The bytes of a document, on one line. */
  public static byte[] line(Document document) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = CellJson.JSON.createGenerator(bytes)) {
      document.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is written to memory
    }
    return bytes.toByteArray();
  }

  /** Ends a request with a document. */
  public static void send(Response response, Callback callback, int status, byte[] document) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, document.length);
    response.write(true, ByteBuffer.wrap(document), callback);
  }

  /** Ends a request with what is wrong with it, or why it cannot be had. */
  public static void refuse(Response response, Callback callback, int status, String why) {
    send(
        response,
        callback,
        status,
        bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("error", why);
              json.writeEndObject();
            }));
  }

  /** Ends a request with what a document writes. */
  public static void send(Response response, Callback callback, Document document) {
    send(response, callback, 200, bytes(document));
  }

  /** Ends a request that was not refused, and has nothing to be said. */
  public static void done(Response response, Callback callback) {
    response.setStatus(204);
    response.write(true, null, callback);
  }
}
