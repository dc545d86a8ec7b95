package org.aeiou.daemon.http;

import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers a probe: {@code ok}, or what is wrong, with status 503. */
public final class HealthHandler extends Handler.Abstract.NonBlocking {
  private final Supplier<String> trouble;

  /**
   * Answers probes.
   *
   * @param trouble what is wrong, in a line; empty if nothing is. Never waits
   */
  public HealthHandler(Supplier<String> trouble) {
    this.trouble = trouble;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String wrong = trouble.get();
    if (wrong.isEmpty()) {
      Reply.text(response, callback, HttpStatus.OK_200, "ok");
    } else {
      Reply.text(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, wrong);
    }
    return true;
  }
}
