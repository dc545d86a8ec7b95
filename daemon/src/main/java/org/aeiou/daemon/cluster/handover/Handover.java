package org.aeiou.daemon.cluster.handover;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.learned.LearnedSystems;

/**
 * Hands over what is known of the systems of a slot to the member that owns it from now on. Any
 * thread may call any method; none waits.
 */
public final class Handover {
  /** How often what was learned of a slot is kept, while it is owned. */
  private static final long KEEP_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** What was given so lately need not be given once more. */
  private static final long GIVEN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final HandoverCounters counters = new HandoverCounters();
  private final Predicate<Frame> toAll;
  private final Later later;
  private final Ticker ticker;
  private final Slots slots;
  private final KeptLearned learned;
  private final PageSender sender;
  private final PageTaker taker;
  private final GivingAway giving;

  /** Slots that are owned, or were: what was learned of them is kept now and then. */
  private final Set<Integer> looked = ConcurrentHashMap.newKeySet();

  /** When all that is known was given, by slot. */
  private final Map<Integer, Long> given = new ConcurrentHashMap<>();

  /**
   * For the systems that are configured here.
   *
   * @param toMember sends a frame to the member with an id; false if it was dropped
   * @param toAll sends a frame to all others
   * @param yielding stops asking the systems of a slot
   * @param slots in which slot each system is
   * @param shelf where what was learned outlives its owner
   * @param later a thread that does not answer requests
   */
  public Handover(
      BiPredicate<String, Frame> toMember,
      Predicate<Frame> toAll,
      HeldSystems systems,
      Yielding yielding,
      Slots slots,
      LearnedSystems learnedSystems,
      Shelf shelf,
      Later later,
      Ticker ticker,
      InstantSource clock) {
    this.toAll = toAll;
    this.later = later;
    this.ticker = ticker;
    this.slots = slots;
    this.learned = new KeptLearned(learnedSystems, systems, shelf, clock, counters);
    this.sender = new PageSender(toMember, systems, learned, later, ticker, counters);
    this.taker = new PageTaker(systems, slots, learned, counters);
    this.giving = new GivingAway(yielding, sender, learned, later, ticker, counters);
  }

  public MetricSet metrics() {
    return counters.metrics;
  }

  /**
   * This member owns a slot from now on: it asks what is known of it, unless the owner before has
   * just given it all.
   */
  public void acquired(int slot, Epoch epoch) {
    learned.acquired(slot);
    Long came = given.remove(slot);
    if (came == null || ticker.read() - came > GIVEN_NANOS) {
      counters.wanted.increment();
      boolean unused = toAll.test(new Frame.PageWanted(slot, epoch));
    }
    if (looked.add(slot)) {
      keepAfter(slot, KEEP_NANOS * (slots.count() + slot) / slots.count()); // not all at once
    }
  }

  private void keepAfter(int slot, long nanos) {
    later.after(
        nanos,
        () -> {
          learned.keep(slot);
          keepAfter(slot, KEEP_NANOS);
        });
  }

  /** This member does not own a slot any more. */
  public void lost(int slot) {
    learned.lost(slot);
  }

  /** A member that owns a slot now wants to know what is held of it here. */
  public void wanted(String member, Frame.PageWanted page) {
    if (page.slot() >= 0 && page.slot() < slots.count()) {
      sender.send(page.slot(), member, false, () -> {});
    }
  }

  /** A member tells what it holds of a system. */
  public void received(String member, Frame.Page page) {
    if (!Pages.isEnd(page)) {
      taker.take(page);
    } else if (page.slot() >= 0 && page.slot() < slots.count()) {
      given.put(page.slot(), ticker.read());
    }
  }

  /**
   * This member gives a slot away: it asks its systems no more, waits for what is pending, and
   * sends what is known.
   *
   * @param member which one is to get it; null if there is none
   * @param done runs then, on any thread: the lease is to be released
   */
  public void give(int slot, String member, Runnable done) {
    giving.give(slot, member, done);
  }
}
