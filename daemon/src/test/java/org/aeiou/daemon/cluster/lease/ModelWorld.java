package org.aeiou.daemon.cluster.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;

/** A cluster on a time and a network that are models, and what must hold in it. */
final class ModelWorld {
  /** How long a slot may be without an owner while it is given away. */
  private static final long HANDED_OVER = TimeUnit.MILLISECONDS.toNanos(200);

  final ModelTime time = new ModelTime();
  final SplittableRandom random;
  final LeaseTimes times;
  final ModelBucket bucket;
  final Slots map;
  final int slots;
  private final long began;
  final List<ModelMember> members = new ArrayList<>();

  /** How often members tick. */
  long tick = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long something is pending in a slot that is given away. */
  long pending;

  /** How many of a thousand messages are lost, come twice, come late. */
  int lost;

  int twice;
  int late;

  /** When all that was delayed for long has come. */
  long lastLate;

  /** How many messages of members to members the server sent. */
  long carried;

  /** Sees what members tell all of themselves. */
  Consumer<MemberState> meter = state -> {};

  /** Whether it is looked after each event whether two own a slot: not where there are many. */
  boolean isChecked = true;

  /** How often a member became the owner of a slot. */
  long acquisitions;

  boolean trace;

  /** When something happened last that all members are disturbed by. */
  private long touched;

  private final long[] freeSince;
  final Map<Integer, Epoch> latest = new HashMap<>();

  /** What was wrong. */
  final List<String> wrong = new ArrayList<>();

  ModelWorld(long seed, int slots, Duration ttl) {
    this(seed, new Slots(slots), ttl);
  }

  ModelWorld(long seed, Slots map, Duration ttl) {
    this.random = new SplittableRandom(seed);
    this.map = map;
    this.slots = map.count();
    this.times = LeaseTimes.of(ttl);
    time.now = TimeUnit.HOURS.toNanos(1) + random.nextLong(1000);
    this.began = time.now;
    this.bucket = new ModelBucket(time, ttl.toNanos());
    this.freeSince = new long[slots];
  }

  ModelMember join(String id) {
    return join(id, Set.of(Role.POLL, Role.READ), "same");
  }

  ModelMember join(String id, Set<Role> roles, String digest) {
    return join(id, roles, "", digest);
  }

  ModelMember join(String id, Set<Role> roles, String site, String digest) {
    double rate = 1 + (random.nextInt(2001) - 1000) / 100_000.0; // up to 1 % fast or slow
    ModelMember member =
        new ModelMember(this, id, roles, site, digest, random.nextLong(1L << 60), rate);
    members.add(member);
    return member;
  }

  void run(Duration how) {
    time.runUntil(time.now + how.toNanos(), this::check);
  }

  // --- the network

  long delay() {
    if (random.nextInt(1000) < late) {
      long delay = random.nextLong(TimeUnit.SECONDS.toNanos(15));
      lastLate = Math.max(lastLate, time.now + delay);
      return delay;
    }
    return 50_000 + random.nextLong(1_000_000);
  }

  boolean loses() {
    return lost > 0 && random.nextInt(1000) < lost;
  }

  boolean duplicates() {
    return twice > 0 && random.nextInt(1000) < twice;
  }

  // --- what must hold

  /** The members that may write to systems of a slot; also those that are stopped. */
  List<ModelMember> writers(int slot) {
    return members.stream().filter(m -> m.isAlive && m.leases.writes(slot) != null).toList();
  }

  private void check() {
    if (!isChecked) {
      return;
    }
    for (int slot = 0; slot < slots; slot++) {
      ModelMember first = null;
      for (ModelMember member : members) {
        if (member.isAlive && member.leases.writes(slot) != null) {
          if (first != null) {
            wrong.add("%s: %s and %s own slot %d".formatted(at(), first.id, member.id, slot));
          }
          first = member;
        }
      }
      if (first != null) {
        freeSince[slot] = time.now;
      }
    }
  }

  /** How long a slot has had no owner. */
  private long freeNanos(int slot) {
    return time.now - freeSince[slot];
  }

  void note(String what) {
    if (trace) {
      System.out.printf("%8.3f %s%n", (time.now - began) / 1e9, what);
    }
  }

  void touch() {
    touched = time.now;
  }

  /**
   * A slot has no owner, nothing was written of it, and a member that may own it was well, for a
   * time to live and a second.
   */
  void findFree() {
    if (lost + late > 0 || !bucket.isUp) {
      return;
    }
    long limit = times.ttl() + TimeUnit.MILLISECONDS.toNanos(1100);
    for (int slot = 0; slot < slots; slot++) {
      long since = Math.max(Math.max(freeSince[slot], bucket.written(slot)), touched);
      for (ModelMember member : members) {
        if (member.mayOwn() && time.now - Math.max(since, member.wellSince()) > limit) {
          wrong.add(
              "%s: slot %d is free, and %s does not take it: it %s, and hears of %s"
                  .formatted(
                      at(), slot, member.id, member.leases.standing(), member.members.of(slot)));
        }
      }
    }
  }

  /** Nothing has happened for so long that each slot must have an owner. */
  void findUnowned() {
    for (int slot = 0; slot < slots; slot++) {
      if (writers(slot).isEmpty() && freeNanos(slot) > HANDED_OVER) {
        wrong.add(
            "%s: slot %d has no owner for %d ms"
                .formatted(at(), slot, freeNanos(slot) / 1_000_000));
      }
    }
  }

  /** Nothing has happened for so long that each slot must have the owner that is preferred. */
  void findUnbalanced() {
    for (int slot = 0; slot < slots; slot++) {
      List<ModelMember> owners = writers(slot);
      String preferred = null;
      for (ModelMember member : members) {
        if (member.mayOwn()) {
          preferred = new Preference(member.members.electorate(), map).of(slot).id();
        }
      }
      if (freeNanos(slot) > HANDED_OVER) {
        wrong.add("%s: slot %d has no owner any more".formatted(at(), slot));
      } else if (!owners.isEmpty()
          && owners.get(0).mayOwn()
          && !owners.get(0).id.equals(preferred)) {
        wrong.add(
            "%s: slot %d is owned by %s rather than %s"
                .formatted(at(), slot, owners.get(0).id, preferred));
      } else if (!owners.isEmpty() && owners.get(0).mayOwn() && isFar(owners.get(0), slot)) {
        wrong.add(
            "%s: slot %d of %s is owned by %s, which is elsewhere"
                .formatted(at(), slot, map.siteOf(slot), owners.get(0).id));
      }
    }
  }

  /** Whether a member is not at the site of a slot, and one that might own it is. */
  private boolean isFar(ModelMember owner, int slot) {
    String site = map.siteOf(slot);
    return !site.isEmpty()
        && !owner.isAt(site)
        && members.stream().anyMatch(member -> member.mayOwn() && member.isAt(site));
  }

  private String at() {
    return "%.3f s".formatted((time.now - began) / 1e9);
  }

  void acquired(int slot, Epoch epoch) {
    acquisitions++;
    Epoch before = latest.put(slot, epoch);
    if (before != null && epoch.compareTo(before) < 0) {
      wrong.add("slot " + slot + " was acquired by " + epoch + " after " + before);
    }
  }
}
