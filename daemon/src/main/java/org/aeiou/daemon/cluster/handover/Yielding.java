package org.aeiou.daemon.cluster.handover;

import java.util.List;
import java.util.function.IntSupplier;

/** Stops asking systems before their slot is given away. Any thread may call; none waits. */
@FunctionalInterface
public interface Yielding {
  /**
   * What is new is asked of the next owner from now on; what is pending here goes on.
   *
   * @return for each system of the slot how much is pending
   */
  List<IntSupplier> stopAsking(int slot);
}
