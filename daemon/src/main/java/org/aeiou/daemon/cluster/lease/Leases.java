package org.aeiou.daemon.cluster.lease;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.lease.LeaseStore.Verdict;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Owner;

/**
 * The leases of all slots: which ones this member tries for, which ones it gives away, and by which
 * it may act.
 *
 * <p>It tries for a slot that no living member says it owns. The member that is preferred tries at
 * once, the others a little later each. A member that owns a slot that another one is preferred for
 * gives it away when the members have been the same for a while.
 *
 * <p>Any thread may call any method. All that decides is guarded by one lock; the store, the
 * listener and the other members are called without it, by one thread at a time and in the order in
 * which it was decided. {@link #writes} and {@link #reads} take no lock and make no object.
 *
 * <p>It is long because all that may change a lease comes in here, to be put in one order.
 */
public final class Leases implements Authority {
  /** Told of slots, by one thread at a time; must not wait. */
  public interface Listener {
    /** This member owns a slot from now on. {@link Members} know it already. */
    void acquired(int slot, Epoch epoch);

    /** It does not any more; {@link #acquired} was told before. */
    void lost(int slot, Epoch epoch);

    /**
     * A slot is to be given away. It is this member's until {@code done} is run: soon, from any
     * thread; after a second it is given away without.
     *
     * @param to which member is to get it; null if there is none
     */
    default void giving(int slot, Epoch epoch, Member to, Runnable done) {
      done.run();
    }
  }

  /** Why this member tries for slots, or not. */
  public enum Standing {
    /** It does. */
    CAMPAIGNS,
    /** It does not poll. */
    READS_ONLY,
    /** It polls, and knows no system. */
    NO_SYSTEMS,
    /** It gives away what it has. */
    DRAINS,
    /** Most pollers have another configuration. */
    OTHER_CONFIGURATION,
    /** There is no broker, or no bucket. */
    NO_STORE,
    /** The bucket is new: leases of the one before may be good still. */
    QUARANTINE,
    /** It was connected a moment ago, and listens which members there are. */
    LISTENS
  }

  final LeaseTimes times;
  final LeaseStore store;
  final LeaseCounters counters;
  private final Members members;
  private final Listener listener;
  private final ObjIntConsumer<Member> offers;
  private final HeldSlots held;
  private final Campaign campaign;
  private final Ticker ticker;
  private final MetricSet metrics = new MetricSet();

  // Guarded by the lock of the turns.
  private final Turns turns;
  private final SlotLease[] leases;
  private final GivingAway givingAway;
  private long steps;

  /**
   * Begins when the store is opened, and {@link #tick} is called.
   *
   * @param offers tells a member that a slot is given to it
   */
  public Leases(
      Members members,
      LeaseStore store,
      LeaseTimes times,
      Listener listener,
      ObjIntConsumer<Member> offers,
      SplittableRandom random,
      Ticker ticker) {
    this.members = members;
    this.store = store;
    this.times = times;
    this.listener = listener;
    this.offers = offers;
    this.ticker = ticker;
    this.counters = new LeaseCounters(metrics);
    int slots = members.slots().count();
    this.held = new HeldSlots(slots, ticker);
    this.leases = new SlotLease[slots];
    long now = ticker.read();
    this.turns = new Turns(ticker);
    this.campaign = new Campaign(members, times, random, now);
    this.givingAway = new GivingAway(leases, campaign, turns);
    for (int slot = 0; slot < slots; slot++) {
      leases[slot] = new SlotLease(this, slot, now);
    }
    members.say(Campaign.figure(), this::figureMillis);
    metrics.gauge("leases", Unit.COUNT, "Slots that this member owns.", () -> leases().size());
    members.listen(this::heard);
    store.listen(
        new LeaseStore.Listener() {
          @Override
          public void opened(long which, long ageNanos) {
            Leases.this.opened(which, ageNanos);
          }

          @Override
          public void closed() {
            turns.take(now -> campaign.closed());
          }

          @Override
          public void stepped(long millis) {
            Leases.this.stepped(millis);
          }
        });
  }

  // --- what acting threads call

  @Override
  public Epoch writes(int slot) {
    return held.writes(slot);
  }

  @Override
  public Epoch reads(int slot) {
    return held.reads(slot);
  }

  // --- what people want to know

  public MetricSet metrics() {
    return metrics;
  }

  /**
   * The lease of a slot that this member owns.
   *
   * @param leftNanos for how long it is good if it is not renewed; negative in an absence of the
   *     broker
   */
  public record Lease(int slot, Epoch epoch, long leftNanos) {}

  /** The leases of this member, by slot. */
  public List<Lease> leases() {
    long now = ticker.read();
    List<Lease> good = new ArrayList<>();
    for (int slot = 0; slot < held.slots(); slot++) {
      HeldSlots.Held lease = held.get(slot);
      if (lease != null) {
        good.add(new Lease(slot, lease.epoch, lease.deadline() - now));
      }
    }
    return good;
  }

  /** For how long no slot is tried for, since the bucket is new; 0 if it is not. */
  public long quarantineNanos() {
    synchronized (turns) {
      return campaign.quarantineNanos(ticker.read());
    }
  }

  public Standing standing() {
    synchronized (turns) {
      return campaign.standing(ticker.read());
    }
  }

  private long figureMillis() {
    synchronized (turns) {
      return campaign.figureMillis(ticker.read());
    }
  }

  // --- what happens

  /** To be called every {@link Members#TICK}, after that of the members. */
  public void tick() {
    turns.take(
        now -> {
          campaign.endQuarantine(now);
          look(now);
          givingAway.go(now);
        });
  }

  private void look(long now) {
    for (SlotLease lease : leases) {
      lease.look(now);
    }
  }

  /** What the broker is: while it is gone, reading goes on by the leases that were good then. */
  public void broker(Broker.State state) {
    turns.take(
        now -> {
          if (held.gone(state == Broker.State.GONE, now)) {
            look(now);
          }
        });
  }

  private void opened(long which, long ageNanos) {
    turns.take(
        now -> {
          held.gone(false, now);
          boolean isAnother = campaign.opened(which, ageNanos, now);
          if (isAnother) {
            counters.quarantines.increment();
          }
          for (SlotLease lease : leases) {
            lease.opened(isAnother, now);
            lease.look(now);
          }
          givingAway.check();
        });
  }

  private void stepped(long millis) {
    turns.take(
        now -> {
          counters.steps.increment();
          long forward = Math.max(0, TimeUnit.MILLISECONDS.toNanos(millis));
          steps += forward;
          for (SlotLease lease : leases) {
            lease.stepped(forward, now);
            lease.look(now);
          }
        });
  }

  /** A slot has another owner, or one that is suspect, or none. */
  private void heard(int slot) {
    turns.take(
        now -> {
          Owner owner = members.of(slot);
          SlotLease lease = leases[slot];
          if (owner != null
              && !owner.member().id().equals(campaign.selfId())
              && lease.held != null
              && owner.epoch().compareTo(lease.held.epoch) > 0) {
            lease.contradicted(now);
          }
          lease.look(now);
        });
  }

  /** A member released a slot, and wants this one to have it. */
  public void offered(int slot) {
    if (slot < 0 || slot >= leases.length) {
      return;
    }
    turns.take(
        now -> {
          counters.offered.increment();
          leases[slot].offered(now);
          leases[slot].look(now);
        });
  }

  /**
   * Gives all slots away, and tries for none any more.
   *
   * @param done runs when none is left, on any thread
   */
  public void drain(Runnable done) {
    members.drain();
    turns.take(
        now -> {
          givingAway.drain(done);
          givingAway.go(now);
          givingAway.check();
        });
  }

  /**
   * As {@link #drain}, without waiting for what is pending: the process ends.
   *
   * @param done runs when no lease is left that others would have to wait for
   */
  public void leave(Runnable done) {
    turns.take(
        now -> {
          givingAway.drain(done);
          for (SlotLease lease : leases) {
            lease.giveUp();
            lease.look(now);
          }
          givingAway.check();
        });
  }

  // --- what a lease asks, under the lock

  void verdict(SlotLease lease, long attempt, long which, long nonce, Verdict verdict) {
    turns.take(
        now -> {
          lease.verdict(attempt, which, nonce, verdict, now);
          if (givingAway.isDraining()) {
            givingAway.go(now);
          }
        });
  }

  Turns turns() {
    return turns;
  }

  GivingAway givingAway() {
    return givingAway;
  }

  HeldSlots held() {
    return held;
  }

  Campaign campaign() {
    return campaign;
  }

  /** By how much the clock of the store was set forward so far, in nanoseconds. */
  long steps() {
    return steps;
  }

  void own(SlotLease lease) {
    Epoch epoch = lease.held.epoch;
    int slot = lease.slot;
    held.set(slot, lease.held);
    turns.later(
        () -> {
          members.own(slot, epoch);
          listener.acquired(slot, epoch);
        });
  }

  void disown(SlotLease lease) {
    int slot = lease.slot;
    HeldSlots.Held before = held.set(slot, null);
    turns.later(
        () -> {
          members.disown(slot);
          listener.lost(slot, before.epoch);
        });
  }

  void giving(SlotLease lease, Member to) {
    HeldSlots.Held which = lease.held;
    turns.later(
        () ->
            listener.giving(
                lease.slot,
                which.epoch,
                to,
                () ->
                    turns.take(
                        now -> {
                          if (lease.held == which && lease.isGiving) {
                            lease.giveUp();
                            lease.look(now);
                          }
                        })));
  }

  void offer(SlotLease lease, Member to) {
    turns.later(() -> offers.accept(to, lease.slot));
  }
}
