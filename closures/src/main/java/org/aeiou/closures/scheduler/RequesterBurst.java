package org.aeiou.closures.scheduler;

/** A burst of one {@link Requester}, at a {@link CompletionScheduler}. */
public abstract class RequesterBurst implements Burst {
  private final Requester requester;

  RequesterBurst(Requester requester) {
    this.requester = requester;
  }

  /** On whose behalf its requests are made. */
  public final Requester requester() {
    return requester;
  }

  /** Takes a request in; false, without having taken it, if its scheduler is closed. */
  abstract boolean take(PendingRequest<?, ?> request);
}
