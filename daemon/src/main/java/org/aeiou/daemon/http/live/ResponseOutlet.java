package org.aeiou.daemon.http.live;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream's end at Jetty. That the browser has gone is seen at its socket: while a response is
 * written, nothing else reads there, and all that can come is its end.
 */
final class ResponseOutlet implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseOutlet.class);

  /** In octets; Linux takes twice as much (socket(7)). */
  private static final int SEND_BUFFER = 128 << 10;

  private final Response response;
  private final Callback callback;
  private final EndPoint socket;
  private final AtomicBoolean isEnded = new AtomicBoolean();

  ResponseOutlet(Request request, Response response, Callback callback) {
    this.response = response;
    this.callback = callback;
    this.socket = request.getConnectionMetaData().getConnection().getEndPoint();
    bound(socket.getTransport());
    // It is not idle, however little there is to say: the stream has its own way to see that.
    request.addIdleTimeoutListener(timeout -> false);
  }

  /** What a browser does not read is held by the kernel, too, which would take megabytes for it. */
  private static void bound(Object transport) {
    if (transport instanceof NetworkChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      } catch (IOException e) {
        LOG.debug("the socket of a stream has gone: {}", e.getMessage());
      }
    }
  }

  @Override
  public void write(ByteBuffer frame, Consumer<Throwable> done) {
    response.write(
        false, frame, Callback.from(InvocationType.NON_BLOCKING, () -> done.accept(null), done));
  }

  @Override
  public void whenGone(Runnable gone) {
    socket.tryFillInterested(
        Callback.from(
            InvocationType.NON_BLOCKING,
            () -> {
              if (isAtEnd()) {
                gone.run();
              } else {
                whenGone(gone);
              }
            },
            failure -> gone.run()));
  }

  /**
   * A browser sends nothing more on this connection before it has the answer; one that does is told
   * nothing more.
   */
  private boolean isAtEnd() {
    try {
      // With room for something: what has none is not read, and the end not seen.
      return socket.fill(BufferUtil.allocate(1)) != 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void end() {
    if (isEnded.compareAndSet(false, true)) {
      callback.succeeded();
    }
  }

  @Override
  public void abort() {
    if (isEnded.compareAndSet(false, true)) {
      socket.close();
      callback.failed(new IOException("the stream was broken off"));
    }
  }
}
