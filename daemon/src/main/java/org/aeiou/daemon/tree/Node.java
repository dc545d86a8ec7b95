package org.aeiou.daemon.tree;

import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.endpoint.RowNames;

/**
 * A place in the tree: a directory or a file. Immutable, with value equality: the same name found
 * twice is the same node.
 */
public interface Node extends Dependent {
  boolean isDirectory();

  /** Its name in the directory it is in; empty for the root. */
  String name();

  /**
   * Where it comes in the listing of its directory: higher numbers are listed later, up to {@link
   * #MOST_ORDER}; 0 if that is not known. Stays the same when others come and go, as a rule.
   */
  default int order() {
    return 0;
  }

  /** The highest {@link #order} there is. */
  int MOST_ORDER = RowNames.MOST_ORDER;
}
