package org.aeiou.daemon.kernel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers for delayed closures, which run on whatever thread: as many as run at the same time, of
 * which a few are kept.
 */
final class ReplyBuffers {
  private static final int KEPT = 8;

  private final ConcurrentLinkedQueue<Reply> idle = new ConcurrentLinkedQueue<>();
  private final AtomicInteger idleCount = new AtomicInteger();

  Reply take() {
    Reply reply = idle.poll();
    if (reply == null) {
      return new Reply();
    }
    idleCount.decrementAndGet();
    return reply.clear();
  }

  void give(Reply reply) {
    if (idleCount.incrementAndGet() <= KEPT) {
      idle.add(reply);
    } else {
      idleCount.decrementAndGet();
    }
  }
}
