package org.aeiou.closures.attached;

import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.closures.Burst;

/** A burst that goes on with the next daemon, as another one there. Asked with by one thread. */
final class ReconnectingBurst implements Burst {
  final RequestOptions options;

  /** At the attachment that it was used with last; null if it was not. */
  private final AtomicReference<There> there = new AtomicReference<>();

  private record There(Attachment net, AttachedBurst burst) {}

  ReconnectingBurst(RequestOptions options) {
    this.options = options;
  }

  /** What it is at an attachment; any thread. */
  AttachedBurst of(Attachment net) {
    There now = there.get();
    while (now == null || now.net != net) {
      There next = new There(net, net.burst(options));
      now = there.compareAndSet(now, next) ? next : there.get();
    }
    return now.burst;
  }

  @Override
  public void end() {
    There now = there.get();
    if (now != null) {
      now.burst.end();
    }
  }
}
