package org.aeiou.closures.scheduler;

/**
 * A burst: for each shard a chain of requests, linked as its mailbox links them, pushed as one.
 * Used by one thread.
 */
final class StagedBurst extends RequesterBurst {
  private final Shard[] shards;
  private final PendingRequest<?, ?>[] newest;
  private final PendingRequest<?, ?>[] oldest;

  StagedBurst(Requester requester, Shard[] shards) {
    super(requester);
    this.shards = shards;
    this.newest = new PendingRequest<?, ?>[shards.length];
    this.oldest = new PendingRequest<?, ?>[shards.length];
  }

  @Override
  boolean take(PendingRequest<?, ?> request) {
    int shard = request.queue.shard().index();
    request.next = newest[shard];
    newest[shard] = request;
    if (oldest[shard] == null) {
      oldest[shard] = request;
    }
    return true;
  }

  @Override
  public void end() {
    for (int i = 0; i < shards.length; i++) {
      PendingRequest<?, ?> chain = newest[i];
      if (chain != null && !shards[i].mailbox().push(chain, oldest[i])) {
        endStopped(chain);
      }
      newest[i] = null;
      oldest[i] = null;
    }
  }

  /** The owner is gone and will not end them; nobody but this thread has them. */
  private static void endStopped(Mail chain) {
    for (Mail mail = chain; mail != null; ) {
      Mail older = mail.next;
      mail.next = null;
      ((PendingRequest<?, ?>) mail).endStopped();
      mail = older;
    }
  }
}
