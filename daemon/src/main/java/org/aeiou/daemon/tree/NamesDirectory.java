package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.daemon.catalogue.TtlClass;

/**
 * The root, the root of another tree of the same systems, or a directory that systems with a slash
 * in their names have in common.
 *
 * @param prefix what the names of all systems below begin with: empty, or ending in a slash
 */
record NamesDirectory(Network network, View view, TtlClass only, String prefix)
    implements Directory {

  @Override
  public MonitoredSystem system() {
    return null;
  }

  @Override
  public String name() {
    if (prefix.isEmpty()) {
      return only == null ? view.directory() : ClassesDirectory.name(only);
    }
    return prefix.substring(prefix.lastIndexOf('/', prefix.length() - 2) + 1, prefix.length() - 1);
  }

  @Override
  public Node find(String name, Answers answers) {
    return network.find(this, name);
  }

  @Override
  public List<Named> list(Answers answers) {
    return network.list(this);
  }
}
