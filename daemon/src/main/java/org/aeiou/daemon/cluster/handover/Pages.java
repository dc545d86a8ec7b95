package org.aeiou.daemon.cluster.handover;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.message.Frame;

/** What is held of one system, as pages of a bounded size. */
final class Pages {
  /** By the estimate of what it takes in memory, which is more than on the way. */
  static final int PAGE_BYTES = 64 << 10;

  /** What a question and the times of its answer take. */
  private static final int ENTRY_BYTES = 48;

  private Pages() {}

  /**
   * The pages of a system, each with about how many bytes it has.
   *
   * @param learned goes with the first; null if nothing is known
   */
  static Queue<Sized> of(int slot, HeldSystems.Held system, String learned) {
    Packing packing = new Packing(slot, system.name(), learned);
    system.cache().eachOfUse(packing::add);
    packing.end();
    return packing.pages;
  }

  /** The page that says that all of a slot was sent: of no system. */
  static Sized end(int slot) {
    return new Sized(new Frame.Page(slot, "", List.of(), null), 0);
  }

  static boolean isEnd(Frame.Page page) {
    return page.system().isEmpty();
  }

  /** A page, and about how large it is. */
  record Sized(Frame.Page page, int bytes) {}

  private static final class Packing {
    private final Queue<Sized> pages = new ArrayDeque<>();
    private final int slot;
    private final String system;
    private List<Frame.Kept> readings = new ArrayList<>();
    private String learned;
    private long bytes;

    Packing(int slot, String system, String learned) {
      this.slot = slot;
      this.system = system;
      this.learned = learned;
    }

    void add(Question question, Outcome<Value> held, long keepNanos) {
      Outcome<Value> outcome = question instanceof Question.Sample ? sampled(held) : held;
      if (outcome == null) {
        return;
      }
      readings.add(new Frame.Kept(question, outcome, TimeUnit.NANOSECONDS.toMillis(keepNanos)));
      bytes += ENTRY_BYTES;
      bytes += outcome instanceof Reading<Value> reading ? reading.value().bytes() : 0;
      if (bytes >= PAGE_BYTES) {
        end();
      }
    }

    /** A rate is made anew where it is received, from the sample that it was made of here. */
    private static Outcome<Value> sampled(Outcome<Value> held) {
      Derived derived = Derived.of(held);
      if (derived == null) {
        return held;
      }
      CounterSample sample = derived.lastSample();
      return sample == null ? null : ((Reading<Value>) held).with(sample);
    }

    void end() {
      if (!readings.isEmpty() || learned != null) {
        Frame.Page page = new Frame.Page(slot, system, readings, learned);
        pages.add(new Sized(page, (int) Math.min(bytes, Integer.MAX_VALUE)));
        readings = new ArrayList<>();
        learned = null;
        bytes = 0;
      }
    }
  }
}
