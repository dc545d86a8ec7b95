package org.aeiou.daemon.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cluster.handover.HeldSystems;
import org.aeiou.daemon.cluster.handover.Yielding;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.owner.OwnedSystem;
import org.aeiou.daemon.cluster.remote.RoutedQueue;

/**
 * The systems that are configured here, by name and by slot; asked by this process where it owns
 * their slot. Any thread may call any method.
 */
public final class SlotSystems implements HeldSystems, Yielding {
  private final Map<String, Routed> byName = new ConcurrentHashMap<>();
  private final Slots map;
  private final List<Slot> slots = new ArrayList<>();

  /** A system that may be asked here or elsewhere. */
  private record Routed(String name, RoutedQueue queue, ReadingCache cache) {
    Held held() {
      return new Held(name, cache, queue);
    }
  }

  /** The systems of a slot, guarded by itself. */
  private static final class Slot {
    final Map<String, Routed> systems = new HashMap<>();
    boolean isOwn;
  }

  /**
   * None yet.
   *
   * @param map in which slot each system is
   */
  public SlotSystems(Slots map) {
    this.map = map;
    for (int i = 0; i < map.count(); i++) {
      slots.add(new Slot());
    }
  }

  private Slot slotOf(String system) {
    return slots.get(map.of(system));
  }

  /** A system is configured from now on. */
  public void add(String system, RoutedQueue queue, ReadingCache cache) {
    Routed routed = new Routed(system, queue, cache);
    Slot slot = slotOf(system);
    synchronized (slot) {
      byName.put(system, routed);
      slot.systems.put(system, routed);
      if (slot.isOwn) {
        queue.own();
      }
    }
  }

  /** A system is configured no more, unless another queue has taken its place. */
  public void remove(String system, SystemQueue<Question, Value> queue) {
    Slot slot = slotOf(system);
    synchronized (slot) {
      Routed known = slot.systems.get(system);
      if (known != null && known.queue() == queue) {
        slot.systems.remove(system);
        byName.remove(system);
      }
    }
  }

  /** This process asks the systems of a slot from now on. */
  public void own(int number) {
    Slot slot = slots.get(number);
    synchronized (slot) {
      slot.isOwn = true;
      slot.systems.values().forEach(system -> system.queue().own());
    }
  }

  /** It does not any more; what is queued is asked of the next owner. */
  public void disown(int number) {
    Slot slot = slots.get(number);
    synchronized (slot) {
      slot.isOwn = false;
      slot.systems.values().forEach(system -> system.queue().disown());
    }
  }

  @Override
  public List<IntSupplier> stopAsking(int number) {
    Slot slot = slots.get(number);
    synchronized (slot) {
      List<IntSupplier> pending = new ArrayList<>();
      for (Routed system : slot.systems.values()) {
        system.queue().giveAway();
        pending.add(system.queue()::pendingHere);
      }
      return pending;
    }
  }

  /** Whether this process asks a system now. */
  public boolean isOwn(String system) {
    Routed routed = byName.get(system);
    return routed != null && routed.queue().isOwn();
  }

  /** How many systems this process asks. */
  public int owned() {
    int owned = 0;
    for (Slot slot : slots) {
      synchronized (slot) {
        owned += slot.isOwn ? slot.systems.size() : 0;
      }
    }
    return owned;
  }

  /**
   * As the owner answers others for it, without a queue where this process does not ask it; null if
   * there is none.
   */
  public OwnedSystem ownedNamed(String system) {
    Routed routed = byName.get(system);
    if (routed == null) {
      return null;
    }
    RoutedQueue queue = routed.queue();
    return new OwnedSystem(queue.isOwn() ? queue.owned() : null, routed.cache());
  }

  @Override
  public Held named(String system) {
    Routed routed = byName.get(system);
    return routed == null ? null : routed.held();
  }

  @Override
  public Collection<Held> of(int number) {
    Slot slot = slots.get(number);
    synchronized (slot) {
      return slot.systems.values().stream().map(Routed::held).toList();
    }
  }
}
