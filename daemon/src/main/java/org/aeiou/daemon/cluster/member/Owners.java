package org.aeiou.daemon.cluster.member;

import java.util.function.IntConsumer;

/** Which member owns each slot, as this one has heard. Any thread; no method waits. */
public interface Owners {

  /** In which slot each system is. */
  Slots slots();

  /** The owner; null if none is known. */
  Owner of(int slot);

  /** Tells of each slot whose owner is another one or suspect, from now on; must not wait. */
  void listen(IntConsumer slot);

  /**
   * Why no other member can be asked for what is in a slot: it, or where none is known most of
   * those that poll, put systems into other slots than this one. Null if that is not so.
   */
  default String mismatch(int slot) {
    Owner owner = of(slot);
    return owner == null || slots().isSame(owner.member().map())
        ? null
        : mismatch(owner.member().name());
  }

  /** The same of a member that puts systems into other slots. */
  static String mismatch(String member) {
    return "its poller "
        + member
        + " puts systems into other slots: make 'slots' and 'sites' below 'cluster' equal, and"
        + " start this member anew";
  }

  /** The slot of a system. */
  default int slotOf(String system) {
    return slots().of(system);
  }
}
