package org.aeiou.daemon.service.fetch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;

/**
 * A request that takes more than one question, one after another or several at once.
 *
 * <p>Its steps run on whichever thread completes the one before, which may be done with the next
 * before the one that submitted it has stored what to cancel: so steps are numbered, and the later
 * one stays. A cancel that finds no step pending is remembered: {@link #pending} and {@link
 * #cancel} each write before they read what the other wrote (both volatile), so that one of them
 * sees it.
 */
public abstract class CompositeRequest<T, C> implements Request {
  private final Closure<T, C> closure;
  private final C context;
  private final AtomicBoolean done = new AtomicBoolean();
  private volatile boolean cancelled;

  /** Whether it ended inside the submitting call; written and read by the thread that makes it. */
  private boolean immediate;

  private volatile Request step = Request.IMMEDIATE;

  /** The number of the step that {@link #step} is; guarded by this. */
  private int stepNumber;

  public CompositeRequest(Closure<T, C> closure, C context) {
    this.closure = closure;
    this.context = context;
  }

  /** Says which request this one waits for in step {@code number}, counted from 1. */
  protected final void pending(int number, Request next) {
    if (next == Request.IMMEDIATE) {
      return;
    }
    synchronized (this) {
      if (number <= stepNumber) {
        return;
      }
      stepNumber = number;
      step = next;
    }
    if (cancelled) {
      next.cancel();
    }
  }

  /** Ends the request. Only the first call does. */
  protected final void finish(Outcome<T> outcome, boolean delayed) {
    if (done.compareAndSet(false, true)) {
      if (!delayed) {
        immediate = true;
      }
      closure.run(context, outcome, delayed);
    }
  }

  protected final void fail(Failure<?> failure, boolean delayed) {
    finish(Failure.as(failure), delayed);
  }

  @Override
  public void cancel() {
    cancelled = true;
    step.cancel();
  }

  @Override
  public boolean isDone() {
    return done.get();
  }

  /**
   * What the submitting call returns for this request. One that another thread has ended, or is
   * just ending, is not immediate: its closure may not have run yet.
   */
  protected final Request submitted() {
    return immediate ? Request.IMMEDIATE : this;
  }
}
