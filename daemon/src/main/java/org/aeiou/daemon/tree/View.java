package org.aeiou.daemon.tree;

/**
 * What reading a node does: each view is a tree of its own, and all three have the same names. In
 * each of them are, below {@code .class}, the trees that show one TTL class only.
 */
public enum View {
  /** A usable reading from the cache, else a fetch. */
  NORMAL(""),
  /** Only what is in the cache. */
  CACHED(".cached"),
  /** Always a fetch. */
  UNCACHED(".uncached");

  private final String directory;

  View(String directory) {
    this.directory = directory;
  }

  /** The directory of this tree below the root; empty for the root's own. */
  public String directory() {
    return directory;
  }
}
