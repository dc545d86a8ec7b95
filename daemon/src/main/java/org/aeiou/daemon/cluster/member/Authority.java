package org.aeiou.daemon.cluster.member;

/** What this process may do. Any thread; no method waits or takes a lock. */
public interface Authority {

  /**
   * The ownership of a slot by which this process may ask systems and write to them now; null if it
   * may not. To be looked at before each act: it ends by itself.
   */
  Epoch writes(int slot);

  /**
   * The ownership by which this process may read from systems now; null if it may not. As {@link
   * #writes}; also where no broker is left that could make another one the owner.
   */
  Epoch reads(int slot);
}
