package org.aeiou.daemon.tree;

/**
 * A place in the tree: a directory or a file. Immutable, with value equality: the same name found
 * twice is the same node.
 */
public interface Node {
  boolean isDirectory();
}
