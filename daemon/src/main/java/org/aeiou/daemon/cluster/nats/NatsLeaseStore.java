package org.aeiou.daemon.cluster.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.broker.Subjects;
import org.aeiou.daemon.cluster.lease.LeaseStore;
import org.aeiou.daemon.cluster.nats.JetStream.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases in a key-value bucket, on a connection of its own: a subscriber that takes nothing would
 * hold up renewals on one with messages.
 *
 * <p>Nothing is asked before the bucket was looked at after a connection was made, and it is looked
 * at each second: revisions say nothing of another bucket of the same name.
 */
public final class NatsLeaseStore implements LeaseStore {
  private static final Logger LOG = LoggerFactory.getLogger(NatsLeaseStore.class);

  /** A lease has some hundred bytes, and there are a thousand at most. */
  private static final long MOST_BYTES = 8 << 20;

  private static final String CLOCK = "clock";
  private static final byte[] NOTHING = new byte[0];

  private final Bucket bucket;
  private final String get;
  private final Ticker ticker;
  private final NatsLink link;
  private final ServerClock clock = new ServerClock();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final LongAdder stored;
  private final LongAdder refused;
  private final LongAdder unknown;
  private final LongAdder steps;

  /** The greatest revision that the server has acknowledged. */
  private final AtomicLong acknowledged = new AtomicLong();

  /** The server while the bucket is as it must be; null else. */
  private volatile JetStream open;

  // The rest is of the thread that keeps the connection.
  private long incarnation;
  private long raced;
  private RefusedException unfit;
  private long closedUntilNanos;
  private boolean holding;

  /** Why no lease can be had; empty if there is no reason but a connection that is missing. */
  private volatile String problem = "";

  private NatsLeaseStore(NatsSettings settings, Ticker ticker, MetricSet metrics) {
    bucket =
        new Bucket(
            "aeiou-" + settings.cluster() + "-leases",
            settings.ttl(),
            settings.replicas(),
            MOST_BYTES);
    get = "STREAM.MSG.GET." + bucket.stream();
    this.ticker = ticker;
    stored =
        metrics.counter("leases.stored", "Leases that the broker stored: acquired or renewed.");
    refused =
        metrics.counter(
            "leases.refused", "Leases that the broker refused, as another member had them.");
    unknown =
        metrics.counter("leases.unknown", "Attempts to get a lease whose outcome was not known.");
    steps = metrics.counter("leases.clock_steps", "Times that the broker's clock was set.");
    link =
        new NatsLink(
            settings,
            "leases",
            new Subjects(settings.cluster()).leaseInbox() + ".",
            new User(),
            ticker);
  }

  /** Begins to connect; does not wait for it. */
  public static NatsLeaseStore connect(NatsSettings settings, Ticker ticker, MetricSet metrics) {
    NatsLeaseStore store = new NatsLeaseStore(settings, ticker, metrics);
    store.link.start();
    return store;
  }

  /** Why no lease can be had, with what to do; empty if they can. */
  public String problem() {
    return open != null ? "" : problem.isEmpty() ? link.problem() : problem;
  }

  private final class User implements NatsLink.User {
    @Override
    public void opened(Connection connection) {
      look(new JetStream(connection));
    }

    @Override
    public void beat(Connection connection) {
      JetStream now = open;
      look(now == null ? new JetStream(connection) : now);
    }

    @Override
    public void closed() {
      problem = "";
      shut();
    }

    @Override
    public void error(String message) {
      LOG.warn("the store of leases: {}", message);
    }
  }

  /** Looks at the bucket, and at the server's clock. */
  private void look(JetStream server) {
    try {
      ReplicaRace.checkVersion(server, bucket, bucket.replicas());
      StreamInfo info = bucket.open(server);
      long made = ServerClock.nanos(info.getCreateTime());
      if (open != null && made != incarnation) {
        shut();
      }
      tryReplicas(server, info, made);
      readClock(server, info);
      if (open == null && !lostWrites(info, made)) {
        incarnation = made;
        open = server;
        problem = "";
        long age = clock.now(ticker.read()) - made;
        listeners.forEach(listener -> listener.opened(made, Math.max(0, age)));
      }
    } catch (RefusedException e) {
      shut();
      if (!e.hasEnded() && !e.getMessage().equals(problem)) {
        problem = e.getMessage();
        LOG.error("no lease can be had: {}", problem);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once for each bucket: what is found out does not change. */
  private void tryReplicas(JetStream server, StreamInfo info, long made) throws RefusedException {
    if (made != raced) {
      raced = made;
      unfit = null;
      try {
        ReplicaRace.check(server, bucket, info.getConfiguration().getReplicas());
      } catch (RefusedException e) {
        unfit = e;
      }
    }
    if (unfit != null) {
      throw unfit;
    }
  }

  /**
   * Whether the store has less than it had acknowledged, as after a loss of power: then members
   * that do not know it yet may hold leases, for a time to live at most.
   */
  private boolean lostWrites(StreamInfo info, long made) {
    long now = ticker.read();
    if (made == incarnation && info.getStreamState().getLastSequence() < acknowledged.get()) {
      acknowledged.set(info.getStreamState().getLastSequence());
      closedUntilNanos = now + bucket.maxAge().toNanos();
      holding = true;
      LOG.error("bucket '{}' has lost what it had stored; no lease for a while", bucket.name());
    } else if (made != incarnation) {
      acknowledged.set(info.getStreamState().getLastSequence());
      holding = false;
    }
    if (holding && now - closedUntilNanos >= 0) {
      holding = false;
    }
    return holding;
  }

  private void shut() {
    if (open != null) {
      open = null;
      listeners.forEach(Listener::closed);
    }
  }

  /** Servers before 2.10 do not tell the time: there, the time of a message just stored does. */
  private void readClock(JetStream server, StreamInfo info) throws InterruptedException {
    long sent = ticker.read();
    ZonedDateTime time = null;
    try {
      if (info.getTimestamp() != null) {
        time =
            new StreamInfo(server.call("STREAM.INFO." + bucket.stream(), NOTHING)).getTimestamp();
      } else {
        Message put =
            server.ask(bucket.subject(CLOCK), null, NOTHING, Duration.ofSeconds(2)).join();
        long revision = new PublishAck(put).getSeqno();
        MessageInfo read = new MessageInfo(server.call(get, last(CLOCK)), bucket.stream(), false);
        time = read.hasError() || read.getSeq() < revision ? null : read.getTime();
      }
    } catch (RefusedException
        | IOException
        | JetStreamApiException
        | CompletionException
        | CancellationException e) {
      LOG.debug("the server's clock cannot be read", e);
    }
    if (time == null) {
      return;
    }
    long step = clock.sample(sent, ticker.read(), ServerClock.nanos(time));
    if (step != 0) {
      steps.increment();
      long millis = step / 1_000_000;
      LOG.warn("the clock of the server of leases was set by {} ms", millis);
      listeners.forEach(listener -> listener.stepped(millis));
    }
  }

  private byte[] last(String key) {
    return ("{\"last_by_subj\":\"" + bucket.subject(key) + "\"}").getBytes(UTF_8);
  }

  @Override
  public void create(int slot, String value, long timeoutNanos, Consumer<Verdict> then) {
    put(slot, 0, value, timeoutNanos, then);
  }

  @Override
  public void renew(
      int slot, long revision, String value, long timeoutNanos, Consumer<Verdict> then) {
    put(slot, revision, value, timeoutNanos, then);
  }

  private void put(int slot, long expected, String value, long timeoutNanos, Consumer<Verdict> to) {
    Headers headers =
        new Headers()
            .put(JetStream.EXPECTED_REVISION, Long.toString(expected))
            .put(JetStream.EXPECTED_STREAM, bucket.stream());
    ask(
        bucket.subject(Integer.toString(slot)),
        headers,
        value.getBytes(UTF_8),
        timeoutNanos,
        this::put,
        to);
  }

  private Verdict put(Message answer) {
    Verdict verdict = LeaseVerdicts.put(answer);
    if (verdict instanceof Verdict.Stored done) {
      acknowledged.accumulateAndGet(done.revision(), Math::max);
    }
    return verdict;
  }

  @Override
  public void read(int slot, long timeoutNanos, Consumer<Verdict> then) {
    String key = Integer.toString(slot);
    ask(
        "$JS.API." + get,
        null,
        last(key),
        timeoutNanos,
        answer -> LeaseVerdicts.read(answer, bucket.stream()),
        then);
  }

  @Override
  public void release(int slot, long revision, long timeoutNanos, Consumer<Verdict> then) {
    // Up to the sequence, without it: a successor's lease stays.
    String purge =
        "{\"filter\":\"%s\",\"seq\":%d}"
            .formatted(bucket.subject(Integer.toString(slot)), revision + 1);
    ask(
        "$JS.API.STREAM.PURGE." + bucket.stream(),
        null,
        purge.getBytes(UTF_8),
        timeoutNanos,
        LeaseVerdicts::purge,
        then);
  }

  private void ask(
      String subject,
      Headers headers,
      byte[] body,
      long timeoutNanos,
      Function<Message, Verdict> verdict,
      Consumer<Verdict> then) {
    JetStream server = open;
    if (server == null) {
      unknown.increment();
      link.execute(() -> then.accept(new Verdict.Unknown("there is no store")));
      return;
    }
    var unused =
        server
            .ask(subject, headers, body, Duration.ofNanos(timeoutNanos))
            .whenCompleteAsync(
                (answer, e) ->
                    then.accept(
                        counted(
                            e == null
                                ? verdict.apply(answer)
                                : new Verdict.Unknown(JetStream.why(e)))),
                link::execute);
  }

  private Verdict counted(Verdict verdict) {
    if (verdict instanceof Verdict.Stored) {
      stored.increment();
    } else if (verdict instanceof Verdict.Refused) {
      refused.increment();
    } else if (verdict instanceof Verdict.Unknown) {
      unknown.increment();
    }
    return verdict;
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    link.close();
  }
}
