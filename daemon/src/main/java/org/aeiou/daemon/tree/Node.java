package org.aeiou.daemon.tree;

import org.aeiou.daemon.cache.Dependent;

/**
 * A place in the tree: a directory or a file. Immutable, with value equality: the same name found
 * twice is the same node.
 */
public interface Node extends Dependent {
  boolean isDirectory();

  /** Its name in the directory it is in; empty for the root. */
  String name();
}
