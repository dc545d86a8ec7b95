package org.aeiou.daemon.tree;

/** A node below a system's directory: its system and its view are those of what it is in. */
interface InSystemDirectory extends SystemNode {
  Directory parent();

  @Override
  default MonitoredSystem system() {
    return parent().system();
  }

  @Override
  default View view() {
    return parent().view();
  }
}
