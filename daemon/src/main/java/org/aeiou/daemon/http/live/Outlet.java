package org.aeiou.daemon.http.live;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** What a stream is written to: the response to a browser's request. */
interface Outlet {

  /**
   * Writes; the stream thread calls it, one write at a time.
   *
   * @param done told once, on any thread: null when it is written, else why it cannot be
   */
  void write(ByteBuffer frame, Consumer<Throwable> done);

  /** From now on this is run, once and on any thread, when the other end is gone. */
  void whenGone(Runnable gone);

  /** Ends the response: what is written is all there is. */
  void end();

  /** Breaks the connection off, whatever is being written. */
  void abort();
}
