package org.aeiou.daemon.backend.snmp;

/**
 * How many values one response of an agent may carry, as learned from its tooBig. Any thread; what
 * a race loses is learned again from the next tooBig.
 */
final class WalkLimit {
  private volatile int cells = Integer.MAX_VALUE;

  int cells() {
    return cells;
  }

  /** The agent said tooBig to a request for {@code asked} values. */
  void tooBig(int asked) {
    cells = Math.min(cells, Math.max(1, asked / 2));
  }
}
