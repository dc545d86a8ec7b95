package org.aeiou.daemon.cluster.nats;

import com.google.common.base.Ticker;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Subscription;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.broker.Subjects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages over NATS. One thread of the connection takes in all that comes, in order.
 *
 * <p>The server tells the sender at once if there is no subscriber, at the subject for answers. How
 * much has left is known by messages that this connection sends to itself between the others: what
 * was sent before one that came back has reached the server, and so has its word on subscribers.
 */
public final class NatsBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(NatsBroker.class);

  /** The default of servers. */
  private static final int MOST_BYTES = 1 << 20;

  /** How much may come faster than it is taken in. */
  private static final int MOST_MESSAGES_PENDING = 1 << 16;

  private static final int MOST_BYTES_PENDING = 64 << 20;

  private final NatsLink link;
  private final Ticker ticker;
  private final LongAdder sent;
  private final LongAdder received;
  private final LongAdder dropped;
  private final LongAdder unheard;
  private final LongAdder slow;
  private final LongAdder failures;

  /** All that is subscribed to; guarded by itself, as is the next. */
  private final List<Subscribed> subscriptions = new ArrayList<>();

  private Dispatcher dispatcher;

  /** What is under way on the connection that is; null where there is none. */
  private volatile Sending sending;

  private volatile int mostBytes = MOST_BYTES;
  private volatile long roundTripNanos = -1;

  private NatsBroker(NatsSettings settings, Ticker ticker, MetricSet metrics) {
    this.ticker = ticker;
    sent = metrics.counter("sent", "Messages sent to members.");
    received = metrics.counter("received", "Messages of members taken in.");
    dropped = metrics.counter("dropped", "Messages not sent: no broker, or too much under way.");
    unheard = metrics.counter("unheard", "Messages to a member that was not there.");
    slow = metrics.counter("slow", "Times that messages came faster than they were taken in.");
    failures = metrics.counter("failures", "Messages that could not be dealt with.");
    metrics.gauge(
        "round_trip",
        Unit.MICROSECONDS,
        "To the broker and back, smoothed.",
        () -> Math.max(0, roundTripNanos / 1000));
    link =
        new NatsLink(
            settings,
            "messages",
            new Subjects(settings.cluster()).inbox() + ".",
            new User(),
            ticker);
  }

  /** Begins to connect; does not wait for it. */
  public static NatsBroker connect(NatsSettings settings, Ticker ticker, MetricSet metrics) {
    NatsBroker broker = new NatsBroker(settings, ticker, metrics);
    broker.link.start();
    return broker;
  }

  /** What was subscribed to once. */
  private final class Subscribed implements Closeable, MessageHandler {
    private final String subject;
    private final Consumer<byte[]> handler;
    private Subscription subscription;

    private Subscribed(String subject, Consumer<byte[]> handler) {
      this.subject = subject;
      this.handler = handler;
    }

    @Override
    public void onMessage(Message message) {
      received.increment();
      try {
        handler.accept(message.getData());
      } catch (RuntimeException | StackOverflowError e) {
        // A stack that was too deep is unwound: no message of another member ends this one.
        failures.increment();
        LOG.error("{}: a message could not be dealt with", subject, e);
      }
    }

    @Override
    public void close() {
      synchronized (subscriptions) {
        subscriptions.remove(this);
        if (subscription != null && subscription.isActive()) {
          dispatcher.unsubscribe(subscription);
        }
      }
    }
  }

  /** What the connection does for the broker. */
  private final class User implements NatsLink.User {
    @Override
    public void opened(Connection opened) {
      String own = opened.createInbox() + ".";
      Sending begun = new Sending(opened, own, ticker);
      synchronized (subscriptions) {
        dispatcher = opened.createDispatcher();
        dispatcher.setPendingLimits(MOST_MESSAGES_PENDING, MOST_BYTES_PENDING);
        dispatcher.subscribe(own + "*", message -> returned(begun, message));
        for (Subscribed each : subscriptions) {
          each.subscription = dispatcher.subscribe(each.subject, each);
        }
      }
      mostBytes = (int) Math.min(Integer.MAX_VALUE, opened.getMaxPayload());
      sending = begun;
      begun.mark();
    }

    @Override
    public void beat(Connection same) {
      Sending now = sending;
      if (now != null) {
        now.mark();
      }
    }

    @Override
    public void closed() {
      sending = null;
      synchronized (subscriptions) {
        dispatcher = null;
        for (Subscribed each : subscriptions) {
          each.subscription = null;
        }
      }
    }

    @Override
    public void error(String message) {
      if (message.startsWith("messages come")) {
        slow.increment();
      }
      LOG.warn("the broker: {}", message);
    }
  }

  /** What came back to the connection that sent it, or the server's word on it. */
  private void returned(Sending of, Message message) {
    String subject = message.getSubject();
    long number = Long.parseLong(subject.substring(of.inbox().length() + 1));
    if (message.isStatusMessage()) {
      Runnable then = of.unheard(number);
      if (then != null) {
        unheard.increment();
        then.run();
      }
      return;
    }
    long took = of.returned(number);
    long before = roundTripNanos;
    roundTripNanos = before < 0 ? took : before + (took - before) / 8;
  }

  @Override
  public boolean send(String subject, byte[] message) {
    return send(subject, message, null);
  }

  @Override
  public boolean send(String subject, byte[] message, Runnable then) {
    if (message.length > mostBytes) {
      throw new IllegalArgumentException(message.length + " bytes are more than " + mostBytes);
    }
    Sending now = sending;
    if (now == null || state() != State.CONNECTED || !now.send(subject, message, then)) {
      dropped.increment();
      return false;
    }
    sent.increment();
    return true;
  }

  @Override
  public Closeable subscribe(String subject, Consumer<byte[]> handler) {
    Subscribed subscribed = new Subscribed(subject, handler);
    synchronized (subscriptions) {
      subscriptions.add(subscribed);
      if (dispatcher != null) {
        try {
          subscribed.subscription = dispatcher.subscribe(subject, subscribed);
        } catch (IllegalStateException e) {
          // The connection has just ended; the next one has it.
        }
      }
    }
    return subscribed;
  }

  @Override
  public State state() {
    return link.state();
  }

  /** The part of the server that keeps messages; null while there is no connection. */
  JetStream jetStream() {
    Sending now = sending;
    return now == null ? null : now.jetStream();
  }

  /** Runs something that may wait for the server, within bounds. */
  void run(Runnable task) {
    link.run(task);
  }

  /** Why there is no connection, with what to do; empty if there is one. */
  public String problem() {
    return link.problem();
  }

  @Override
  public void listen(Consumer<State> listener) {
    link.listen(listener);
  }

  @Override
  public int mostBytes() {
    return mostBytes;
  }

  @Override
  public long roundTripNanos() {
    return roundTripNanos;
  }

  @Override
  public void close() {
    link.close();
  }
}
