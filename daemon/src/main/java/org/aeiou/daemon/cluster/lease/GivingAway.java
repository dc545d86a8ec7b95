package org.aeiou.daemon.cluster.lease;

import org.aeiou.daemon.cluster.member.Member;

/**
 * Which slots are given to other members: those that others are preferred for, once the members
 * have been the same for a while; all of them in a drain. Guarded by the lock of {@link Leases}.
 */
final class GivingAway {
  /** How many slots are being given away at a time, where members came or went; in a drain. */
  private static final int MOST = 16;

  private static final int MOST_DRAINING = 128;

  private final SlotLease[] leases;
  private final Campaign campaign;
  private final Turns turns;
  private Runnable drained;

  GivingAway(SlotLease[] leases, Campaign campaign, Turns turns) {
    this.leases = leases;
    this.campaign = campaign;
    this.turns = turns;
  }

  /**
   * From now on all slots are given away.
   *
   * @param done runs when none is left
   */
  void drain(Runnable done) {
    campaign.isDraining = true;
    drained = done;
  }

  boolean isDraining() {
    return campaign.isDraining;
  }

  void go(long now) {
    if (!isDraining() && !campaign.isSettled(now)) {
      return;
    }
    int room = isDraining() ? MOST_DRAINING : MOST;
    for (SlotLease lease : leases) {
      room -= lease.isGiving || lease.isReleasing ? 1 : 0;
    }
    for (int slot = 0; slot < leases.length && room > 0; slot++) {
      SlotLease lease = leases[slot];
      if (lease.held == null || lease.isGiving) {
        continue;
      }
      Member to = campaign.successor(slot);
      if (isDraining() || (to != null && lease.mayBeGivenAgain(now))) {
        lease.give(to, now);
        room--;
      }
    }
  }

  /** Says that nothing is left to give away, once. */
  void check() {
    if (drained == null) {
      return;
    }
    for (SlotLease lease : leases) {
      if (lease.isBusy()) {
        return;
      }
    }
    turns.later(drained);
    drained = null;
  }
}
