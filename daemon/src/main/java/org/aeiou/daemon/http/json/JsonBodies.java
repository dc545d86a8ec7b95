package org.aeiou.daemon.http.json;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.Scheduler;

/** Receives bodies of JSON: each bounded, and all that are being received together. Any thread. */
public final class JsonBodies {
  /** Room for all paths that a request may name, if they are as long as paths are. */
  private static final int MOST = 4 << 20;

  private static final int MOST_TOGETHER = 16 << 20;

  /** One that comes octet by octet keeps no room from others for longer. */
  private static final long PATIENCE_SECONDS = 10;

  private final AtomicInteger receiving = new AtomicInteger();
  private final LongAdder refused;

  /**
   * None yet.
   *
   * @param refused counts those that are not received
   */
  public JsonBodies(LongAdder refused) {
    this.refused = refused;
  }

  /**
   * Receives the body of a request, or refuses it.
   *
   * @param then is given the body, on any thread, and answers; not called if it is refused
   */
  public void receive(
      Request request, Response response, Callback callback, Consumer<byte[]> then) {
    Refusal refuse =
        (status, why) -> {
          refused.increment();
          JsonAnswer.refuse(response, callback, status, why);
        };
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null || !type.startsWith("application/json")) {
      // Also what a page of another origin cannot send without being asked first.
      refuse.refuse(415, "Content-Type: expected application/json");
      return;
    }
    long length = request.getLength();
    if (length > MOST) {
      refuse.refuse(413, "the body has " + length + " octets, more than " + MOST);
      return;
    }
    int room = length < 0 ? MOST : (int) length;
    if (receiving.addAndGet(room) > MOST_TOGETHER) {
      receiving.addAndGet(-room);
      refuse.refuse(503, "too much is being received at the moment; try again");
      return;
    }
    Scheduler.Task late =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> request.fail(new TimeoutException("it did not come in time")),
                PATIENCE_SECONDS,
                TimeUnit.SECONDS);
    Content.Source.asByteArrayAsync(
        request,
        MOST,
        Promise.Invocable.from(
            InvocationType.NON_BLOCKING,
            (byte[] body) -> {
              var unused = late.cancel();
              receiving.addAndGet(-room);
              then.accept(body);
            },
            failure -> {
              var unused = late.cancel();
              receiving.addAndGet(-room);
              refuse.refuse(400, "the body could not be received: " + failure.getMessage());
            }));
  }

  @FunctionalInterface
  private interface Refusal {
    void refuse(int status, String why);
  }
}
