package org.aeiou.daemon.cluster.member;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/**
 * Which member owns each slot, out of what all of them say. Written under the lock of {@link
 * Members}, read without.
 */
final class OwnerTable {
  private final Slots slots;
  private final AtomicReferenceArray<Owner> owners;
  private final List<IntConsumer> listeners = new CopyOnWriteArrayList<>();

  /** What this member owns. */
  final Map<Integer, Epoch> mine = new HashMap<>();

  OwnerTable(Slots slots) {
    this.slots = slots;
    this.owners = new AtomicReferenceArray<>(slots.count());
  }

  Slots slots() {
    return slots;
  }

  Owner of(int slot) {
    return owners.get(slot);
  }

  void listen(IntConsumer listener) {
    listeners.add(listener);
  }

  void tell(int slot) {
    listeners.forEach(listener -> listener.accept(slot));
  }

  /**
   * The owner is the member whose epoch is the latest.
   *
   * @return whether that is another one than before, or its being suspect is
   */
  boolean decide(int slot, Member self, Collection<Known> others, long now) {
    Epoch latest = mine.get(slot);
    Member owner = latest == null ? null : self;
    boolean suspect = false;
    for (Known known : others) {
      Epoch epoch = known.state.slots().get(slot);
      if (epoch != null && (latest == null || epoch.compareTo(latest) > 0)) {
        latest = epoch;
        owner = known.state.member();
        suspect = known.suspect;
      }
    }
    Owner before = owners.get(slot);
    if (owner == null) {
      owners.set(slot, null);
      return before != null;
    }
    boolean same =
        before != null && before.member().id().equals(owner.id()) && before.epoch().equals(latest);
    owners.set(slot, new Owner(owner, latest, same ? before.sinceNanos() : now, suspect));
    return !same || before.suspect() != suspect;
  }
}
