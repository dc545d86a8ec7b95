package org.aeiou.daemon.tree;

import org.aeiou.daemon.catalogue.TtlClass;

/**
 * A node below a system's directory: its system and its tree are those of what it is in. It equals
 * a node of its class with an equal parent and key. Its hash is computed once, since a node is
 * looked up in many maps.
 */
abstract class NodeBelow<P extends Directory> implements SystemNode {
  private final P parent;
  private final int hash;

  // Those of all that it is in, kept here as well: on the way of a miss, which asks for them often,
  // each step up would be a look into memory that no cache of the processor holds.
  private final MonitoredSystem system;
  private final View view;

  /**
   * A node.
   *
   * @param name whose hash is the key's
   */
  NodeBelow(P parent, String name) {
    this.parent = parent;
    this.system = parent.system();
    this.view = parent.view();
    this.hash = 31 * parent.hashCode() + name.hashCode();
  }

  /** What tells it from others in its parent. */
  abstract Object key();

  final P parent() {
    return parent;
  }

  @Override
  public final MonitoredSystem system() {
    return system;
  }

  @Override
  public final View view() {
    return view;
  }

  @Override
  public final TtlClass only() {
    return parent.only();
  }

  @Override
  public final boolean equals(Object other) {
    return this == other
        || (other instanceof NodeBelow<?> that
            && hash == that.hash
            && getClass() == that.getClass()
            && key().equals(that.key())
            && parent.equals(that.parent));
  }

  @Override
  public final int hashCode() {
    return hash;
  }

  /** The path from the system on, the same in each tree. */
  @Override
  public final String toString() {
    return parent + "/" + name();
  }
}
