package org.aeiou.daemon.cluster.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Requests to the part of a server that keeps messages. Its library has methods for buckets, but
 * those that expect a revision wait longer than they are told to.
 */
final class JetStream {
  static final String EXPECTED_REVISION = "Nats-Expected-Last-Subject-Sequence";
  static final String EXPECTED_STREAM = "Nats-Expected-Stream";

  /** Another revision was expected. */
  static final int WRONG_REVISION = 10071;

  static final int NO_SUCH_STREAM = 10059;
  static final int NO_SUCH_MESSAGE = 10037;
  static final int OTHER_CONFIGURATION = 10058;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String ENDED = "the connection ended";

  private final Connection connection;

  JetStream(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /** Asks; what it returns ends soon after the time-out at the latest. */
  CompletableFuture<Message> ask(String subject, Headers headers, byte[] body, Duration timeout) {
    try {
      return connection.requestWithTimeout(
          NatsMessage.builder().subject(subject).headers(headers).data(body).build(), timeout);
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Asks the interface for streams, and waits: for the thread that keeps the connection. */
  Message call(String what, byte[] body) throws RefusedException, InterruptedException {
    try {
      return ask("$JS.API." + what, null, body, PATIENCE).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalStateException) {
        throw RefusedException.ended();
      }
      throw new RefusedException(why(e.getCause()), isMissing(e.getCause()));
    } catch (CancellationException e) {
      throw RefusedException.ended();
    }
  }

  /** Whether the server said that none keeps this subject, and so none has it. */
  static boolean isMissing(Throwable e) {
    return e instanceof JetStreamStatusException status && status.getStatus().isNoResponders();
  }

  static String why(Throwable e) {
    if (isMissing(e)) {
      return "no server keeps messages for it";
    }
    if (e instanceof CancellationException) {
      return ENDED;
    }
    return e instanceof TimeoutException ? "no answer in time" : Explained.of(e);
  }

  /** What was asked for cannot be had. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean missing;
    private final boolean ended;

    RefusedException(String message, boolean missing) {
      this(message, missing, false);
    }

    private RefusedException(String message, boolean missing, boolean ended) {
      super(message);
      this.missing = missing;
      this.ended = ended;
    }

    static RefusedException ended() {
      return new RefusedException(ENDED, false, true);
    }

    /** Whether it tells nothing of what was asked for, as the connection ended meanwhile. */
    boolean hasEnded() {
      return ended;
    }

    /** Whether nothing on the server answers such requests. */
    boolean isMissing() {
      return missing;
    }
  }
}
