package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers, in one call each. */
public final class Reply {
  public static final String TEXT = "text/plain; charset=utf-8";

  public static final String JSON = "application/json";

  /** A thread keeps a copy of what it writes at once, outside the heap. */
  private static final int MOST_AT_ONCE = 64 << 10;

  private Reply() {}

  /** Answers with a status and a line for a person. */
  public static void text(Response response, Callback callback, int status, String line) {
    send(response, callback, status, TEXT, (line + "\n").getBytes(UTF_8));
  }

  /** Answers with octets of a type. */
  public static void send(
      Response response, Callback callback, int status, String type, byte[] octets) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, octets.length);
    if (octets.length <= MOST_AT_ONCE) {
      response.write(true, ByteBuffer.wrap(octets), callback);
      return;
    }
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int at = 0; at < octets.length; at += MOST_AT_ONCE) {
      pieces.add(ByteBuffer.wrap(octets, at, Math.min(MOST_AT_ONCE, octets.length - at)).slice());
    }
    Content.copy(new ByteBufferContentSource(pieces), response, callback);
  }

  /** Answers with a text, compressed if the client takes that, or that it has it already. */
  public static void rendered(
      Request request, Response response, Callback callback, Rendered text) {
    HttpFields.Mutable headers = response.getHeaders();
    boolean gzip = text.gzip() != null && takesGzip(request);
    headers.put(HttpHeader.VARY, "Accept-Encoding");
    if (text.tag() != null) {
      String tag = '"' + text.tag() + (gzip ? "-gzip" : "") + '"';
      headers.put(HttpHeader.ETAG, tag);
      headers.put(HttpHeader.CACHE_CONTROL, "no-cache");
      if (hasAlready(request, tag)) {
        response.setStatus(HttpStatus.NOT_MODIFIED_304);
        response.write(true, null, callback);
        return;
      }
    }
    if (gzip) {
      headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
    }
    byte[] octets = gzip ? text.gzip() : text.plain();
    send(response, callback, HttpStatus.OK_200, text.type(), octets);
  }

  private static boolean takesGzip(Request request) {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream()
        .anyMatch(each -> each.equals("gzip") || each.equals("*"));
  }

  /** Tags may be weak, and the list may be no list at all. */
  private static boolean hasAlready(Request request, String tag) {
    String given = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
    return given != null && (given.equals("*") || given.contains(tag));
  }
}
