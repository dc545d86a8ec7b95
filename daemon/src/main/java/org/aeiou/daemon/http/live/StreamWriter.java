package org.aeiou.daemon.http.live;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Writes what is new to streams, a frame at a time: the next one of a stream is made when the one
 * before is written. The stream thread alone calls this.
 */
final class StreamWriter {
  static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** A browser that takes nothing for so long is broken off. */
  static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long RETRY_MILLIS = 1000;

  private final Cells cells;
  private final LiveEvents events;
  private final LiveSystems systems;
  private final String epoch;
  private final StreamCounters counters;
  private final Executor thread;
  private final Gone gone;
  private final Ticker ticker;
  private final Frame frame = new Frame();

  /** Is told that a stream cannot be written to. */
  @FunctionalInterface
  interface Gone {
    void gone(Stream stream, int connection);
  }

  /**
   * A writer.
   *
   * @param epoch which run of the daemon this is, for ids
   * @param thread the stream thread
   */
  StreamWriter(
      Cells cells,
      LiveEvents events,
      LiveSystems systems,
      String epoch,
      StreamCounters counters,
      Executor thread,
      Gone gone,
      Ticker ticker) {
    this.cells = cells;
    this.events = events;
    this.systems = systems;
    this.epoch = epoch;
    this.counters = counters;
    this.thread = thread;
    this.gone = gone;
    this.ticker = ticker;
  }

  /** Writes what is new, unless the stream is still busy with what was written before. */
  void write(Stream stream) {
    if (!stream.isConnected() || stream.isWriting) {
      return;
    }
    if (stream.hello != null) {
      frame.retry(RETRY_MILLIS);
      frame.event("hello", stream.hello);
      stream.hello = null;
    }
    if (stream.reset != null) {
      frame.event("reset", stream.reset);
      stream.reset = null;
    }
    boolean isAll = events.put(stream, frame);
    isAll = systems.put(stream, frame) && isAll;
    counters.sent.add(stream.putCells(frame));
    if (frame.isEmpty()) {
      return;
    }
    stream.hasMore = !isAll || stream.hasCells();
    if (!stream.hasMore) {
      frame.id(new StreamId(epoch, stream.id, cells.changes(), stream.eventPosition).text());
    }
    send(stream);
  }

  /** The same for what may wait; a connection with nothing to say is kept alive. */
  void writeNowAndThen(Stream stream) {
    write(stream);
    if (!stream.isWriting && ticker.read() - stream.writeNanos >= HEARTBEAT_NANOS) {
      frame.heartbeat();
      send(stream);
    }
  }

  /** Whether nothing was taken from a stream for too long. */
  boolean isStuck(Stream stream) {
    return stream.isWriting && ticker.read() - stream.writeNanos >= STUCK_NANOS;
  }

  private void send(Stream stream) {
    ByteBuffer next = frame.take();
    counters.frames.increment();
    counters.bytes.add(next.remaining());
    stream.isWriting = true;
    stream.writeNanos = ticker.read();
    int connection = stream.connection;
    stream.outlet.write(next, error -> thread.execute(() -> written(stream, connection, error)));
  }

  private void written(Stream stream, int connection, Throwable error) {
    if (stream.connection != connection || !stream.isConnected()) {
      return;
    }
    stream.isWriting = false;
    if (error != null) {
      gone.gone(stream, connection);
    } else if (stream.hasMore || stream.isUrgent()) {
      write(stream);
    }
  }
}
