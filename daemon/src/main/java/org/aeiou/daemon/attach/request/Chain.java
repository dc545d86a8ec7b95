package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.daemon.attach.completion.Completions;

/**
 * A chain under way. It listens to the end of each of its steps, and then starts the next one,
 * which may use the value of the one before it; or skips that, or ends. Any thread.
 *
 * <p>A step may end before its turn: withdrawn, which ends the chain, or because its deadline
 * passed. That outcome is looked at when its turn comes. For each step one thread goes on: the one
 * that ends the step whose turn it is, or the one that gives the turn to a step that has ended.
 */
final class Chain {
  private final List<ClientRequest> steps;
  private final BiConsumer<ClientRequest, String> start;
  private final ForEachStep.Reader reader;
  private final Executor turns;

  // Guarded by this.
  private final Completion[] endedEarly;
  private int turn;

  /** A chain whose first step will be started elsewhere; the rest is as in {@link Chains}. */
  Chain(
      List<ClientRequest> steps,
      BiConsumer<ClientRequest, String> start,
      ForEachStep.Reader reader,
      Executor turns) {
    this.steps = steps;
    this.start = start;
    this.reader = reader;
    this.turns = turns;
    endedEarly = new Completion[steps.size()];
  }

  /** Listens to all steps from now on. */
  void listen() {
    for (int i = 0; i < steps.size(); i++) {
      int index = i;
      var unused = steps.get(i).whenEnded(outcome -> ended(index, outcome));
    }
  }

  private void ended(int index, Completion outcome) {
    boolean isTurn;
    synchronized (this) {
      isTurn = index == turn;
      if (index > turn) {
        endedEarly[index] = outcome;
      }
      if (index < turn) {
        return; // it was skipped
      }
    }
    if (isTurn) {
      try {
        goOn(index, outcome);
      } catch (RuntimeException | Error e) {
        steps.forEach(step -> step.client.fault(step, e));
      }
    } else if (Completions.isCancelled(outcome)) {
      endFrom(index + 1);
    }
  }

  /** Gives the turn to the step that comes next, and its outcome on if it has ended. */
  private void goOn(int index, Completion outcome) {
    Completion ended = outcome;
    for (int i = index; ended != null; ) {
      // A step that was withdrawn takes the rest with it, whatever its flags.
      boolean holds = !Completions.isCancelled(ended) && Condition.holds(steps.get(i), ended);
      boolean skips = holds && steps.get(i).has(Operation.SKIP);
      if (Completions.isCancelled(ended) || (holds && !skips)) {
        synchronized (this) {
          turn = steps.size();
        }
        endFrom(i + 1);
        return;
      }
      int next = skips ? i + 2 : i + 1;
      Completion early;
      synchronized (this) {
        turn = next;
        early = next < steps.size() ? endedEarly[next] : null;
      }
      if (skips && i + 1 < steps.size()) {
        steps.get(i + 1).fail(Failure.Reason.CANCELLED, "skipped");
      }
      if (early == null && next < steps.size()) {
        begin(steps.get(i), ended, steps.get(next));
      }
      ended = early;
      i = next;
    }
  }

  private void endFrom(int index) {
    for (ClientRequest step : steps.subList(index, steps.size())) {
      step.fail(Failure.Reason.CANCELLED, "the chain ended before this step");
    }
  }

  private void begin(ClientRequest before, Completion outcome, ClientRequest next) {
    if (next.isDone()) {
      return; // just now; its end goes on with the chain
    }
    try {
      if (next.has(Operation.EACH)) {
        beginForEach(before, outcome, next);
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
    } catch (RuntimeException | Error e) {
      next.client.fault(next, e);
    }
  }

  private void beginForEach(ClientRequest before, Completion listing, ClientRequest step) {
    Failure<?> wrong = RequestCheck.step(step);
    if (wrong == null && (before.operation != Operation.LIST || !ForEachStep.hasPlace(step.path))) {
      wrong = RequestCheck.bad("'each' needs a listing before it, and {} in its path");
    }
    if (wrong != null) {
      step.fail(wrong);
    } else if (listing.kind() != Kind.READING) {
      step.fail(Failure.Reason.UNKNOWN_NAME, "there is no listing before it");
    } else if (!step.client.endIfPassed(step)) {
      turns.execute(new ForEachStep(step, listing, reader, turns));
    }
  }
}
