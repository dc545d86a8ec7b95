package org.aeiou.daemon.tree;

/**
 * Which of the three trees a node is in: they have the same names, and differ in what reading one
 * does.
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
