package org.aeiou.closures.attached;

import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.Operation;

/** One request that the daemon has. */
class AttachedRequest<C> implements Request {
  private static final System.Logger LOG = System.getLogger(AttachedRequest.class.getPackageName());
  private static final CompletableFuture<CancelAnswer> TOO_LATE =
      CompletableFuture.completedFuture(CancelAnswer.TOO_LATE);

  final String path;

  /** What cancels are sent through; null for what is none of the program's. */
  private final Submitter submitter;

  private final Closure<byte[], C> closure;
  private final C context;

  /** The answer to a cancel: null as long as there was none, {@link #TOO_LATE} after the end. */
  private final AtomicReference<CompletableFuture<CancelAnswer>> withdrawn =
      new AtomicReference<>();

  private volatile boolean done;

  /** Given when it is written into its page, before any other thread has the request. */
  private volatile long number;

  AttachedRequest(String path, Submitter submitter, Closure<byte[], C> closure, C context) {
    this.path = path;
    this.submitter = submitter;
    this.closure = closure;
    this.context = context;
  }

  long number() {
    return number;
  }

  void number(long given) {
    number = given;
  }

  /** One outcome of a watch. */
  void tell(Outcome<byte[]> outcome) {
    try {
      closure.run(context, outcome, true);
    } catch (Throwable e) {
      LOG.log(Level.ERROR, path + ": a closure threw", e);
    }
  }

  void end(Outcome<byte[]> outcome) {
    done = true;
    tell(outcome);
    // One of the two is first: a cancel, whose answer this is, or the end, which is its answer.
    CompletableFuture<CancelAnswer> asked = withdrawn.getAndSet(TOO_LATE);
    if (asked != null) {
      boolean cancelled =
          outcome instanceof Failure<byte[]> failure
              && failure.reason() == Failure.Reason.CANCELLED;
      asked.complete(cancelled ? CancelAnswer.CANCELLED : CancelAnswer.TOO_LATE);
    }
  }

  /** Withdraws it; the answer is what becomes of it. */
  CompletableFuture<CancelAnswer> withdraw() {
    if (done) {
      return TOO_LATE;
    }
    CompletableFuture<CancelAnswer> asked = new CompletableFuture<>();
    CompletableFuture<CancelAnswer> before = withdrawn.compareAndExchange(null, asked);
    if (before != null) {
      return before;
    }
    var unused = submitter.cancel(Operation.CANCEL, number);
    return asked;
  }

  /** Whether it has ended, and its closure has returned. */
  final boolean isOver() {
    return withdrawn.get() == TOO_LATE;
  }

  boolean isOf(Submitter other) {
    return submitter == other;
  }

  @Override
  public void cancel() {
    var unused = withdraw();
  }

  @Override
  public boolean isDone() {
    return done;
  }
}
