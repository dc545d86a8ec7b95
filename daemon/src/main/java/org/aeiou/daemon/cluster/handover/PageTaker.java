package org.aeiou.daemon.cluster.handover;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;

/** Takes pages of other members into the caches. Any thread may call any method. */
final class PageTaker {
  /** So many readings may wait for the threads that own their systems. */
  private static final int MOST_WAITING = 500_000;

  private final HeldSystems systems;
  private final Slots slots;
  private final KeptLearned learned;
  private final HandoverCounters counters;
  private final AtomicInteger waiting = new AtomicInteger();

  PageTaker(HeldSystems systems, Slots slots, KeptLearned learned, HandoverCounters counters) {
    this.systems = systems;
    this.slots = slots;
    this.learned = learned;
    this.counters = counters;
  }

  void take(Frame.Page page) {
    counters.pagesReceived.increment();
    HeldSystems.Held system = systems.named(page.system());
    int size = page.readings().size();
    if (system == null || slots.of(page.system()) != page.slot()) {
      counters.pagesDropped.increment();
      return;
    }
    boolean isTooMuch = waiting.addAndGet(size) > MOST_WAITING;
    if (isTooMuch || !system.queue().run(() -> restore(system, page))) {
      waiting.addAndGet(-size);
      counters.pagesDropped.increment();
    }
  }

  /** On the thread that owns the system. */
  private void restore(HeldSystems.Held system, Frame.Page page) {
    waiting.addAndGet(-page.readings().size());
    if (page.learned() != null) {
      // Before the readings: rates go by how often the counters are renewed.
      learned.take(page.slot(), page.system(), page.learned());
    }
    int restored = 0;
    int useless = 0;
    for (Frame.Kept kept : page.readings()) {
      if (kept.outcome() instanceof Failure || kept.question() instanceof Question.Set) {
        useless++; // no member of this program holds such
        continue;
      }
      long keepNanos = TimeUnit.MILLISECONDS.toNanos(kept.keepMillis());
      if (system.cache().restore(kept.question(), kept.outcome(), keepNanos)) {
        restored++;
      }
    }
    counters.restored.add(restored);
    counters.useless.add(useless);
    counters.outdated.add(page.readings().size() - restored - useless);
  }
}
