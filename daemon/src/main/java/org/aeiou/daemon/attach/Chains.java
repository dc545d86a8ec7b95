package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Fatal;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.closures.shared.TableDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chains: steps that are read once, when they are submitted, and run one after another. A step may
 * use the value of the one before it, and end the chain. Any thread.
 */
final class Chains {
  private static final Logger LOG = LoggerFactory.getLogger(Chains.class);
  private static final String PLACE = "{}";
  private static final Pattern ZERO = Pattern.compile("[-+]?0+(\\.0*)?");

  /** Starts a step whose path is complete. */
  private final BiConsumer<Pending, String> start;

  /** Reads for one name of many. */
  private final Reader reader;

  /** Reads a value. */
  interface Reader {
    /** Tells the value exactly once, or null if there is none; as the flags of the step say. */
    void read(Pending step, String path, Consumer<byte[]> then);
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
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
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
      refuse(next, Failure.Reason.CANCELLED, "the chain ended before this step");
      return;
    }
    if (next.has(Operation.EACH)) {
      each(step, next, outcome);
      return;
    }
    // What was no reading has no value: its sentence is nothing to make a path of.
    String value = outcome.kind() == Kind.READING ? new String(outcome.value(), UTF_8) : "";
    String path = next.path == null ? null : expanded(next.path, value);
    if (path == null && next.path != null) {
      next.client.fail(next, RequestCheck.tooLong(next));
    } else {
      start.accept(next, path);
    }
  }

  /** A path with a value in its places; null if that is longer than a path may be. */
  static String expanded(String path, String value) {
    int places = 0;
    for (int at = path.indexOf(PLACE); at >= 0; at = path.indexOf(PLACE, at + PLACE.length())) {
      places++;
    }
    long length = path.length() + (long) places * (value.length() - PLACE.length());
    return length > TableDescriptor.LONGEST_PATH ? null : path.replace(PLACE, value);
  }

  private static boolean isEnd(Pending step, Completion outcome) {
    if (outcome.kind() != Kind.READING) {
      // A step that was withdrawn takes the rest with it, whatever its flags.
      return step.cancelled
          || step.has(Operation.STOP_ON_ERROR | Operation.STOP_ON_NONZERO | Operation.STOP_ON_ZERO);
    }
    if (!step.has(Operation.STOP_ON_NONZERO | Operation.STOP_ON_ZERO)) {
      return false;
    }
    boolean zero = ZERO.matcher(new String(outcome.value(), UTF_8)).matches();
    return step.has(zero ? Operation.STOP_ON_ZERO : Operation.STOP_ON_NONZERO);
  }

  private void each(Pending before, Pending step, Completion listing) {
    Failure<?> wrong = RequestCheck.step(step);
    if (wrong == null && (before.operation != Operation.LIST || !step.path.contains(PLACE))) {
      wrong = RequestCheck.bad("'each' needs a listing before it, and {} in its path");
    }
    if (wrong != null) {
      step.client.fail(step, wrong);
    } else if (listing.kind() != Kind.READING) {
      refuse(step, Failure.Reason.UNKNOWN_NAME, "there is no listing before it");
    } else {
      step.client.later(new Each(step, listing, reader));
    }
  }

  private static void refuse(Pending step, Failure.Reason reason, String message) {
    step.client.fail(step, new Failure<>(reason, message));
  }
}
