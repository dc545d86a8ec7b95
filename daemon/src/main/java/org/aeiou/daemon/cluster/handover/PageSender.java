package org.aeiou.daemon.cluster.handover;

import com.google.common.base.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.aeiou.daemon.cluster.message.Frame;

/**
 * Sends what this member holds of slots, in turns: so much at a time that neither the thread nor
 * the broker is kept from anything else. Any thread may call any method.
 */
final class PageSender {
  /** About so much is sent at a turn. */
  private static final int TURN_BYTES = 128 << 10;

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** After this the broker may take more. */
  private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** What comes later than this is of little use: the new owner has asked for it. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** So many slots may wait to be sent. */
  private static final int MOST_JOBS = 8192;

  private final BiPredicate<String, Frame> toMember;
  private final HeldSystems systems;
  private final KeptLearned learned;
  private final Later later;
  private final Ticker ticker;
  private final HandoverCounters counters;

  // Guarded by this.
  private final Deque<Job> jobs = new ArrayDeque<>();
  private final Map<Wanted, Job> waiting = new HashMap<>();
  private boolean scheduled;

  private record Wanted(String member, int slot, boolean isAll) {}

  /** A slot that is sent to a member. Used by one thread at a time. */
  private static final class Job {
    private final Wanted wanted;
    private final long untilNanos;
    private Runnable then;
    private Iterator<HeldSystems.Held> systems;
    private boolean isEnded;
    private Queue<Pages.Sized> pages = new ArrayDeque<>();

    Job(Wanted wanted, long untilNanos, Runnable then) {
      this.wanted = wanted;
      this.untilNanos = untilNanos;
      this.then = then;
    }
  }

  PageSender(
      BiPredicate<String, Frame> toMember,
      HeldSystems systems,
      KeptLearned learned,
      Later later,
      Ticker ticker,
      HandoverCounters counters) {
    this.toMember = toMember;
    this.systems = systems;
    this.learned = learned;
    this.later = later;
    this.ticker = ticker;
    this.counters = counters;
  }

  /**
   * Sends what is held of a slot to a member.
   *
   * @param isAll whether the member need not ask others for it, and is told so in the end
   * @param then runs once all of it is sent, or was given up
   */
  void send(int slot, String member, boolean isAll, Runnable then) {
    Wanted wanted = new Wanted(member, slot, isAll);
    synchronized (this) {
      if (jobs.size() >= MOST_JOBS) {
        counters.pagesUnsent.increment();
      } else if (waiting.get(wanted) == null) {
        Job job = new Job(wanted, ticker.read() + MOST_NANOS, then);
        waiting.put(wanted, job);
        jobs.add(job);
        schedule(0);
        return;
      } else {
        Job job = waiting.get(wanted); // it has not begun: once is enough
        Runnable before = job.then;
        job.then =
            () -> {
              before.run();
              then.run();
            };
        return;
      }
    }
    then.run();
  }

  private synchronized void schedule(long nanos) {
    if (!scheduled && !jobs.isEmpty()) {
      scheduled = true;
      later.after(nanos, this::turn);
    }
  }

  private void turn() {
    long wait = TURN_NANOS;
    for (int bytes = 0; bytes < TURN_BYTES; ) {
      Job job = first();
      if (job == null) {
        break;
      }
      int sent = step(job);
      if (sent < 0) {
        wait = REFUSED_NANOS;
        break;
      }
      bytes += sent;
    }
    synchronized (this) {
      scheduled = false;
    }
    schedule(wait);
  }

  private synchronized Job first() {
    Job job = jobs.peek();
    if (job != null && job.systems == null) {
      waiting.remove(job.wanted);
    }
    return job;
  }

  /** Sends a page; returns how large it was, and -1 if it is to be tried again. */
  private int step(Job job) {
    if (job.systems == null) {
      job.systems = systems.of(job.wanted.slot).iterator();
    }
    while (job.pages.isEmpty() && job.systems.hasNext()) {
      HeldSystems.Held system = job.systems.next();
      int slot = job.wanted.slot;
      job.pages = Pages.of(slot, system, learned.line(slot, system.name()));
    }
    if (job.pages.isEmpty() && job.wanted.isAll && !job.isEnded) {
      job.isEnded = true;
      job.pages.add(Pages.end(job.wanted.slot));
    }
    Pages.Sized next = job.pages.peek();
    if (next == null) {
      end(job);
      return 1;
    }
    if (toMember.test(job.wanted.member, next.page())) {
      job.pages.remove();
      counters.pagesSent.increment();
      counters.readingsSent.add(next.page().readings().size());
      return next.bytes() + 1;
    }
    if (ticker.read() - job.untilNanos < 0) {
      return -1;
    }
    counters.pagesUnsent.increment();
    end(job);
    return 1;
  }

  private void end(Job job) {
    synchronized (this) {
      jobs.remove(job);
    }
    job.then.run();
  }
}
