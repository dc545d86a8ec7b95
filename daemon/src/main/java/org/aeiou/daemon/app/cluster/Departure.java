package org.aeiou.daemon.app.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.cluster.lease.Leases;
import org.aeiou.daemon.cluster.member.Members;

/** Gives away what this member owns. The thread that asks for it waits, within bounds. */
record Departure(Leases leases, Members members) {
  /** How long an operator waits for a drain. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long releases may take at an end that is not orderly any more. */
  private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** Gives away what this member owns, and takes no more; the answer to that order. */
  String drain() {
    if (!members.self().polls()) {
      return OrderHandler.REFUSED
          + "\nnot drained: this member only reads, and has no systems to give away; end it, if it"
          + " is to go\n";
    }
    int slots = leases.leases().size();
    if (slots > 0 && isAlone(members)) {
      return OrderHandler.REFUSED
          + ("\nnot drained: no other member polls that could take its %d slots, and reads would"
                  + " fail; start one first, or end this one\n")
              .formatted(slots);
    }
    CountDownLatch drained = new CountDownLatch(1);
    leases.drain(drained::countDown);
    try {
      if (drained.await(DRAIN_NANOS, TimeUnit.NANOSECONDS)) {
        return OrderHandler.DONE
            + "\ndrained: %d of %d slots were given away\n"
                .formatted(slots, members.slots().count());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return OrderHandler.REFUSED
        + "\nnot drained yet: %d of %d slots are still to be given away; it goes on\n"
            .formatted(leases.leases().size(), slots);
  }

  /** Whether no other member is heard of that may be given slots. */
  static boolean isAlone(Members members) {
    return members.all().stream()
        .noneMatch(
            seen ->
                !seen.isSelf()
                    && !seen.suspect()
                    && !seen.state().draining()
                    && seen.state().member().polls());
  }

  /** Leaves; waits for what is given away, for so long at the most. */
  void leave(long nanos) {
    CountDownLatch left = new CountDownLatch(1);
    leases.drain(left::countDown);
    try {
      if (!left.await(nanos, TimeUnit.NANOSECONDS)) {
        CountDownLatch released = new CountDownLatch(1);
        leases.leave(released::countDown);
        var unused = released.await(LAST_NANOS, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
