package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chains: steps that are read once, when they are submitted, and run one after another. A step may
 * use the value of the one before it, and end the chain. Any thread.
 */
final class Chains {
  private static final Logger LOG = LoggerFactory.getLogger(Chains.class);
  private static final String PLACE = "{}";

  /** Starts a step whose path is complete. */
  private final BiConsumer<Pending, String> start;

  /** Reads for one name of many; the last parameter gets the value, or null. */
  private final Reader reader;

  /** Reads a value. */
  interface Reader {
    void read(String path, BiConsumer<byte[], Boolean> then);
  }

  Chains(BiConsumer<Pending, String> start, Reader reader) {
    this.start = start;
    this.reader = reader;
  }

  /** Takes in the steps behind the first one. */
  void accept(Client client, Pending first, Submission submission) throws BrokenClient {
    Pending last = first;
    Submission step = submission;
    int steps = 1;
    while (last.has(Operation.CHAINED) && step.next() != 0) {
      if (++steps > Operation.MOST_STEPS) {
        throw new BrokenClient("its chain has more than " + Operation.MOST_STEPS + " steps");
      }
      step = client.submissions().read(step.next() - 1);
      last.next = client.accept(step);
      last = last.next;
    }
  }

  /** A step has had its outcome: the next one starts, or the chain ends. */
  void ended(Pending step, Completion outcome) {
    try {
      proceed(step, step.next, outcome);
    } catch (RuntimeException e) {
      LOG.error("A step of a chain failed: {}", step.next.path, e);
      step.next.client.fail(
          step.next, new Failure<>(Failure.Reason.BAD_ANSWER, "the daemon failed; see its log"));
    }
  }

  private void proceed(Pending step, Pending next, Completion outcome) {
    if (isEnd(step, outcome)) {
      synchronized (next.client) {
        next.cancelled = true;
      }
      next.client.fail(
          next, new Failure<>(Failure.Reason.CANCELLED, "the chain ended before this step"));
      return;
    }
    if (next.has(Operation.EACH)) {
      each(next, outcome);
      return;
    }
    String path = next.path;
    if (path != null && path.contains(PLACE)) {
      path = path.replace(PLACE, new String(outcome.value(), UTF_8));
    }
    start.accept(next, path);
  }

  private static boolean isEnd(Pending step, Completion outcome) {
    boolean reading = outcome.kind() == Kind.READING;
    if (!reading) {
      // A step that was withdrawn takes the rest with it, whatever its flags.
      return step.cancelled
          || step.has(Operation.STOP_ON_ERROR | Operation.STOP_ON_NONZERO | Operation.STOP_ON_ZERO);
    }
    boolean zero = new String(outcome.value(), UTF_8).matches("[-+]?0+(\\.0*)?");
    return step.has(zero ? Operation.STOP_ON_ZERO : Operation.STOP_ON_NONZERO);
  }

  private void each(Pending step, Completion listing) {
    if (listing.kind() != Kind.READING || step.path == null || !step.path.contains(PLACE)) {
      step.client.fail(
          step,
          new Failure<>(
              Failure.Reason.UNKNOWN_NAME, "there is no listing before it, or no {} in its path"));
      return;
    }
    List<String> names =
        Splitter.on('\0').omitEmptyStrings().splitToList(new String(listing.value(), UTF_8));
    byte[][] values = new byte[names.size()][];
    // One more, so that it does not come to its end before everything was asked for.
    AtomicInteger left = new AtomicInteger(names.size() + 1);
    for (int i = 0; i < values.length; i++) {
      int index = i;
      String name = name(names.get(i));
      reader.read(
          step.path.replace(PLACE, name),
          (value, delayed) -> {
            values[index] = value;
            finish(step, names, values, left);
          });
    }
    finish(step, names, values, left);
  }

  private static String name(String listed) {
    return listed.endsWith("/") ? listed.substring(0, listed.length() - 1) : listed;
  }

  private static void finish(
      Pending step, List<String> names, byte[][] values, AtomicInteger left) {
    // What was written to values before each count is seen after the last one.
    if (left.decrementAndGet() != 0) {
      return;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < values.length; i++) {
      all.writeBytes(name(names.get(i)).getBytes(UTF_8));
      all.write(0);
      all.writeBytes(values[i] == null ? new byte[0] : values[i]);
      all.write(0);
    }
    long now = System.currentTimeMillis();
    step.client.end(step, new Completion(Kind.READING, 0, all.toByteArray(), now, now, 0, 0));
  }
}
