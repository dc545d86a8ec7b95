package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.CompletionReader;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Reasons;
import org.aeiou.closures.shared.WelcomeDescriptor;
import org.aeiou.closures.shared.WelcomeReader;

/**
 * Where outcomes come in: takes them, runs their closures, and sleeps while there are none. One
 * thread runs it, until the daemon is gone or the attachment closed; whatever is pending then has
 * its outcome.
 */
final class Receiver implements Runnable {
  private static final System.Logger LOG = System.getLogger(Receiver.class.getPackageName());
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int POLL_BYTES = 8;
  private static final int FOR_EVER = -1;
  private static final int MOST_RINGS = 64;

  private final ClientHandshake daemon;
  private final Geometry geometry;
  private final CompletionReader ring;
  private final Submitter submitter;
  private final Waits waits;
  private final Ticker ticker;
  private final InstantSource clock;

  private volatile boolean closed;

  /** Why nothing comes any more; null as long as it may. */
  private volatile String ended;

  Receiver(
      ClientHandshake daemon,
      Geometry geometry,
      CompletionReader ring,
      Submitter submitter,
      Waits waits,
      Ticker ticker,
      InstantSource clock) {
    this.daemon = daemon;
    this.geometry = geometry;
    this.ring = ring;
    this.submitter = submitter;
    this.waits = waits;
    this.ticker = ticker;
    this.clock = clock;
  }

  /** Ends it; any thread. */
  void close() {
    closed = true;
    submitter.shutDown(); // wakes the thread, which finds the end of the socket
  }

  /** Why nothing comes any more; null as long as it may. */
  String ended() {
    return ended;
  }

  @Override
  public void run() {
    String why = "this program could not go on; see its log";
    try {
      why = receive();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "An attachment ends, because receiving failed", e);
    } finally {
      end(why);
    }
  }

  /** Returns why it has ended. */
  private String receive() {
    ByteBuffer polled = Posix.buffer(2 * POLL_BYTES);
    polled.putInt(0, daemon.bell).putShort(4, Posix.POLLIN);
    polled.putInt(POLL_BYTES, daemon.socket).putShort(POLL_BYTES + 4, Posix.POLLIN);
    ByteBuffer heard = Posix.buffer(WelcomeDescriptor.BYTES);
    while (!closed) {
      drain();
      if (!ring.sleeps()) {
        continue;
      }
      var unused = POSIX.poll(Posix.address(polled), 2, FOR_EVER);
      if (polled.getShort(6) != 0) {
        unused = (int) POSIX.read(daemon.bell, Posix.address(heard), MOST_RINGS);
      }
      if (polled.getShort(POLL_BYTES + 6) != 0) {
        String said = hear(heard);
        if (said != null) {
          drain();
          return said;
        }
      }
    }
    drain();
    return "this attachment was closed";
  }

  /** What the socket says of the end; null if this was none. */
  private String hear(ByteBuffer heard) {
    long length =
        POSIX.recv(daemon.socket, Posix.address(heard), heard.capacity(), Posix.MSG_DONTWAIT);
    if (length < 0 && (Posix.errno() == Posix.EAGAIN || Posix.errno() == Posix.EINTR)) {
      return null;
    }
    if (closed) {
      return "this attachment was closed";
    }
    // The daemon's last word is laid out as a welcome that refuses.
    WelcomeReader farewell = new WelcomeReader(heard);
    if (length == heard.capacity() && farewell.isWelcome()) {
      return "the daemon ended this attachment: " + farewell.sentence();
    }
    return length > 0 ? null : "the daemon is gone";
  }

  private void end(String why) {
    ended = why;
    submitter.stop();
    for (int page = 0; page < geometry.pages(); page++) {
      AttachedRequest<?> request = submitter.waiting.getAndSet(page, null);
      if (request != null) {
        request.end(new Failure<>(Failure.Reason.STOPPED, why));
        waits.happened(request);
      }
    }
    submitter.hangUp();
  }

  private void drain() {
    for (int waiting = ring.waiting(); waiting > 0; waiting--) {
      ring.take();
      if (ring.page() >= 0) {
        deliver(ring.page(), ring.goesOn());
      }
    }
  }

  private void deliver(int page, boolean more) {
    AttachedRequest<?> request =
        more ? submitter.waiting.get(page) : submitter.waiting.getAndSet(page, null);
    if (request == null) {
      return;
    }
    Outcome<byte[]> outcome;
    boolean goesOn = more;
    try {
      CompletionReader.Copy copy = ring.outcome();
      goesOn = copy != null && copy.goesOn();
      outcome =
          copy != null
              ? outcome(copy.completion())
              : bad("the daemon left its outcome half written");
    } catch (RuntimeException | Error e) {
      // It has an outcome all the same: of all that comes this one only was too much.
      LOG.log(Level.ERROR, request.path + ": its outcome could not be taken", e);
      outcome = bad("could not be taken: " + e);
    }
    ring.done();
    if (!more) {
      submitter.free(page);
      request.end(outcome);
      waits.happened(request);
    } else if (goesOn) {
      request.tell(outcome);
      waits.happened(request);
    } // else that was its end, or is being written: a completion of its own comes with it
  }

  private static Failure<byte[]> bad(String why) {
    return new Failure<>(Failure.Reason.BAD_ANSWER, why);
  }

  private Outcome<byte[]> outcome(Completion copied) {
    return switch (copied.kind()) {
      case Kind.CANCEL -> AttachedCancel.outcome(copied.reason());
      case Kind.ABSENT -> new Absent<>(ticker.read(), copied.takenMillis());
      case Kind.READING ->
          reading(copied.value(), copied.takenMillis(), copied.changedMillis(), ticker, clock);
      default -> new Failure<>(Reasons.of(copied.reason()), new String(copied.value(), UTF_8));
    };
  }

  /** A reading of so long ago. */
  static Reading<byte[]> reading(
      byte[] value, long takenMillis, long changedMillis, Ticker ticker, InstantSource clock) {
    long age = Math.max(0, clock.millis() - takenMillis);
    return new Reading<>(
        value, ticker.read() - age * 1_000_000, takenMillis, Math.min(changedMillis, takenMillis));
  }
}
