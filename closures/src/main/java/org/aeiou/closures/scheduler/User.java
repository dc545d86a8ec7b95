package org.aeiou.closures.scheduler;

import java.util.concurrent.atomic.AtomicInteger;

/** The one or many {@link Requester requesters} that share a bound and a turn. */
final class User {
  /** Only a count: nothing else is published through it. */
  private final AtomicInteger pending = new AtomicInteger();

  /** Exchanges that began with a request of this user; only a count, too. */
  private final AtomicInteger inFlight = new AtomicInteger();

  /** What waits at each shard to be taken in; each is its shard's own. */
  private final Inbox[] inboxes;

  User(int shards) {
    inboxes = new Inbox[shards];
    for (int i = 0; i < shards; i++) {
      inboxes[i] = new Inbox();
    }
  }

  int pending() {
    return pending.get();
  }

  /** Counts one more; returns how many there are with it. */
  int enter() {
    return pending.incrementAndGet();
  }

  void leave() {
    pending.decrementAndGet();
  }

  int inFlight() {
    return inFlight.get();
  }

  void departed() {
    inFlight.incrementAndGet();
  }

  void landed() {
    inFlight.decrementAndGet();
  }

  Inbox inbox(int shard) {
    return inboxes[shard];
  }
}
