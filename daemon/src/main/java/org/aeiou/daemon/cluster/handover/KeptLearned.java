package org.aeiou.daemon.cluster.handover;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.daemon.learned.LearnedSystems;

/**
 * What was learned of the systems of slots: the member that asked them last knows best. Any thread
 * may call any method.
 */
final class KeptLearned {
  private final LearnedSystems learned;
  private final HeldSystems systems;
  private final Shelf shelf;
  private final InstantSource clock;
  private final HandoverCounters counters;
  private final Map<Integer, Tenure> tenures = new ConcurrentHashMap<>();

  /**
   * When this member owned a slot.
   *
   * @param before until when it did the time before; null if it did not
   * @param until until when it did; null as long as it does
   */
  private record Tenure(Instant before, Instant until) {}

  KeptLearned(
      LearnedSystems learned,
      HeldSystems systems,
      Shelf shelf,
      InstantSource clock,
      HandoverCounters counters) {
    this.learned = learned;
    this.systems = systems;
    this.shelf = shelf;
    this.clock = clock;
    this.counters = counters;
  }

  /** This member owns a slot from now on: it goes by what was kept of it. */
  void acquired(int slot) {
    Tenure now =
        tenures.compute(slot, (s, was) -> new Tenure(was == null ? null : was.until(), null));
    shelf.get(key(slot), kept -> takeKept(kept, now.before()));
  }

  private void takeKept(byte[] kept, Instant before) {
    if (kept != null && !learned.takenOver(new String(kept, UTF_8), before)) {
      counters.learnedFailures.increment();
    }
  }

  /** This member does not own a slot any more. */
  void lost(int slot) {
    Instant now = clock.instant();
    tenures.computeIfPresent(
        slot, (s, was) -> was.until() == null ? new Tenure(was.before(), now) : was);
  }

  boolean isOwned(int slot) {
    Tenure tenure = tenures.get(slot);
    return tenure != null && tenure.until() == null;
  }

  private static String key(int slot) {
    return Integer.toString(slot);
  }

  /** Keeps what is known of a slot, if this member owns it. */
  void keep(int slot) {
    if (!isOwned(slot)) {
      return;
    }
    List<String> names = systems.of(slot).stream().map(HeldSystems.Held::name).toList();
    shelf.put(key(slot), learned.handedOver(names, clock.instant()).getBytes(UTF_8));
    counters.learnedKept.increment();
  }

  /** What this member learned of a system, for another one; null if it never asked it. */
  String line(int slot, String system) {
    Tenure tenure = tenures.get(slot);
    if (tenure == null) {
      return null;
    }
    return learned.handedOver(system, tenure.until() == null ? clock.instant() : tenure.until());
  }

  /** Takes over what another member learned of a system. */
  void take(int slot, String system, String line) {
    Tenure tenure = tenures.get(slot);
    learned.takenOver(system, line, tenure == null ? null : tenure.before());
  }
}
