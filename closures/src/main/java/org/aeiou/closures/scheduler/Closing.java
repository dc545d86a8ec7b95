package org.aeiou.closures.scheduler;

/** The news that a system is taken out. */
final class Closing extends Mail {
  private final ShardQueue<?, ?> queue;

  Closing(ShardQueue<?, ?> queue) {
    this.queue = queue;
  }

  @Override
  void receive() {
    queue.stop();
  }
}
