package org.aeiou.daemon.kernel.coherence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.aeiou.daemon.tree.Node;

/**
 * Which node ids the kernel knows, what each stands for, and how many look-ups it has to give back
 * for each.
 *
 * <p>An inode is in the table as long as its look-ups are not 0. It is found by its id and, unless
 * another one {@linkplain #retire retired} it, by its node, in two arrays of shards. The shard of
 * the node guards the count; an inode enters and leaves both arrays with that shard's monitor held,
 * and the shard of the id is only ever taken inside it or alone. Inodes that were retired and not
 * given back yet, of which there are few, are in a map beside the arrays: programs that have them
 * open are told of changes as well.
 */
public final class InodeTable {
  public static final long ROOT_ID = 1;

  /** Of an inode's number, below the 26 bits that say where it comes in its directory. */
  private static final int HASH_BITS = 37;

  private static final int SHARD_BITS = 6;
  static final int SHARDS = 1 << SHARD_BITS;

  /** What an inode takes with its node and its name; measured. */
  private static final int INODE_BYTES = 168;

  private final InodeSlots[] byNode = new InodeSlots[SHARDS];
  private final InodeSlots[] byId = new InodeSlots[SHARDS];

  /** Unmodifiable lists; each changes with the monitor of its node's shard held. */
  private final Map<Node, List<Inode>> retired = new ConcurrentHashMap<>();

  private final AtomicLong lastId = new AtomicLong(ROOT_ID);
  private final AtomicLong size = new AtomicLong();

  /** What all inodes take, by estimate. */
  private final AtomicLong bytes = new AtomicLong();

  private final Inode root;
  private volatile Consumer<Inode> departures = inode -> {};

  public InodeTable(Node root) {
    for (int i = 0; i < byNode.length; i++) {
      byNode[i] = new InodeSlots(false);
      byId[i] = new InodeSlots(true);
    }
    this.root = new Inode(ROOT_ID, ROOT_ID, null, root, spread(root.hashCode()));
    this.root.lookups = 1;
    enter(shard(byNode, this.root.hash), this.root);
  }

  /**
   * From now on this is told of inodes that were polled or written and leave the table. Called with
   * a monitor of the table held: it must not come back to it.
   */
  void listen(Consumer<Inode> departures) {
    this.departures = departures;
  }

  public Inode root() {
    return root;
  }

  /** The inode of an id; null if the kernel does not know it. */
  public Inode get(long id) {
    InodeSlots shard = shard(byId, InodeSlots.hashOf(id));
    synchronized (shard) {
      return shard.find(id);
    }
  }

  /** Counts one look-up of a node; the first one makes its inode. */
  public Inode lookUp(Node node, Inode parent, String name) {
    int hash = spread(node.hashCode());
    InodeSlots shard = shard(byNode, hash);
    synchronized (shard) {
      Inode inode = shard.find(node, hash);
      if (inode == null) {
        inode = make(node, hash, parent, name);
        enter(shard, inode);
      }
      inode.lookups++;
      return inode;
    }
  }

  /** The inode that stands for a node; null if the kernel does not know one. Counts nothing. */
  Inode find(Node node) {
    int hash = spread(node.hashCode());
    InodeSlots shard = shard(byNode, hash);
    synchronized (shard) {
      return shard.find(node, hash);
    }
  }

  /**
   * All that the kernel knows a node by: the one that stands for it, and those that did before and
   * may be open still.
   */
  List<Inode> all(Node node) {
    int hash = spread(node.hashCode());
    InodeSlots shard = shard(byNode, hash);
    synchronized (shard) {
      Inode current = shard.find(node, hash);
      List<Inode> before = retired.getOrDefault(node, List.of());
      if (current == null) {
        return before;
      }
      return before.isEmpty() ? List.of(current) : with(before, current);
    }
  }

  /**
   * The directory that the kernel finds an inode in now; null if it knows none. It may have given
   * back the one that the inode was found in first, and looked that up again.
   */
  Inode parent(Inode inode) {
    return find(inode.parent.node);
  }

  /**
   * Lets an inode stand for its node no longer: the next look-up of that finds another one. This
   * one stays until the kernel has given back its look-ups. False if it did not.
   */
  boolean retire(Inode inode) {
    InodeSlots shard = shard(byNode, inode.hash);
    synchronized (shard) {
      // The root has no name to find another one by; one without look-ups is not there any more.
      if (inode.retired || inode.lookups == 0 || inode == root) {
        return false;
      }
      shard.remove(inode);
      inode.retired = true;
      retired.merge(inode.node, List.of(inode), (before, one) -> with(before, inode));
      return true;
    }
  }

  private static List<Inode> with(List<Inode> some, Inode another) {
    List<Inode> all = new ArrayList<>(some);
    all.add(another);
    return List.copyOf(all);
  }

  private void forgetRetired(Inode gone) {
    retired.computeIfPresent(
        gone.node,
        (node, before) -> {
          List<Inode> left = before.stream().filter(inode -> inode != gone).toList();
          return left.isEmpty() ? null : left;
        });
  }

  private Inode make(Node node, int hash, Inode parent, String name) {
    return new Inode(
        lastId.incrementAndGet(), ino(parent.ino, name, node.order()), parent, node, hash);
  }

  /**
   * Gives look-ups back; the last one takes the inode out. The root's are not counted.
   *
   * @param count unsigned
   * @return false if there were fewer, or no such inode
   */
  public boolean forget(long id, long count) {
    if (id == ROOT_ID) {
      return true;
    }
    Inode inode = get(id);
    if (inode == null) {
      return false;
    }
    InodeSlots shard = shard(byNode, inode.hash);
    synchronized (shard) {
      if (inode.lookups == 0) {
        return false;
      }
      boolean enough = Long.compareUnsigned(count, inode.lookups) <= 0;
      inode.lookups -= enough ? count : inode.lookups;
      if (inode.lookups == 0) {
        if (inode.retired) {
          forgetRetired(inode);
        } else {
          shard.remove(inode);
        }
        InodeSlots ids = shard(byId, InodeSlots.hashOf(id));
        synchronized (ids) {
          ids.remove(inode);
        }
        size.decrementAndGet();
        bytes.addAndGet(-INODE_BYTES - inode.gone());
        if (inode.polled || inode.written) {
          departures.accept(inode);
        }
      }
      return enough;
    }
  }

  /** What inodes take in bytes, with what the kernel was told of them; by estimate. */
  public long bytes() {
    return bytes.get();
  }

  /** Lets an inode keep something else than before; with its monitor held. */
  void keep(Inode inode, KernelCached cached) {
    bytes.addAndGet(inode.keep(cached));
  }

  /** The inodes of one of {@link #SHARDS} parts of the table. */
  List<Inode> some(int part) {
    synchronized (byId[part]) {
      return byId[part].all();
    }
  }

  /** How many inodes there are, the root included. */
  public long size() {
    return size.get();
  }

  /**
   * The number that stat shows for a name in a directory. Computed, not counted, so that a listing
   * shows the same one without a look-up, also tomorrow. In the upper bits is where the name comes
   * in its directory, as programs that read a whole directory (cp -r) read in this order: what they
   * read next can be told. Two names with the same place, one of a hundred thousand directories
   * each, get the same one with a probability of 4 in 100; two given ones with 7 in 10¹².
   *
   * @param order the node's {@link Node#order}
   */
  public static long ino(long parentIno, String name, int order) {
    long hash = parentIno * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < name.length(); i++) {
      // FNV-1a, with the characters of the name for bytes …
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    // … and MurmurHash3's last steps, which spread them over all 64 bits.
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    // Not negative, for programs that take it for a signed number; 0 is nothing and 1 the root.
    hash = (hash ^ (hash >>> 33)) & Long.MAX_VALUE;
    if (order > 0) {
      return (long) order << HASH_BITS | (hash & ((1L << HASH_BITS) - 1));
    }
    return hash <= ROOT_ID ? hash + 2 : hash;
  }

  private void enter(InodeSlots nodes, Inode inode) {
    synchronized (nodes) {
      nodes.add(inode);
      InodeSlots ids = shard(byId, InodeSlots.hashOf(inode.id));
      synchronized (ids) {
        ids.add(inode);
      }
      size.incrementAndGet();
      bytes.addAndGet(INODE_BYTES);
    }
  }

  /** The upper bits of the hash: the lower ones choose the slot in the shard. */
  private static InodeSlots shard(InodeSlots[] shards, int hash) {
    return shards[hash >>> (Integer.SIZE - SHARD_BITS)];
  }

  private static int spread(int hash) {
    int spread = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    return spread ^ (spread >>> 13);
  }
}
