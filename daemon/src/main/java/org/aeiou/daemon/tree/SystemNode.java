package org.aeiou.daemon.tree;

/** A node that may belong to a system, as one of the views shows it. */
public interface SystemNode extends Node {

  /** The system that its questions go to; null if it never has any. */
  MonitoredSystem system();

  View view();
}
