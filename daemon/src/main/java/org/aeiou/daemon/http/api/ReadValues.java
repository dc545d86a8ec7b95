package org.aeiou.daemon.http.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.http.json.ShownFiles;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/**
 * Reads many paths as one: each is looked for, then read in a burst with the others. Ends once:
 * when all have their outcome, or at the deadline, with what there is by then.
 */
final class ReadValues {
  /** What became of a path. Written once, by the thread that brings it. */
  static final class Value {
    final String path;
    volatile Node node;
    volatile Outcome<?> outcome;
    private volatile Request request = Request.IMMEDIATE;

    Value(String path) {
      this.path = path;
    }

    /** After an immediate answer it may be a later request that is waited for. */
    private void await(Request next) {
      if (next != Request.IMMEDIATE) {
        request = next;
      }
    }

    /** Whether there is no such name. */
    boolean isUnknown() {
      return outcome instanceof Failure<?> failure
          && failure.reason() == Failure.Reason.UNKNOWN_NAME;
    }
  }

  private final AttributeService files;
  private final ShownFiles shown;
  private final Requester requester;
  private final Consumer<List<Value>> end;
  private final List<Value> values = new ArrayList<>();
  private final AtomicInteger missing;
  private final AtomicBoolean isEnded = new AtomicBoolean();

  /**
   * Not begun yet.
   *
   * @param paths what to read
   * @param end told once, on any thread
   */
  ReadValues(
      AttributeService files,
      ShownFiles shown,
      Requester requester,
      List<String> paths,
      Consumer<List<Value>> end) {
    this.files = files;
    this.shown = shown;
    this.requester = requester;
    this.end = end;
    paths.forEach(path -> values.add(new Value(path)));
    this.missing = new AtomicInteger(paths.size() + 1); // and the submission
  }

  /**
   * Asks for all of them.
   *
   * @param prefix what each path is below, as of a view; empty for none
   * @param deadlineNanos by the scheduler's ticker; {@link Long#MAX_VALUE} for none
   */
  void begin(String prefix, long deadlineNanos) {
    RequesterBurst burst = requester.begin();
    burst.deadline(deadlineNanos);
    for (Value value : values) {
      value.await(
          files.resolve(
              requester,
              prefix + value.path,
              (of, outcome, delayed) -> found(of, outcome, delayed ? requester.alone() : burst),
              value));
    }
    burst.end();
    oneLess();
  }

  private void found(Value value, Outcome<Node> outcome, RequesterBurst burst) {
    if (!(outcome instanceof Reading<Node> reading)) {
      ended(value, outcome);
    } else if (reading.value().isDirectory()) {
      ended(
          value,
          new Failure<>(
              Failure.Reason.IS_DIRECTORY,
              "is a directory; list it with /api/v1/list, or read its .json"));
    } else {
      value.node = reading.value();
      value.await(files.read(burst, value.node, this::had, value));
    }
  }

  private void had(Value value, Outcome<Content> outcome, boolean delayed) {
    ended(value, outcome);
  }

  private void ended(Value value, Outcome<?> outcome) {
    value.outcome = outcome;
    oneLess();
  }

  private void oneLess() {
    if (missing.decrementAndGet() == 0) {
      end();
    }
  }

  /** The deadline has come: what is not there by now is not waited for. */
  void enough() {
    end();
    for (Value value : values) {
      if (value.outcome == null) {
        value.request.cancel();
      }
    }
  }

  private void end() {
    if (isEnded.compareAndSet(false, true)) {
      end.accept(values);
    }
  }

  /** What is shown of a path. */
  @SuppressWarnings("unchecked")
  Shown shown(Value value) {
    Outcome<?> outcome = value.outcome;
    if (outcome == null) {
      return Shown.PENDING;
    }
    return value.node == null
        ? Shown.failed((Failure<?>) outcome)
        : shown.of(value.node, (Outcome<Content>) outcome);
  }
}
