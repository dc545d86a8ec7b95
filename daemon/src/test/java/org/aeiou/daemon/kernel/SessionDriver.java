package org.aeiou.daemon.kernel;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.Consumer;
import org.aeiou.daemon.kernel.coherence.Notifications;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem;

/** A session as bytes: requests in, replies out. For the model, which is a room of its own. */
public final class SessionDriver {
  private final Session session;
  private final KernelCounters counters = new KernelCounters();
  private final ReaderState reader = new ReaderState();
  private final Consumer<byte[]> replies;

  public SessionDriver(
      FileSystem files,
      Ticker ticker,
      Delays delays,
      Notifications notifications,
      long inodeBytes,
      Consumer<byte[]> replies) {
    this.replies = replies;
    session =
        new Session(
            files,
            ticker,
            delays,
            notifications,
            counters,
            new Negotiation(),
            () -> {},
            inodeBytes);
  }

  public void feed(byte[] request) {
    session.handle(ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN), this::replied, reader);
  }

  private int replied(Reply message) {
    byte[] bytes = new byte[message.length()];
    message.bytes().get(0, bytes);
    replies.accept(bytes);
    return 0;
  }

  public Map<String, Long> counters() {
    return counters.metrics().values();
  }
}
