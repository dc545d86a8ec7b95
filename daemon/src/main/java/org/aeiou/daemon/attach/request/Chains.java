package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.aeiou.closures.Failure;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;

/**
 * Chains: steps that are read once, when they are submitted, and run one after another. Each step
 * listens to the end of the one before it, may use its value, and may not start because of it. Any
 * thread.
 */
final class Chains {
  private static final Pattern ZERO = Pattern.compile("[-+]?0+(\\.0*)?");

  private final BiConsumer<ClientRequest, String> start;
  private final ForEachStep.Reader reader;

  /**
   * Chains of steps.
   *
   * @param start starts a step once its path is complete
   * @param reader reads for one name of many
   */
  Chains(BiConsumer<ClientRequest, String> start, ForEachStep.Reader reader) {
    this.start = start;
    this.reader = reader;
  }

  /**
   * Takes in the steps behind the first one, before that starts.
   *
   * @param turns runs in turns of the client what takes long
   */
  void accept(ClientRequest first, Submission submission, Executor turns) throws BrokenClient {
    Client client = first.client;
    ClientRequest last = first;
    Submission step = submission;
    int steps = 1;
    while (last.has(Operation.CHAINED) && step.next() != 0) {
      if (++steps > Operation.MOST_STEPS) {
        throw new BrokenClient("its chain has more than " + Operation.MOST_STEPS + " steps");
      }
      step = client.submissions().read(step.next() - 1);
      ClientRequest before = last;
      ClientRequest next = client.accept(step);
      before.isChained = true;
      var unused = before.whenEnded(outcome -> ended(before, outcome, next, turns));
      last = next;
    }
  }

  private void ended(ClientRequest before, Completion outcome, ClientRequest next, Executor turns) {
    if (next.isDone()) {
      return; // it was withdrawn itself, or the client has left
    }
    try {
      proceed(before, outcome, next, turns);
    } catch (RuntimeException | Error e) {
      next.client.fault(next, e);
    }
  }

  private void proceed(
      ClientRequest before, Completion outcome, ClientRequest next, Executor turns) {
    if (isEnd(before, outcome)) {
      next.fail(Failure.Reason.CANCELLED, "the chain ended before this step");
    } else if (next.has(Operation.EACH)) {
      forEach(before, outcome, next, turns);
    } else if (next.path == null) {
      start.accept(next, null);
    } else {
      // What was no reading has no value: its sentence is nothing to make a path of.
      String value = outcome.kind() == Kind.READING ? new String(outcome.value(), UTF_8) : "";
      String path = ForEachStep.expanded(next.path, value);
      if (path == null) {
        next.fail(RequestCheck.tooLong(next));
      } else {
        start.accept(next, path);
      }
    }
  }

  private static boolean isEnd(ClientRequest step, Completion outcome) {
    if (outcome.kind() != Kind.READING) {
      // A step that was withdrawn takes the rest with it, whatever its flags.
      return Completions.isCancelled(outcome)
          || step.has(Operation.STOP_ON_ERROR | Operation.STOP_ON_NONZERO | Operation.STOP_ON_ZERO);
    }
    if (!step.has(Operation.STOP_ON_NONZERO | Operation.STOP_ON_ZERO)) {
      return false;
    }
    boolean zero = ZERO.matcher(new String(outcome.value(), UTF_8)).matches();
    return step.has(zero ? Operation.STOP_ON_ZERO : Operation.STOP_ON_NONZERO);
  }

  private void forEach(
      ClientRequest before, Completion listing, ClientRequest step, Executor turns) {
    Failure<?> wrong = RequestCheck.step(step);
    if (wrong == null && (before.operation != Operation.LIST || !ForEachStep.hasPlace(step.path))) {
      wrong = RequestCheck.bad("'each' needs a listing before it, and {} in its path");
    }
    if (wrong != null) {
      step.fail(wrong);
    } else if (listing.kind() != Kind.READING) {
      step.fail(Failure.Reason.UNKNOWN_NAME, "there is no listing before it");
    } else {
      turns.execute(new ForEachStep(step, listing, reader, turns));
    }
  }
}
