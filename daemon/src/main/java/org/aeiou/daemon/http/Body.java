package org.aeiou.daemon.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;

/** Reads what a request carries, without waiting for it. */
public final class Body {
  /** A client that sends it octet by octet does not hold its connection for ever. */
  private static final long PATIENCE_SECONDS = 30;

  private Body() {}

  /**
   * Reads all of it and hands it on, on any thread. Where that cannot be done it has been answered:
   * with 413 if it is too large, with 400 or 408 if it does not come.
   *
   * @param most how many octets there may be
   */
  public static void read(
      Request request, Response response, Callback callback, int most, Consumer<byte[]> then) {
    if (request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > most) {
      tooLarge(response, callback, most);
      return;
    }
    Scheduler.Task late =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> request.fail(new TimeoutException("the content did not come")),
                PATIENCE_SECONDS,
                TimeUnit.SECONDS);
    Content.Source.asByteArrayAsync(
        request,
        most,
        new Promise.Invocable<>() {
          @Override
          public void succeeded(byte[] octets) {
            var unused = late.cancel();
            hand(octets, callback, then);
          }

          @Override
          public void failed(Throwable failure) {
            var unused = late.cancel();
            if (failure instanceof IllegalStateException) {
              tooLarge(response, callback, most);
            } else if (failure instanceof TimeoutException) {
              refuse(response, callback, HttpStatus.REQUEST_TIMEOUT_408, "too slow");
            } else {
              refuse(response, callback, HttpStatus.BAD_REQUEST_400, "incomplete");
            }
          }
        });
  }

  private static void hand(byte[] octets, Callback callback, Consumer<byte[]> then) {
    try {
      then.accept(octets);
    } catch (RuntimeException e) {
      callback.failed(e);
    }
  }

  private static void tooLarge(Response response, Callback callback, int most) {
    refuse(
        response,
        callback,
        HttpStatus.PAYLOAD_TOO_LARGE_413,
        "the content is too large; expected at most " + most + " bytes");
  }

  /** What is left of the content is not read. */
  private static void refuse(Response response, Callback callback, int status, String line) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Reply.text(response, callback, status, line);
  }
}
