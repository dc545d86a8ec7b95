package org.aeiou.daemon.cluster.message;

import com.google.common.base.Ticker;
import java.io.Closeable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.broker.Subjects;

/**
 * A broker in memory, with several members in one process. What is sent waits until {@link
 * #deliver}, which hands it over on the thread of its caller; what is lost, late or there twice the
 * test decides. Its time is the test's: {@link #advance}.
 */
public final class MemoryNetwork {
  /** The cluster that {@link #post} is of. */
  public static final Subjects SUBJECTS = new Subjects("test");

  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final List<Due> pending = new ArrayList<>();
  private Predicate<Message> dropped = message -> false;
  private ToLongFunction<Message> delayNanos = message -> 0;
  private ToIntFunction<Message> copies = message -> 1;
  private int mostBytes = 1 << 20;
  private long nanos = TimeUnit.DAYS.toNanos(1);
  private long sent;

  /** A message under way, from the member of a name. */
  public record Message(String from, String subject, byte[] bytes) {}

  private record Due(long nanos, Connection to, Consumer<byte[]> handler, Message message) {}

  // --- time

  /** What all members of the network go by. */
  public Ticker ticker() {
    return new Ticker() {
      @Override
      public long read() {
        return nanos;
      }
    };
  }

  /** The same as {@link #ticker}, as a clock. */
  public InstantSource clock() {
    return () ->
        java.time.Instant.ofEpochMilli(1_700_000_000_000L + TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** Time passes; delivers nothing. */
  public void advance(long more) {
    nanos += more;
  }

  // --- members

  /** A member's connection; its messages carry the name. */
  public Broker connect(String name) {
    Connection connection = new Connection(name);
    connections.add(connection);
    return connection;
  }

  /** A started post of a member, which sends at once, over this connection. */
  public Post post(String id, Broker broker) {
    Post post = new Post(broker, SUBJECTS, id, ticker(), clock(), Runnable::run);
    post.start();
    return post;
  }

  /** A started post of a member with a connection of its own. */
  public Post post(String id) {
    return post(id, connect(id));
  }

  /** From now on this connection is in a state; its listeners are told. */
  public void state(Broker broker, Broker.State state) {
    ((Connection) broker).become(state);
  }

  /** From now on all connections are in a state. */
  public void state(Broker.State state) {
    connections.forEach(connection -> connection.become(state));
  }

  // --- what becomes of messages that are sent from now on

  public void dropping(Predicate<Message> which) {
    dropped = which;
  }

  public void delaying(ToLongFunction<Message> byNanos) {
    delayNanos = byNanos;
  }

  /** How often each is delivered, in place of once. */
  public void duplicating(ToIntFunction<Message> times) {
    copies = times;
  }

  public void mostBytes(int bytes) {
    mostBytes = bytes;
  }

  /** How many messages were sent, also those that were dropped. */
  public long sent() {
    return sent;
  }

  /**
   * Delivers what is due by now, also what is sent meanwhile, in the order in which it is due.
   *
   * @return how many messages that were
   */
  public int deliver() {
    int delivered = 0;
    for (Due due = next(); due != null; due = next()) {
      delivered++;
      due.handler.accept(due.message.bytes());
    }
    return delivered;
  }

  private synchronized Due next() {
    Due first = null;
    for (Due due : pending) {
      if (due.nanos - nanos <= 0 && (first == null || due.nanos - first.nanos < 0)) {
        first = due;
      }
    }
    pending.remove(first);
    return first;
  }

  private final class Connection implements Broker {
    private final String name;
    private final Map<Object, Subscription> subscriptions = new LinkedHashMap<>();
    private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();
    private volatile State state = State.CONNECTED;

    private record Subscription(String subject, Consumer<byte[]> handler) {}

    Connection(String name) {
      this.name = name;
    }

    void become(State other) {
      if (state != other) {
        state = other;
        listeners.forEach(listener -> listener.accept(other));
      }
    }

    @Override
    public boolean send(String subject, byte[] bytes) {
      return send(subject, bytes, null);
    }

    @Override
    public boolean send(String subject, byte[] bytes, Runnable unheard) {
      if (state != State.CONNECTED || bytes.length > mostBytes) {
        return false;
      }
      boolean isHeard = false;
      synchronized (MemoryNetwork.this) {
        sent++;
        Message message = new Message(name, subject, bytes);
        if (dropped.test(message)) {
          return true;
        }
        long due = nanos + delayNanos.applyAsLong(message);
        for (Connection connection : connections) {
          for (Consumer<byte[]> handler : connection.handlers(subject)) {
            isHeard = true;
            for (int i = copies.applyAsInt(message); i > 0; i--) {
              pending.add(new Due(due, connection, handler, message));
            }
          }
        }
        if (!isHeard && unheard != null) {
          pending.add(new Due(due, this, nothing -> unheard.run(), message));
        }
      }
      return true;
    }

    /** A connection that is not there receives nothing. */
    private List<Consumer<byte[]>> handlers(String subject) {
      synchronized (MemoryNetwork.this) {
        return state != State.CONNECTED
            ? List.of()
            : subscriptions.values().stream()
                .filter(each -> each.subject.equals(subject))
                .map(Subscription::handler)
                .toList();
      }
    }

    @Override
    public Closeable subscribe(String subject, Consumer<byte[]> handler) {
      Object key = new Object();
      synchronized (MemoryNetwork.this) {
        subscriptions.put(key, new Subscription(subject, handler));
      }
      return () -> {
        synchronized (MemoryNetwork.this) {
          subscriptions.remove(key);
        }
      };
    }

    @Override
    public State state() {
      return state;
    }

    @Override
    public void listen(Consumer<State> listener) {
      listeners.add(listener);
    }

    @Override
    public int mostBytes() {
      return mostBytes;
    }

    @Override
    public long roundTripNanos() {
      return -1;
    }

    @Override
    public void close() {
      connections.remove(this);
      become(State.UNREACHABLE);
    }
  }
}
