package org.aeiou.closures.scheduler;

import java.util.Objects;
import org.aeiou.closures.shard.Mail;
import org.aeiou.closures.shard.MailChain;
import org.aeiou.closures.shard.Mailbox;
import org.aeiou.closures.shard.PendingBound;
import org.aeiou.closures.shard.User;

/**
 * On whose behalf requests are made: a user of the mount, an attached program, a web client.
 *
 * <p>A system that cannot answer all that is asked of it is shared fairly: between users first,
 * then between the requesters of a user. So is the thread that takes requests in, and so are the
 * bounds on what may be pending and in flight. A user gains nothing by being many requesters.
 *
 * <p>Any thread may call any method.
 */
public final class Requester {
  /** The mailboxes of its scheduler's shards, by number; also what tells schedulers apart. */
  private final Mailbox[] mailboxes;

  private final User user;
  private final String name;
  private final RequesterBurst alone = new Alone();

  /** What this is in the background; itself if it is no such thing. */
  private final Requester foreground;

  private final Requester background;

  /** Null if there is nothing to do. Volatile: set by one thread, for any. */
  private volatile Runnable afterwards;

  Requester(Mailbox[] mailboxes, User user, String name) {
    this.mailboxes = mailboxes;
    this.user = user;
    this.name = Objects.requireNonNull(name, "name");
    this.foreground = this;
    this.background = new Requester(this);
  }

  private Requester(Requester foreground) {
    this.mailboxes = foreground.mailboxes;
    this.user = foreground.user;
    this.name = foreground.name;
    this.foreground = foreground;
    this.background = this;
  }

  /** Another requester of the same user, for one that has several: an attached program of it. */
  public Requester another(String name) {
    return new Requester(mailboxes, user, name);
  }

  /**
   * The same requester for what it can wait for: what is asked on its behalf goes behind everything
   * interactive of all users, fairly among those that wait there too. Unlike a refresh it is tried
   * as often as anything that a requester waits for. Always the same one.
   */
  public Requester inBackground() {
    return background;
  }

  /** Whether its requests go behind everything interactive. */
  boolean isInBackground() {
    return foreground != this;
  }

  /**
   * Says what is to be done after delayed closures of this requester have run: once for many that
   * run together, on the thread that ran them, before that starts an exchange or sleeps. For what
   * need not be done in each closure, as waking a program.
   */
  public void afterClosures(Runnable what) {
    afterwards = what;
  }

  /** As it was said, or null. */
  Runnable afterwards() {
    return foreground.afterwards;
  }

  /** Begins a burst, for one thread. Costs nothing until something is submitted with it. */
  public RequesterBurst begin() {
    return new Staged();
  }

  /** The burst in which each request leaves at once, alone; for any number of threads. */
  public RequesterBurst alone() {
    return alone;
  }

  /** How many of this requester's user's requests are pending, over all systems. */
  public int pending() {
    return user.pending();
  }

  /** How many requests of this requester's user were taken in so far, over all systems. */
  public long requests() {
    return user.requests();
  }

  /** How many exchanges are in flight that began with a request of this requester's user. */
  public int inFlight() {
    return user.inFlight();
  }

  /** What it is called in messages. */
  @Override
  public String toString() {
    return name;
  }

  User user() {
    return user;
  }

  /** The user, or an exception if it is one of another scheduler. */
  User userOf(Mailbox[] expected) {
    if (mailboxes != expected) {
      throw new IllegalArgumentException(
          "requester: " + name + " of another scheduler, expected one of this");
    }
    return user;
  }

  private Staged staged(MailChain[] chains, Places places) {
    return new Staged(chains, places);
  }

  /**
   * Places that a burst has taken for requests that may come: the counters that all threads share
   * are touched once for many requests. Twice as many each time, so that a small burst holds few
   * for nothing.
   */
  private static final class Places {
    private static final int MOST_AT_ONCE = 64;

    private final User user;

    /** Where they are from; the same for all requests of a scheduler. */
    private PendingBound bound;

    private int free;
    private int next = 1;

    Places(User user) {
      this.user = user;
    }

    boolean take(PendingBound from) {
      bound = from;
      if (free > 0) {
        free--;
        return true;
      }
      next = Math.min(2 * next, MOST_AT_ONCE);
      if (!from.takeAhead(user, next)) {
        next = 1;
        return from.take(user);
      }
      free = next - 1;
      return true;
    }

    void giveBack() {
      next = 1;
      if (free > 0) {
        bound.giveBack(user, free);
        free = 0;
      }
    }
  }

  private final class Alone extends RequesterBurst {
    Alone() {
      super(Requester.this);
    }

    @Override
    boolean reserve(PendingBound bound) {
      return bound.take(user);
    }

    @Override
    boolean take(Mail request, Object system, Mailbox mailbox) {
      return mailbox.push(request);
    }

    @Override
    public RequesterBurst inBackground() {
      return Requester.this.inBackground().alone();
    }

    @Override
    public void end() {}
  }

  /** For each shard a chain of requests, pushed as one. Used by one thread. */
  private final class Staged extends RequesterBurst {
    private final MailChain[] chains;
    private final Places places;
    private Staged background;

    /** The system that was asked last, and the number of its shard. */
    private Object last;

    private int lastShard;
    private long deadlineNanos = Long.MAX_VALUE;

    Staged() {
      this(new MailChain[mailboxes.length], new Places(user));
    }

    /** What {@code foreground} is in the background: both end together. */
    Staged(MailChain[] chains, Places places) {
      super(Requester.this);
      this.chains = chains;
      this.places = places;
    }

    @Override
    public RequesterBurst inBackground() {
      if (isInBackground()) {
        return this;
      }
      if (background == null) {
        background = Requester.this.inBackground().staged(chains, places);
      }
      return background;
    }

    @Override
    public void deadline(long nanos) {
      deadlineNanos = nanos;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    boolean reserve(PendingBound bound) {
      return places.take(bound);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a system is told by identity
    boolean take(Mail request, Object system, Mailbox mailbox) {
      int shard = mailbox.shard();
      if (chains[shard] == null) {
        chains[shard] = new MailChain();
      }
      chains[shard].add(request, system != last);
      last = system;
      lastShard = shard;
      return true;
    }

    @Override
    public int endButLast() {
      places.giveBack();
      int kept = 0;
      for (int i = 0; i < chains.length; i++) {
        if (chains[i] != null && i == lastShard) {
          kept = chains[i].pushAllButRun(mailboxes[i]);
        } else if (chains[i] != null) {
          chains[i].pushInto(mailboxes[i]);
        }
      }
      return kept;
    }

    @Override
    public void end() {
      places.giveBack();
      for (int i = 0; i < chains.length; i++) {
        if (chains[i] != null) {
          chains[i].pushInto(mailboxes[i]);
        }
      }
    }
  }
}
