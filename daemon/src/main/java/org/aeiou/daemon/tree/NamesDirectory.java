package org.aeiou.daemon.tree;

import java.util.List;

/**
 * The root, the root of another view, or a directory that systems with a slash in their names have
 * in common.
 *
 * @param prefix what the names of all systems below begin with: empty, or ending in a slash
 */
record NamesDirectory(Network network, View view, String prefix) implements Directory {

  @Override
  public MonitoredSystem system() {
    return null;
  }

  @Override
  public String name() {
    if (prefix.isEmpty()) {
      return view.directory();
    }
    return prefix.substring(prefix.lastIndexOf('/', prefix.length() - 2) + 1, prefix.length() - 1);
  }

  @Override
  public Node find(String name, Answers answers) {
    return network.find(view, prefix, name);
  }

  @Override
  public List<Named> list(Answers answers) {
    return network.list(view, prefix);
  }
}
