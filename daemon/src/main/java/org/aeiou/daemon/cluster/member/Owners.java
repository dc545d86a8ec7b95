package org.aeiou.daemon.cluster.member;

import java.util.function.IntConsumer;

/** Which member owns each slot, as this one has heard. Any thread; no method waits. */
public interface Owners {

  /** How many slots there are; the same at all members. */
  int slots();

  /** The owner; null if none is known. */
  Owner of(int slot);

  /** Tells of each slot whose owner is another one or suspect, from now on; must not wait. */
  void listen(IntConsumer slot);

  /** The slot of a system. */
  default int slotOf(String system) {
    return Slots.of(system, slots());
  }
}
