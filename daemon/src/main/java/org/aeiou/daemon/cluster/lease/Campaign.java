package org.aeiou.daemon.cluster.lease;

import java.util.SplittableRandom;
import org.aeiou.daemon.cluster.lease.Leases.Standing;
import org.aeiou.daemon.cluster.member.Electorate;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Owner;

/**
 * Which slots this member may try for, and how soon. It tries for a slot that no living member says
 * it owns: the member that is preferred at once, the others a little later each. Guarded by the
 * lock of {@link Leases}.
 */
final class Campaign {
  /** After this share of a time to live without a word of the owner its lease may have ended. */
  private static final double MAY_HAVE_ENDED = 0.6;

  /** What a member says of itself that knows of a bucket before the one that is. */
  private static final String QUARANTINE = "quarantine_ms";

  private final Members members;
  private final LeaseTimes times;
  private final SplittableRandom random;
  private boolean isOpen;
  private long incarnation;
  private boolean wasOpen;

  /** Whether this bucket is the first that this process sees. */
  private boolean isFirst;

  private long quarantineUntil;
  private long listenUntil;
  boolean isDraining;
  private Electorate lookedAt;
  private boolean wasElected;
  private Electorate electorate;
  private Preference preference;

  Campaign(Members members, LeaseTimes times, SplittableRandom random, long now) {
    this.members = members;
    this.times = times;
    this.random = random;
    this.quarantineUntil = now;
    this.listenUntil = now;
  }

  /** What others must know, by the name under which they are told. */
  static String figure() {
    return QUARANTINE;
  }

  long figureMillis(long now) {
    return isFirst ? 0 : quarantineNanos(now) / 1_000_000;
  }

  boolean isOpen() {
    return isOpen;
  }

  void closed() {
    isOpen = false;
  }

  long incarnation() {
    return incarnation;
  }

  /**
   * The bucket was looked at.
   *
   * @return whether it is another one than before
   */
  boolean opened(long which, long ageNanos, long now) {
    boolean isAnother = !wasOpen || which != incarnation;
    if (isAnother) {
      isFirst = !wasOpen;
      quarantineUntil = now + Math.max(0, times.ttl() - (isFirst ? ageNanos : 0));
    }
    incarnation = which;
    wasOpen = true;
    isOpen = true;
    listenUntil = now + LeaseTimes.LISTENING;
    return isAnother;
  }

  /**
   * Where this process has seen no bucket before, and no member that is heard of has or owns a slot
   * by one, there was none: a cluster that begins need not wait for a time to live.
   */
  void endQuarantine(long now) {
    if (!isFirst
        || !isOpen
        || quarantineUntil - now <= 0
        || listenUntil + LeaseTimes.LISTENING - now > 0
        || members.largest(QUARANTINE) > 0) {
      return;
    }
    for (int slot = 0; slot < members.slots().count(); slot++) {
      Owner owner = members.of(slot);
      if (owner != null && owner.epoch().incarnation() != incarnation) {
        return;
      }
    }
    quarantineUntil = now;
  }

  long quarantineNanos(long now) {
    return Math.max(0, quarantineUntil - now);
  }

  Standing standing(long now) {
    if (!members.self().polls()) {
      return Standing.READS_ONLY;
    } else if (!members.self().hasVote()) {
      return Standing.NO_SYSTEMS;
    } else if (isDraining) {
      return Standing.DRAINS;
    } else if (!isOpen) {
      return Standing.NO_STORE;
    } else if (quarantineUntil - now > 0) {
      return Standing.QUARANTINE;
    } else if (listenUntil - now > 0) {
      return Standing.LISTENS;
    }
    return isElected() ? Standing.CAMPAIGNS : Standing.OTHER_CONFIGURATION;
  }

  @SuppressWarnings("ReferenceEquality") // each is made once; comparing them takes longer
  private boolean isElected() {
    Electorate now = members.electorate();
    if (now != lookedAt) {
      lookedAt = now;
      wasElected = now.has(selfId());
    }
    return wasElected;
  }

  String selfId() {
    return members.self().id();
  }

  /**
   * Whether a slot may be tried for.
   *
   * @param isReclaimed whether it was this member's until the broker went: it need not listen first
   * @param isOffered whether its owner has released it
   */
  boolean mayTry(int slot, boolean isReclaimed, boolean isOffered, long now) {
    Owner owner = members.of(slot);
    if (owner != null && !isOffered && !mayHaveEnded(owner)) {
      return false;
    }
    Standing standing = standing(now);
    return standing == Standing.CAMPAIGNS
        || (standing == Standing.LISTENS && isReclaimed && isElected());
  }

  private boolean mayHaveEnded(Owner owner) {
    String id = owner.member().id();
    return id.equals(selfId())
        || (owner.suspect() && members.silentNanos(id) > (long) (times.ttl() * MAY_HAVE_ENDED));
  }

  /** Whether members have been the same for long enough that slots move from one to the other. */
  boolean isSettled(long now) {
    return standing(now) == Standing.CAMPAIGNS
        && members.electorate().sinceNanos() + LeaseTimes.SETTLED - now <= 0;
  }

  /** The member, other than this one, that is to own a slot; null if it is this one, or none. */
  Member successor(int slot) {
    Member preferred = preference().of(slot);
    return preferred == null || preferred.id().equals(selfId()) ? null : preferred;
  }

  /** How long a slot must have been free before this member tries for it. */
  long waitNanos(int slot) {
    return rank(slot) * LeaseTimes.RANK;
  }

  /** How long after a refusal the next attempt is made. */
  long retryNanos(int slot) {
    return LeaseTimes.RETRY * (1 + Math.min(3, rank(slot))) - jitter(LeaseTimes.RETRY / 2);
  }

  long jitter(long most) {
    return random.nextLong(most + 1);
  }

  private int rank(int slot) {
    return Math.min(LeaseTimes.MOST_RANKS, preference().rank(selfId(), slot));
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private Preference preference() {
    Electorate now = members.electorate();
    if (now != electorate) {
      electorate = now;
      preference = new Preference(now, members.slots());
    }
    return preference;
  }
}
