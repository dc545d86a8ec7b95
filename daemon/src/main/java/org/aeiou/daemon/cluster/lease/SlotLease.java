package org.aeiou.daemon.cluster.lease;

import org.aeiou.daemon.cluster.lease.LeaseStore.Verdict;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;

/**
 * The lease of one slot. All methods are called under the lock of {@link Leases}, which calls the
 * store and the listener after it let go.
 *
 * <pre>
 *   free ──create──▶ held ──renew──▶ held ──its deadline──▶ lost ──read──▶ free, or renewed, or another's
 *                      └──give──▶ given up ──release──▶ free
 * </pre>
 *
 * <p>The deadline counts from before an attempt was sent, never from its verdict. An attempt whose
 * outcome is not known, or that was refused where it should have been done, is settled by reading:
 * the value tells which attempt the store has, by a number that is used once. Until then the lease
 * is good for as long as it was. One attempt is in flight at a time. All of this is one state
 * machine, which is why it is one file.
 */
final class SlotLease {
  /** What is in flight. */
  private enum Attempt {
    NONE,
    CREATE,
    RENEW,
    READ,
    RELEASE
  }

  private final Leases all;
  final int slot;

  /** What acting threads see; null if not owned. */
  HeldSlots.Held held;

  /** What the store had last of this member; 0 if nothing. */
  private long revision;

  /** Up to which revision a release that was sent may take it away still. */
  private long releasedUpTo;

  private Attempt inFlight = Attempt.NONE;

  /** Counts attempts: a verdict of another one than that in flight is not looked at. */
  private long attempt;

  private final Sendings sendings = new Sendings();

  /** Whether an attempt of before may have been done, or be done later. */
  private boolean unsettled;

  /** Whether a key that is there may be of an attempt of this member that was given up. */
  private boolean doubtful;

  private long renewAt;
  private long tryAt;

  /** Since when this member may try for it. */
  private long freeSince;

  private boolean isFree;

  /** Whether it was this member's until its deadline: then it is tried for at once. */
  boolean reclaimed;

  /** Until when it counts as offered. */
  private long offeredUntil;

  private boolean isOffered;

  /** To which member it is given away; with {@link #isGiving} and null to none. */
  private Member successor;

  boolean isGiving;
  private long giveUntil;
  boolean isReleasing;
  private long notAgainBefore;

  SlotLease(Leases all, int slot, long now) {
    this.all = all;
    this.slot = slot;
    this.tryAt = now;
    this.notAgainBefore = now;
  }

  /** Whether it is in the way of a member that wants to have given everything away. */
  boolean isBusy() {
    return held != null || isReleasing || inFlight == Attempt.CREATE;
  }

  boolean isOffered(long now) {
    isOffered &= offeredUntil - now > 0;
    return isOffered;
  }

  void offered(long now) {
    isOffered = true;
    offeredUntil = now + LeaseTimes.OFFER;
    tryAt = now;
  }

  /** Looks at what time it is: ends what has run out, and begins what is due. */
  void look(long now) {
    if (held != null && held.deadline() - now <= 0 && !all.held().isGoodInAbsence(held)) {
      all.counters.ranOut.increment();
      reclaimed = true;
      lose();
      unsettled = true;
    }
    if (isGiving && giveUntil - now <= 0) {
      all.counters.impatient.increment();
      giveUp();
    }
    if (inFlight != Attempt.NONE || !all.campaign().isOpen()) {
      return;
    }
    if (unsettled) {
      if (tryAt - now <= 0) {
        send(Attempt.READ, now);
      }
    } else if (isReleasing) {
      if (revision == 0) {
        isReleasing = false;
        all.givingAway().check();
      } else {
        send(Attempt.RELEASE, now);
      }
    } else if (revision != 0) {
      if (renewAt - now <= 0) {
        send(Attempt.RENEW, now);
      }
    } else if (held == null) {
      campaign(now);
    } else if (held.deadline() - now > 0) {
      // Of a bucket that is no more. It is this member's until its deadline, and no other one's.
      send(Attempt.CREATE, now);
    }
  }

  private void campaign(long now) {
    if (!all.campaign().mayTry(slot, reclaimed, isOffered(now), now)) {
      isFree = false;
      return;
    }
    if (!isFree) {
      isFree = true;
      freeSince = now;
    }
    long wait = reclaimed || isOffered(now) ? 0 : all.campaign().waitNanos(slot);
    if (freeSince + wait - now <= 0 && tryAt - now <= 0) {
      send(Attempt.CREATE, now);
    }
  }

  private void send(Attempt kind, long now) {
    inFlight = kind;
    long number = ++attempt;
    long incarnation = all.campaign().incarnation();
    long wrote = 0;
    String value = null;
    if (kind == Attempt.CREATE || kind == Attempt.RENEW) {
      wrote = sendings.add(now, all.steps());
      value = Sendings.value(all.campaign().selfId(), wrote);
      renewAt = now + all.times.renewal() - all.campaign().jitter(all.times.renewal() / 8);
    }
    long nonce = wrote;
    long expected = revision;
    if (kind == Attempt.RELEASE) {
      releasedUpTo = revision;
    }
    String said = value;
    all.turns()
        .later(
            () -> {
              long timeout = all.times.timeout();
              switch (kind) {
                case CREATE ->
                    all.store.create(
                        slot, said, timeout, v -> all.verdict(this, number, incarnation, nonce, v));
                case RENEW ->
                    all.store.renew(
                        slot,
                        expected,
                        said,
                        timeout,
                        v -> all.verdict(this, number, incarnation, nonce, v));
                case READ ->
                    all.store.read(
                        slot, timeout, v -> all.verdict(this, number, incarnation, 0, v));
                case RELEASE ->
                    all.store.release(
                        slot, expected, timeout, v -> all.verdict(this, number, incarnation, 0, v));
                case NONE -> throw new IllegalStateException();
              }
            });
  }

  /** What became of the attempt in flight. */
  void verdict(long number, long incarnation, long nonce, Verdict verdict, long now) {
    if (number != attempt || inFlight == Attempt.NONE) {
      return;
    }
    Attempt kind = inFlight;
    inFlight = Attempt.NONE;
    if (incarnation != all.campaign().incarnation()) {
      look(now);
      return;
    }
    switch (kind) {
      case CREATE, RENEW -> written(kind, nonce, verdict, now);
      case READ -> read(verdict, now);
      case RELEASE -> released(verdict, now);
      case NONE -> throw new IllegalStateException();
    }
    look(now);
  }

  private void written(Attempt kind, long nonce, Verdict verdict, long now) {
    if (verdict instanceof Verdict.Stored stored) {
      (kind == Attempt.CREATE ? all.counters.created : all.counters.renewed).increment();
      doubtful = false;
      adopt(stored.revision(), nonce, now);
    } else if (verdict instanceof Verdict.Unknown) {
      all.counters.unknown.increment();
      unsettled = true;
      doubtful = true;
      tryAt = now;
    } else {
      all.counters.refused.increment();
      // A key that is there though this member never knew of it may be one of its own.
      unsettled = kind == Attempt.RENEW || held != null || doubtful;
      tryAt = unsettled ? now : now + all.campaign().retryNanos(slot);
    }
  }

  /** The store has this member's value at a revision, by an attempt of some time ago. */
  private void adopt(long stored, long nonce, long now) {
    revision = stored;
    unsettled = false;
    long deadline = sendings.end(nonce, all.times, all.steps());
    if (isReleasing || deadline - now <= 0) {
      renewAt = now;
      return;
    }
    if (held != null && held.epoch.incarnation() == all.campaign().incarnation()) {
      held.end(deadline);
      return;
    }
    if (held != null) {
      lose();
    }
    hold(new Epoch(all.campaign().incarnation(), stored), deadline);
  }

  private void hold(Epoch epoch, long deadline) {
    held = new HeldSlots.Held(epoch, deadline);
    isFree = false;
    isOffered = false;
    reclaimed = false;
    all.own(this);
  }

  private void read(Verdict verdict, long now) {
    long nonce =
        verdict instanceof Verdict.Found any
            ? Sendings.number(all.campaign().selfId(), any.value())
            : 0;
    if (nonce > 0 && verdict instanceof Verdict.Found found) {
      all.counters.settled.increment();
      unsettled = false;
      if (found.revision() == revision
          || found.revision() <= releasedUpTo
          || !sendings.remembers(nonce)) {
        // As before, or to be released still, or of a sending long ago: only a renewal tells.
        revision = found.revision();
      } else {
        adopt(found.revision(), nonce, now);
      }
      renewAt = now;
    } else if (verdict instanceof Verdict.Found || verdict instanceof Verdict.Absent) {
      unsettled = false;
      revision = 0;
      if (held != null) {
        all.counters.taken.increment();
        lose();
      }
      if (verdict instanceof Verdict.Found) {
        doubtful = false;
        reclaimed = false;
      }
      tryAt = now;
    } else {
      all.counters.unknown.increment();
      tryAt = now + LeaseTimes.RETRY;
    }
  }

  /** Acting threads see it no more, at once. */
  private void lose() {
    held = null;
    isGiving = false;
    all.disown(this);
  }

  /** Another member says that it owns it, by a later epoch. */
  void contradicted(long now) {
    if (held != null) {
      all.counters.taken.increment();
      lose();
      unsettled = true;
      tryAt = now;
    }
  }

  /** The bucket is there; it may be another one. */
  void opened(boolean isAnother, long now) {
    tryAt = now;
    renewAt = now;
    if (isAnother) {
      revision = 0;
      releasedUpTo = 0;
      unsettled = false;
      doubtful = false;
      isReleasing = false;
      attempt++;
      inFlight = Attempt.NONE;
    }
  }

  /** The clock by which keys end was set: what is held is renewed, and may have ended already. */
  void stepped(long forwardNanos, long now) {
    if (held != null) {
      held.end(held.deadline() - forwardNanos);
    }
    renewAt = now;
  }

  /**
   * Begins to give it away.
   *
   * @param to to which member; null if there is none
   */
  void give(Member to, long now) {
    isGiving = true;
    successor = to;
    giveUntil = now + LeaseTimes.PATIENCE;
    notAgainBefore = now + 3 * all.times.ttl();
    all.giving(this, to);
  }

  boolean mayBeGivenAgain(long now) {
    return notAgainBefore - now <= 0;
  }

  /** Nothing is pending there any more: stops, then releases. */
  void giveUp() {
    if (held != null) {
      isReleasing = true;
      lose();
    }
  }

  private void released(Verdict verdict, long now) {
    isReleasing = false;
    revision = 0;
    doubtful = verdict instanceof Verdict.Unknown;
    tryAt = now + all.campaign().retryNanos(slot);
    boolean done = verdict instanceof Verdict.Stored || verdict instanceof Verdict.Absent;
    (done ? all.counters.released : all.counters.unknown).increment();
    if (done && successor != null) {
      all.offer(this, successor);
    }
    successor = null;
    all.givingAway().check();
  }
}
