package org.aeiou.closures.shard;

import java.util.concurrent.atomic.AtomicInteger;

/** The one or many requesters that share a bound and a turn. Any thread, but for its inboxes. */
public final class User {
  /** Only a count: nothing else is published through it. */
  private final AtomicInteger pending = new AtomicInteger();

  /** Exchanges that began with a request of this user; only a count, too. */
  private final AtomicInteger inFlight = new AtomicInteger();

  /** What waits at each shard to be taken in; each is its shard's own. */
  private final Inbox[] inboxes;

  /** A user that has nothing pending, with an inbox at each shard. */
  public User(int shards) {
    inboxes = new Inbox[shards];
    for (int i = 0; i < shards; i++) {
      inboxes[i] = new Inbox();
    }
  }

  /** How many of its requests are pending, over all systems. */
  public int pending() {
    return pending.get();
  }

  /** Counts so many more; returns how many there are with them. */
  int enter(int places) {
    return pending.addAndGet(places);
  }

  void leave(int places) {
    pending.addAndGet(-places);
  }

  /** How many requests of this user shards have taken in so far, over all systems. */
  public long requests() {
    long requests = 0;
    for (Inbox inbox : inboxes) {
      requests += inbox.taken();
    }
    return requests;
  }

  /** How many exchanges are in flight that began with a request of this user. */
  public int inFlight() {
    return inFlight.get();
  }

  /** An exchange that began with a request of this user has started. */
  public void exchangeStarted() {
    inFlight.incrementAndGet();
  }

  /** It is no longer in flight. */
  public void exchangeEnded() {
    inFlight.decrementAndGet();
  }

  Inbox inbox(int shard) {
    return inboxes[shard];
  }
}
