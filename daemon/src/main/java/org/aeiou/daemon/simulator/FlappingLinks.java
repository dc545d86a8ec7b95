package org.aeiou.daemon.simulator;

import java.time.Duration;
import java.util.List;

/**
 * Lets the first link of one agent after another go down, and come up again: a change of some agent
 * each time, for what is to be seen of traps.
 */
final class FlappingLinks implements AutoCloseable {
  private static final int INDEX = 1;

  private final List<SimulatedAgent> agents;
  private final long millis;
  private final Thread thread = new Thread(this::run, "simulated-links");

  FlappingLinks(List<SimulatedAgent> agents, Duration every) {
    this.agents = agents;
    this.millis = every.toMillis();
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      for (int i = 0; ; i = (i + 1) % (2 * agents.size())) {
        Thread.sleep(millis);
        // The trap says the state of before, so that only a reading shows the change.
        agents.get(i / 2).link(INDEX, i % 2 == 1, true);
      }
    } catch (InterruptedException e) {
      // The network is being closed.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
