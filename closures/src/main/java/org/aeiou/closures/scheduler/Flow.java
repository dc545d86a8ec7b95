package org.aeiou.closures.scheduler;

/**
 * What one requester wants of one system: a flow, as in fair queueing (M. Shreedhar and G.
 * Varghese, SIGCOMM 1995). Used by the owner of the system only.
 */
final class Flow<K, V> {
  final Share<K, V> share;
  private final Line<K, V> interactive = new Line<>();
  private final Line<K, V> background = new Line<>();

  /** Requests that have no outcome yet. */
  int pending;

  Flow(Share<K, V> share) {
    this.share = share;
  }

  Line<K, V> line(boolean ofInteractive) {
    return ofInteractive ? interactive : background;
  }
}
