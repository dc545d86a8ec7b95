package org.aeiou.daemon.cluster.message;

import com.google.common.base.Ticker;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.broker.Subjects;
import org.aeiou.daemon.cluster.codec.Output;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends frames to other members, and receives theirs. Any thread may call any method; none waits.
 *
 * <p>One task at a time sends: what is put in meanwhile goes with its next messages. So one frame
 * waits for nothing, and a burst is few messages.
 */
public final class Post implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Post.class);

  private final MessageCounters counters = new MessageCounters();
  private final Map<Class<? extends Frame>, Receiver<Frame>> receivers = new ConcurrentHashMap<>();
  private final List<Closeable> subscriptions = new CopyOnWriteArrayList<>();
  private final Outbox outbox = new Outbox();
  private final Tickers tickers = new Tickers();
  private final Broker broker;
  private final Subjects subjects;
  private final String self;
  private final Ticker ticker;
  private final Executor sender;
  private final Inbox inbox;

  /** Takes frames of a type in. */
  @FunctionalInterface
  public interface Receiver<F extends Frame> {
    /**
     * A frame has come. Called by a thread of the broker, one at a time for each subject; must not
     * wait.
     *
     * @param sender the id of the member that sent it
     * @param ageNanos how long ago it was given to be sent, at the most; -1 if that is not known
     */
    void received(String sender, F frame, long ageNanos);
  }

  /**
   * One that receives nothing yet.
   *
   * @param self the id of this member
   * @param sender runs what sends, which takes as long as encoding does
   */
  public Post(
      Broker broker,
      Subjects subjects,
      String self,
      Ticker ticker,
      InstantSource clock,
      Executor sender) {
    this.broker = broker;
    this.subjects = subjects;
    this.self = self;
    this.ticker = ticker;
    this.sender = sender;
    this.inbox = new Inbox(self, tickers, ticker, clock, counters, receivers::get);
  }

  /** What frames of a type are given to, from now on. */
  @SuppressWarnings("unchecked")
  public <F extends Frame> void receive(Class<F> type, Receiver<? super F> receiver) {
    receivers.put(type, (Receiver<Frame>) receiver);
  }

  /** Receives what all members are told, what this one is told, and events. */
  public void start() {
    subscribe(subjects.members());
    subscribe(subjects.member(self));
    subscribe(subjects.events());
  }

  /** Receives what the owner of a slot tells, until the result is closed. */
  public Closeable subscribe(int slot) {
    return listen(subjects.changes(slot));
  }

  private void subscribe(String subject) {
    subscriptions.add(listen(subject));
  }

  private Closeable listen(String subject) {
    return broker.subscribe(subject, inbox.subject(subject));
  }

  // --- sending

  /**
   * Sends a frame to one member.
   *
   * @return false, and counted, if it is dropped
   */
  public boolean toMember(String id, Frame frame) {
    return toMember(id, frame, null);
  }

  /**
   * As {@link #toMember(String, Frame)}.
   *
   * @param unheard runs if this returned true and the frame surely does not reach the member: it
   *     subscribes no more, or the broker did not take it. On a thread of the broker or the one
   *     that sends; must not wait
   */
  public boolean toMember(String id, Frame frame, Runnable unheard) {
    return send(subjects.member(id), id, frame, unheard);
  }

  /** Sends a frame to all other members. */
  public boolean toAll(Frame frame) {
    return send(subjects.members(), null, frame, null);
  }

  /** Sends a frame to those that are interested in a slot. */
  public boolean toSlot(int slot, Frame frame) {
    return send(subjects.changes(slot), null, frame, null);
  }

  /** Sends a frame to the logs of all other members. */
  public boolean toEvents(Frame frame) {
    return send(subjects.events(), null, frame, null);
  }

  private boolean send(String subject, String member, Frame frame, Runnable unheard) {
    if (broker.state() != Broker.State.CONNECTED) {
      counters.unsent.increment();
      return false;
    }
    long now = ticker.read();
    byte[] bytes = FrameCodec.encode(frame, now);
    if (bytes.length > Parts.MOST_BYTES) {
      LOG.warn(
          "one {} is not sent: it has {} octets, and may have {}",
          frame.getClass().getSimpleName(),
          bytes.length,
          Parts.MOST_BYTES);
      counters.overflowed.increment();
      return false;
    }
    switch (outbox.add(subject, member, micros(now), new Outbox.Pending(bytes, unheard))) {
      case FULL -> {
        counters.overflowed.increment();
        return false;
      }
      case FIRST -> {
        try {
          sender.execute(this::empty);
        } catch (RejectedExecutionException e) {
          // The program stops: what waits is not sent, nor what comes.
          counters.unsent.increment();
          return false;
        }
      }
      case BEHIND -> {}
    }
    return true;
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  private void empty() {
    for (List<Outbox.Letter> letters = outbox.take(); !letters.isEmpty(); letters = outbox.take()) {
      for (Outbox.Letter letter : letters) {
        try {
          send(letter);
        } catch (RuntimeException e) {
          counters.failed.increment();
          LOG.error("a message to {} could not be sent", letter.subject(), e);
        }
      }
    }
  }

  private void send(Outbox.Letter letter) {
    int most = broker.mostBytes() - Header.MOST_BYTES;
    List<Outbox.Pending> together = new ArrayList<>();
    int length = 0;
    for (Outbox.Pending next : letter.frames()) {
      if (length > 0 && length + next.frame().length > most) {
        whole(letter, together);
        together.clear();
        length = 0;
      }
      if (next.frame().length > most) {
        parts(letter, next, most);
      } else {
        together.add(next);
        length += next.frame().length;
      }
    }
    if (length > 0) {
      whole(letter, together);
    }
  }

  private void whole(Outbox.Letter letter, List<Outbox.Pending> frames) {
    Output out = new Output(0);
    header(letter, 0, 0).write(out);
    for (Outbox.Pending pending : frames) {
      out.raw(pending.frame());
    }
    List<Runnable> unheard =
        frames.stream().map(Outbox.Pending::unheard).filter(each -> each != null).toList();
    if (give(letter, out.toArray(), unheard)) {
      counters.sentFrames.add(frames.size());
    } else {
      counters.unsent.add(frames.size());
      unheard.forEach(Runnable::run);
    }
  }

  /** Only with the first part it is looked after whether the member receives. */
  private void parts(Outbox.Letter letter, Outbox.Pending pending, int most) {
    byte[] frame = pending.frame();
    for (int from = 0; from < frame.length; from += most) {
      Output out = new Output(0);
      header(letter, frame.length, from).write(out);
      out.raw(frame, from, Math.min(most, frame.length - from));
      boolean isWatched = from == 0 && pending.unheard() != null;
      if (!give(letter, out.toArray(), isWatched ? List.of(pending.unheard()) : List.of())) {
        counters.unsent.increment();
        if (isWatched) {
          pending.unheard().run();
        }
        return;
      }
    }
    counters.sentFrames.increment();
  }

  private Header header(Outbox.Letter letter, int whole, int from) {
    Long theirs =
        letter.member() == null ? null : tickers.theirs(letter.member(), letter.firstMicros());
    return new Header(
        self, letter.firstMicros(), theirs != null, theirs == null ? 0 : theirs, whole, from);
  }

  private boolean give(Outbox.Letter letter, byte[] message, List<Runnable> unheard) {
    boolean isTaken =
        unheard.isEmpty()
            ? broker.send(letter.subject(), message)
            : broker.send(
                letter.subject(),
                message,
                () -> {
                  counters.unheard.increment();
                  unheard.forEach(Runnable::run);
                });
    if (isTaken) {
      counters.sent.increment();
      counters.sentBytes.add(message.length);
    }
    return isTaken;
  }

  /** What was said and heard, and what was dropped. */
  public MetricSet metrics() {
    return counters.metrics;
  }

  /** Receives no more; what was put in before is still sent. */
  @Override
  public void close() {
    for (Closeable subscription : subscriptions) {
      try {
        subscription.close();
      } catch (IOException e) {
        LOG.debug("a subscription could not be closed", e);
      }
    }
    subscriptions.clear();
  }
}
