package org.aeiou.daemon.attach;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;

/** A connection, and the client that it became with its hello. Used by the server's thread. */
final class Attached {
  final int socket;
  final int uid;
  final long sinceNanos;
  final ByteBuffer hello =
      ByteBuffer.allocate(Reception.HELLO_BYTES).order(ByteOrder.nativeOrder());

  /** What it asked for and was not sent off yet, over several turns: it fills the same packets. */
  final RequesterBurst burst;

  /** How many requests are in the burst. */
  int taken;

  /** When the first of them was taken. */
  long begunNanos;

  private Reception.Welcome welcome;

  /** Until when it is not served, if it rests. */
  private long restsUntilNanos;

  private boolean rests;

  Attached(int socket, int uid, RequesterBurst burst, long nowNanos) {
    this.socket = socket;
    this.uid = uid;
    this.burst = burst;
    sinceNanos = nowNanos;
  }

  void become(Reception.Welcome what) {
    welcome = what;
  }

  boolean isClient() {
    return welcome != null;
  }

  /** What it became; it must have said hello. */
  Client client() {
    return welcome.client();
  }

  /** How much memory it shares. */
  long bytes() {
    return isClient() ? client().geometry.bytes() : 0;
  }

  boolean hasWork() throws BrokenClient {
    return isClient() && (client().hasWork() || client().submissions().waiting() > 0);
  }

  /** It is not served until then; what it submits stays in its ring. */
  void rest(long untilNanos) {
    rests = true;
    restsUntilNanos = untilNanos;
  }

  boolean rests(long nowNanos) {
    rests = rests && restsUntilNanos - nowNanos > 0;
    return rests;
  }

  /** Sends off what was taken. */
  void send() {
    taken = 0;
    burst.end();
  }

  /** Ends it, and gives up all that it has. */
  void close() {
    if (isClient()) {
      client().leave();
      send();
      welcome.submissions().free();
      welcome.completions().free();
      Posix.INSTANCE.close(welcome.bell());
    }
    Posix.INSTANCE.close(socket);
  }
}
