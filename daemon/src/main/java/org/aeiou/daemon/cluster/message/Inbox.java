package org.aeiou.daemon.cluster.message;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.aeiou.daemon.cluster.codec.Input;
import org.aeiou.daemon.cluster.codec.MalformedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in messages: drops what makes no sense, and gives each frame to what receives its type. The
 * messages of a subject come from one thread at a time.
 */
final class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  /** What the frames of one message may take in memory, about, in bytes. */
  private static final long MOST_MEMORY = Math.min(96L << 20, Runtime.getRuntime().maxMemory() / 4);

  /**
   * By how much the age of a message may be put too high: so much is not taken for the age of what
   * is in it.
   */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** The other versions that were told of; a few, as any sender can make up any. */
  private final Set<Integer> told = ConcurrentHashMap.newKeySet();

  private static final int MOST_TOLD = 3;

  private final Parts parts = new Parts();
  private final String self;
  private final Tickers tickers;
  private final Ticker ticker;
  private final InstantSource clock;
  private final MessageCounters counters;
  private final Function<Class<?>, Post.Receiver<Frame>> receivers;

  Inbox(
      String self,
      Tickers tickers,
      Ticker ticker,
      InstantSource clock,
      MessageCounters counters,
      Function<Class<?>, Post.Receiver<Frame>> receivers) {
    this.self = self;
    this.tickers = tickers;
    this.ticker = ticker;
    this.clock = clock;
    this.counters = counters;
    this.receivers = receivers;
  }

  /** What takes in the messages of one more subject. */
  Consumer<byte[]> subject(String name) {
    return message -> take(message, name);
  }

  private void take(byte[] message, String subject) {
    try {
      if (!Header.isOurs(message)) {
        counters.foreign.increment();
      } else if (Header.major(message) != Header.MAJOR) {
        otherMajor(Header.major(message));
      } else {
        read(message, subject);
      }
    } catch (MalformedMessage e) {
      counters.malformed.increment();
      LOG.debug("a message {}", e.getMessage());
    }
  }

  private void otherMajor(int major) {
    counters.otherMajor.increment();
    if (told.size() < MOST_TOLD && told.add(major)) {
      LOG.warn(
          "members of this cluster speak version {} of its messages, and this one version {}:"
              + " they do not hear each other; use the same release on all of them",
          major,
          Header.MAJOR);
    }
  }

  private void read(byte[] message, String subject) throws MalformedMessage {
    long now = ticker.read();
    Input in = new Input(message, 0, message.length, now, 0, MOST_MEMORY);
    Header header = Header.read(in);
    if (header.sender().equals(self)) {
      return;
    }
    counters.received.increment();
    counters.receivedBytes.add(message.length);
    long micros = TimeUnit.NANOSECONDS.toMicros(now);
    tickers.heard(header.sender(), header.sentMicros(), micros);
    // Never negative, but for a ticker that stood still while its machine did.
    long age =
        header.hasAt() && micros - header.atMicros() >= 0
            ? TimeUnit.MICROSECONDS.toNanos(micros - header.atMicros())
            : -1;
    if (header.whole() == 0) {
      frames(message, in.position(), header.sender(), now, age);
    } else {
      byte[] all = parts.add(subject, header, message, in.position());
      if (all != null) {
        frames(all, 0, header.sender(), now, age);
      }
    }
  }

  private void frames(byte[] bytes, int from, String sender, long now, long age)
      throws MalformedMessage {
    // What lay somewhere for long is older than it was when it was sent.
    long late = Math.max(0, age - SLACK_NANOS);
    Input in =
        new Input(
            bytes,
            from,
            bytes.length,
            now - late,
            clock.millis() - TimeUnit.NANOSECONDS.toMillis(late),
            MOST_MEMORY);
    while (in.remaining() > 0) {
      int type = in.octet();
      int outer = in.enter(in.length());
      Frame frame = null;
      try {
        in.begin();
        frame = FrameCodec.decode(type, in);
        if (frame == null) {
          counters.unknown.increment();
        }
      } catch (MalformedMessage e) {
        counters.malformed.increment();
        LOG.debug("{}: a frame of type {} {}", sender, type, e.getMessage());
      }
      in.leave(outer);
      if (frame != null) {
        give(sender, frame, age);
      }
    }
  }

  private void give(String sender, Frame frame, long age) {
    Post.Receiver<Frame> receiver = receivers.apply(frame.getClass());
    if (receiver == null) {
      return; // what members of another role do not need
    }
    counters.receivedFrames.increment();
    try {
      receiver.received(sender, frame, age);
    } catch (RuntimeException e) {
      counters.failed.increment();
      LOG.error("{}: its {} could not be taken in", sender, frame.getClass().getSimpleName(), e);
    }
  }
}
