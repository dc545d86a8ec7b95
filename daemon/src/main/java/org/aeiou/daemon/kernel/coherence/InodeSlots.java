package org.aeiou.daemon.kernel.coherence;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.tree.Node;

/**
 * A set of inodes in one array, found by id or by node: open addressing, linear probing, no object
 * per entry. Guarded by its own monitor.
 */
final class InodeSlots {
  private static final int SMALLEST = 16;

  private final boolean byId;
  private Inode[] slots = new Inode[SMALLEST];
  private int size;

  InodeSlots(boolean byId) {
    this.byId = byId;
  }

  static int hashOf(long id) {
    // Fibonacci hashing: consecutive ids come to lie far apart.
    return (int) ((id * 0x9E3779B97F4A7C15L) >>> Integer.SIZE);
  }

  Inode find(long id) {
    int mask = slots.length - 1;
    for (int i = hashOf(id) & mask; ; i = (i + 1) & mask) {
      Inode inode = slots[i];
      if (inode == null || inode.id == id) {
        return inode;
      }
    }
  }

  Inode find(Node node, int hash) {
    int mask = slots.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      Inode inode = slots[i];
      if (inode == null || (inode.hash == hash && inode.node.equals(node))) {
        return inode;
      }
    }
  }

  List<Inode> all() {
    List<Inode> all = new ArrayList<>(size);
    for (Inode inode : slots) {
      if (inode != null) {
        all.add(inode);
      }
    }
    return all;
  }

  /** Adds an inode that is not there. */
  void add(Inode inode) {
    // At most half full: a search then ends after two slots on average.
    if (size + 1 > slots.length / 2) {
      resize(slots.length * 2);
    }
    place(inode);
    size++;
  }

  /** Removes an inode that is there. */
  void remove(Inode gone) {
    int mask = slots.length - 1;
    int hole = hashOf(gone) & mask;
    while (slots[hole] != gone) {
      hole = (hole + 1) & mask;
    }
    // An inode that is behind the hole only because its place was taken moves up (Knuth 6.4 R).
    slots[hole] = null;
    for (int i = (hole + 1) & mask; slots[i] != null; i = (i + 1) & mask) {
      int home = hashOf(slots[i]) & mask;
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        slots[hole] = slots[i];
        slots[i] = null;
        hole = i;
      }
    }
    size--;
    if (slots.length > SMALLEST && size < slots.length / 8) {
      resize(slots.length / 2);
    }
  }

  private int hashOf(Inode inode) {
    return byId ? hashOf(inode.id) : inode.hash;
  }

  private void place(Inode inode) {
    int mask = slots.length - 1;
    int i = hashOf(inode) & mask;
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = inode;
  }

  private void resize(int length) {
    Inode[] old = slots;
    slots = new Inode[length];
    for (Inode inode : old) {
      if (inode != null) {
        place(inode);
      }
    }
  }
}
