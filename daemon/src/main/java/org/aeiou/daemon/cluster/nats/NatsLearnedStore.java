package org.aeiou.daemon.cluster.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.nats.JetStream.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was learned, by slot, in a bucket whose keys stay: it outlives its owner. On the connection
 * of messages, as it may be large. Any thread may call any method; none waits. What cannot be kept
 * is counted and learned again.
 */
public final class NatsLearnedStore {
  private static final Logger LOG = LoggerFactory.getLogger(NatsLearnedStore.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long MOST_BYTES = 64 << 20;

  private final NatsBroker broker;
  private final Bucket bucket;
  private final LongAdder stored;
  private final LongAdder failures;

  public NatsLearnedStore(NatsBroker broker, NatsSettings settings, MetricSet metrics) {
    this.broker = broker;
    bucket =
        new Bucket(
            "aeiou-" + settings.cluster() + "-learned",
            Duration.ZERO,
            settings.replicas(),
            MOST_BYTES);
    stored = metrics.counter("learned.stored", "Times that what was learned of a slot was kept.");
    failures = metrics.counter("learned.failures", "Times that it could not be kept, or had.");
  }

  /**
   * Keeps a value.
   *
   * @param key letters, digits, {@code -} and {@code _}
   * @param value must not be changed any more; of the length of a message at most
   */
  public void put(String key, byte[] value) {
    JetStream server = broker.jetStream();
    if (server == null || value.length > broker.mostBytes()) {
      failures.increment();
      return;
    }
    var unused =
        server
            .ask(bucket.subject(key), null, value, PATIENCE)
            .whenComplete(
                (answer, e) -> {
                  if (JetStream.isMissing(e)) {
                    broker.run(() -> make(server, key, value));
                  } else {
                    done(key, answer, e);
                  }
                });
  }

  /** No server keeps such a subject: the bucket is not there yet. */
  private void make(JetStream server, String key, byte[] value) {
    try {
      bucket.open(server);
      CompletableFuture<Message> again = server.ask(bucket.subject(key), null, value, PATIENCE);
      var unused = again.whenComplete((answer, e) -> done(key, answer, e));
    } catch (RefusedException e) {
      failures.increment();
      LOG.warn("{}: what was learned is not kept: {}", bucket.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void done(String key, Message answer, Throwable e) {
    String why = e == null ? "" : JetStream.why(e);
    if (e == null) {
      try {
        new PublishAck(answer);
        stored.increment();
        return;
      } catch (IOException | JetStreamApiException refused) {
        why = Explained.of(refused);
      }
    }
    failures.increment();
    LOG.warn("{}: what was learned of slot {} is not kept: {}", bucket.name(), key, why);
  }

  /**
   * Asks for a value.
   *
   * @param then gets it, or null if there is none or it cannot be had; on a thread of the broker,
   *     must not wait
   */
  public void get(String key, Consumer<byte[]> then) {
    JetStream server = broker.jetStream();
    if (server == null) {
      failures.increment();
      broker.run(() -> then.accept(null));
      return;
    }
    byte[] last = ("{\"last_by_subj\":\"" + bucket.subject(key) + "\"}").getBytes(UTF_8);
    var unused =
        server
            .ask("$JS.API.STREAM.MSG.GET." + bucket.stream(), null, last, PATIENCE)
            .whenComplete((answer, e) -> then.accept(value(answer, e)));
  }

  private byte[] value(Message answer, Throwable e) {
    if (e == null) {
      MessageInfo found = new MessageInfo(answer, bucket.stream(), false);
      if (!found.hasError()) {
        return found.getData();
      }
      if (found.getApiErrorCode() == JetStream.NO_SUCH_MESSAGE
          || found.getApiErrorCode() == JetStream.NO_SUCH_STREAM) {
        return null;
      }
    }
    failures.increment();
    return null;
  }
}
