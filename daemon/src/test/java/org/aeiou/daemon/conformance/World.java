package org.aeiou.daemon.conformance;

import java.io.IOException;
import java.util.List;

/** The daemon and its network, as a case lets things happen to them. */
public interface World {
  /**
   * A system that no case has used yet, and that answers.
   *
   * @param name how a case calls it
   */
  String system(String name);

  /**
   * Something happens.
   *
   * @param orders the same for each client, with the names of its own systems
   * @return for each of them what was to be so, and is not; empty if it is
   */
  List<String> happen(List<String> orders) throws IOException, InterruptedException;

  /** Makes good what a case did to the daemon. */
  void restore() throws IOException, InterruptedException;
}
