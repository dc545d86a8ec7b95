package org.aeiou.daemon.tree;

/** A file that the daemon writes itself, anew at each read. */
public interface TextFile extends Node {

  @Override
  default boolean isDirectory() {
    return false;
  }

  /** The content now, with a newline at the end of each line. Never waits. */
  String text();
}
