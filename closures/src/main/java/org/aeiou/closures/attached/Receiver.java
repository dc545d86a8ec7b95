package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Posix;
import org.aeiou.closures.shared.Reasons;
import org.aeiou.closures.shared.SubmissionDescriptor;
import org.aeiou.closures.shared.WelcomeDescriptor;

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

  /** How often an outcome is read before it is given up: its daemon may have died. */
  private static final int TRIES = 1000;

  private final Greeting greeting;
  private final Geometry geometry;
  private final Memory submissions;
  private final Memory completions;
  private final Submitter submitter;
  private final Ticker ticker;
  private final InstantSource clock;

  private long head;
  private volatile boolean closed;

  /** Why nothing comes any more; null as long as it may. */
  private volatile String ended;

  Receiver(
      Greeting greeting,
      Geometry geometry,
      Submitter submitter,
      Ticker ticker,
      InstantSource clock) {
    this.greeting = greeting;
    this.geometry = geometry;
    this.submitter = submitter;
    this.ticker = ticker;
    this.clock = clock;
    submissions = greeting.submissions;
    completions = greeting.completions;
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
    polled.putInt(0, greeting.bell).putShort(4, Posix.POLLIN);
    polled.putInt(POLL_BYTES, greeting.socket).putShort(POLL_BYTES + 4, Posix.POLLIN);
    ByteBuffer heard = Posix.buffer(WelcomeDescriptor.BYTES);
    while (!closed) {
      drain();
      submissions.set(SubmissionDescriptor.WAKE_AT, head);
      // Between asking for the bell and looking; pairs with the daemon's fence.
      VarHandle.fullFence();
      if (completions.getAcquire(CompletionDescriptor.TAIL) != head) {
        continue;
      }
      var unused = POSIX.poll(Posix.address(polled), 2, FOR_EVER);
      if (polled.getShort(6) != 0) {
        unused = (int) POSIX.read(greeting.bell, Posix.address(heard), MOST_RINGS);
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
        POSIX.recv(greeting.socket, Posix.address(heard), heard.capacity(), Posix.MSG_DONTWAIT);
    if (length < 0 && (Posix.errno() == Posix.EAGAIN || Posix.errno() == Posix.EINTR)) {
      return null;
    }
    if (closed) {
      return "this attachment was closed";
    }
    // The daemon's last word is laid out as a welcome that refuses.
    boolean isFarewell = length == heard.capacity() && heard.getLong(0) == WelcomeDescriptor.MAGIC;
    if (isFarewell) {
      return "the daemon ended this attachment: " + Greeting.sentence(heard);
    }
    return length > 0 ? null : "the daemon is gone";
  }

  private void end(String why) {
    ended = why;
    submitter.stop();
    for (int page = 0; page < geometry.pages(); page++) {
      Waiting<?> request = submitter.waiting.getAndSet(page, null);
      if (request != null) {
        request.end(new Failure<>(Failure.Reason.STOPPED, why));
      }
    }
    submitter.hangUp();
  }

  private void drain() {
    // Acquire pairs with the daemon's release: it publishes entries and outcomes.
    long tail = completions.getAcquire(CompletionDescriptor.TAIL);
    while (head != tail) {
      int entry = (int) head & (geometry.entries() - 1);
      long word =
          completions.get(CompletionDescriptor.RING + CompletionDescriptor.ENTRY_BYTES * entry);
      head++;
      submissions.setRelease(SubmissionDescriptor.COMPLETION_HEAD, head);
      int page = (int) word;
      if (page >= 0 && page < geometry.pages()) {
        deliver(page, (word >>> 48 & CompletionDescriptor.MORE) != 0);
      }
    }
  }

  private void deliver(int page, boolean more) {
    Waiting<?> request =
        more ? submitter.waiting.get(page) : submitter.waiting.getAndSet(page, null);
    if (request == null) {
      return;
    }
    Copy copy;
    try {
      copy = outcome(page);
    } catch (RuntimeException | Error e) {
      // It has an outcome all the same: of all that comes this one only was too much.
      LOG.log(Level.ERROR, request.path + ": its outcome could not be taken", e);
      copy = new Copy(new Failure<>(Failure.Reason.BAD_ANSWER, "could not be taken: " + e), more);
    }
    // Release: what it has in the arena was read before, and may be written over.
    submissions.setRelease(SubmissionDescriptor.DONE, head);
    if (more) {
      // If that was its end, or is being written, a completion of its own comes with it.
      if (copy != null && copy.goesOn) {
        request.tell(copy.outcome);
      }
      return;
    }
    submitter.free(page);
    request.end(
        copy != null
            ? copy.outcome
            : new Failure<>(Failure.Reason.BAD_ANSWER, "the daemon left its outcome half written"));
  }

  /**
   * An outcome as it was read.
   *
   * @param goesOn whether the request does
   */
  private record Copy(Outcome<byte[]> outcome, boolean goesOn) {}

  /**
   * What a page's outcome is; a watch's may be written anew meanwhile, and is read once more. Null
   * if it never was whole.
   */
  private Copy outcome(int page) {
    int at = geometry.outcome(page);
    // Between taking the entry and reading; pairs with the daemon's when it writes one anew.
    VarHandle.fullFence();
    for (int i = 0; i < TRIES; i++) {
      long number = completions.getAcquire(at + CompletionDescriptor.NUMBER);
      long times = completions.get(at + CompletionDescriptor.TIMES);
      boolean goesOn =
          (completions.getShort(at + CompletionDescriptor.OUTCOME_FLAGS)
                  & CompletionDescriptor.MORE)
              != 0;
      Outcome<byte[]> outcome = copy(at);
      VarHandle.acquireFence();
      if (number != 0
          && completions.get(at + CompletionDescriptor.NUMBER) == number
          && completions.get(at + CompletionDescriptor.TIMES) == times) {
        return new Copy(outcome, goesOn);
      }
    }
    return null;
  }

  private Outcome<byte[]> copy(int at) {
    int kind = completions.getShort(at + CompletionDescriptor.KIND);
    long taken = completions.get(at + CompletionDescriptor.TAKEN);
    if (kind == Kind.ABSENT) {
      return new Absent<>(ticker.read(), taken);
    }
    byte[] value = value(at);
    return kind == Kind.READING
        ? reading(value, taken, completions.get(at + CompletionDescriptor.CHANGED), ticker, clock)
        : new Failure<>(
            Reasons.of(completions.getInt(at + CompletionDescriptor.REASON)),
            new String(value, UTF_8));
  }

  /** A reading of so long ago. */
  static Reading<byte[]> reading(
      byte[] value, long takenMillis, long changedMillis, Ticker ticker, InstantSource clock) {
    long age = Math.max(0, clock.millis() - takenMillis);
    return new Reading<>(
        value, ticker.read() - age * 1_000_000, takenMillis, Math.min(changedMillis, takenMillis));
  }

  private byte[] value(int at) {
    int length = completions.getInt(at + CompletionDescriptor.LENGTH);
    // While it is written anew, length and place may not belong together.
    byte[] value = new byte[Math.max(0, Math.min(length, completions.size()))];
    int unit = completions.getInt(at + CompletionDescriptor.UNIT);
    int from =
        unit == 0
            ? at + CompletionDescriptor.VALUE
            : geometry.arenaAt() + (unit - 1) * CompletionDescriptor.UNIT_BYTES;
    if (from >= 0 && from <= completions.size() - value.length) {
      completions.getBytes(from, value, 0, value.length);
    }
    return value;
  }
}
