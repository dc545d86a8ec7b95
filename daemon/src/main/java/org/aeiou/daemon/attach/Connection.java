package org.aeiou.daemon.attach;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.shared.HelloDescriptor;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.daemon.attach.request.Client;

/**
 * A connection, and the client that it became with its hello; the executor of what takes several of
 * the client's turns. Used by the server's thread, except where it says otherwise.
 */
final class Connection implements Executor {
  final int socket;
  final int uid;
  final long sinceNanos;
  final ByteBuffer hello =
      ByteBuffer.allocate(HelloDescriptor.BYTES).order(ByteOrder.nativeOrder());

  /** What was taken and not sent off yet, over several turns: it fills the same packets. */
  final RequesterBurst burst;

  /** How many requests are in the burst. */
  int taken;

  /** When the first of them was taken. */
  long begunNanos;

  private final Queue<Runnable> parts = new ConcurrentLinkedQueue<>();
  private final Runnable wake;
  private Handshake.Welcome welcome;

  /** Until when it is not served, if {@link #rests}. */
  private long restsUntilNanos;

  private boolean rests;

  /**
   * A connection without a client.
   *
   * @param user what the user's programs have in common in the scheduler
   * @param wake ends the sleep of the server's thread
   */
  Connection(int socket, int uid, Requester user, long nowNanos, Runnable wake) {
    this.socket = socket;
    this.uid = uid;
    this.wake = wake;
    burst = user.another("a program of user " + uid).begin();
    sinceNanos = nowNanos;
  }

  void become(Handshake.Welcome what) {
    welcome = what;
  }

  boolean isClient() {
    return welcome != null;
  }

  /** What it became; it must have said hello. */
  Client client() {
    return welcome.client();
  }

  /** The client's, for messages. */
  int process() {
    return welcome.process();
  }

  String program() {
    return "process " + process() + " of user " + uid;
  }

  /** How much memory it shares. */
  long bytes() {
    return isClient() ? welcome.bytes() : 0;
  }

  boolean hasWork() throws BrokenClient {
    return isClient() && (!parts.isEmpty() || client().submissions().waiting() > 0);
  }

  /** Runs a part of its work in its next turn. Any thread. */
  @Override
  public void execute(Runnable part) {
    parts.add(part);
    wake.run();
  }

  /** The next part to run; null if there is none. */
  Runnable nextPart() {
    return parts.poll();
  }

  /** Serves it no more until then; what the client submits stays in its ring. */
  void rest(long untilNanos) {
    rests = true;
    restsUntilNanos = untilNanos;
  }

  boolean rests(long nowNanos) {
    rests = rests && restsUntilNanos - nowNanos > 0;
    return rests;
  }

  /** Sends off what was taken, but for what was asked of the last system. */
  void sendButLast() {
    taken = burst.endButLast();
  }

  /** Sends off what was taken. */
  void send() {
    taken = 0;
    burst.end();
  }

  /** Ends it and its client, and gives up what it has. */
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
