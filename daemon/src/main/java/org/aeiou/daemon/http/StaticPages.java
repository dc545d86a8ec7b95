package org.aeiou.daemon.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The files of the page, from the resources of the program: nothing else has such a name. A browser
 * gets the page itself at any other path, so that what is shown has an address of its own.
 */
public final class StaticPages extends Handler.Abstract {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "webmanifest", "application/manifest+json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8");

  /** Letters and digits, so that no name leads out of the folder. */
  private static final Pattern NAME =
      Pattern.compile(
          "/((?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.([a-z0-9]{2,11}))");

  private static final String INDEX = "/index.html";

  private final String folder;

  /** Those that were asked for, by path; no more than there are files. */
  private final Map<String, Rendered> files = new ConcurrentHashMap<>();

  /**
   * Files of a folder.
   *
   * @param folder of the resources, without slashes at its ends
   */
  public StaticPages(String folder) {
    this.folder = folder;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    String path = request.getHttpURI().getCanonicalPath();
    Rendered file = file(path.equals("/") ? INDEX : path);
    if (file == null && wantsAPage(request)) {
      file = file(INDEX);
    }
    if (file == null) {
      Reply.text(response, callback, HttpStatus.NOT_FOUND_404, "there is nothing at this path");
    } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Reply.text(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "expected GET");
    } else {
      Reply.rendered(request, response, callback, file);
    }
    return true;
  }

  private static boolean wantsAPage(Request request) {
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    return accept != null && accept.contains("text/html");
  }

  private Rendered file(String path) throws IOException {
    Rendered known = files.get(path);
    Matcher name = NAME.matcher(path);
    if (known != null || !name.matches() || !TYPES.containsKey(name.group(2))) {
      return known;
    }
    try (InputStream in =
        StaticPages.class.getResourceAsStream("/" + folder + "/" + name.group(1))) {
      if (in == null) {
        return null;
      }
      Rendered file = Rendered.lasting(TYPES.get(name.group(2)), in.readAllBytes());
      files.put(path, file);
      return file;
    }
  }
}
