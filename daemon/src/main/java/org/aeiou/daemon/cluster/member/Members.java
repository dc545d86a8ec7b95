package org.aeiou.daemon.cluster.member;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/**
 * The members of the cluster, as this one hears of them, and how this one is, as it tells them.
 *
 * <p>Of two members that say that they own a slot the one with the later epoch does. A member that
 * says nothing for {@link #SUSPECT} is suspect, and for a time to live gone: then nothing that it
 * said counts any more. While this process itself was stopped, or had no broker, no member grows
 * older.
 *
 * <p>Any thread may call any method. What others have told is guarded by a lock; {@link #of} takes
 * none. Listeners are called without it, by the thread that heard or ticked; they must not wait.
 *
 * <p>It is long because what is heard, time that passes and what this member does itself each may
 * make another one the owner of a slot, and only one lock keeps their order.
 */
public final class Members implements Owners {
  /**
   * After this without a word a member is suspect: it speaks each second, and collecting a heap of
   * a million readings may hold it up for nearly two.
   */
  public static final Duration SUSPECT = Duration.ofSeconds(3);

  /** How often {@link #tick} is to be called: what changed is told that late at most. */
  public static final Duration TICK = Duration.ofMillis(50);

  /** After this without a tick the process was stopped. */
  private static final long STOPPED = Duration.ofSeconds(1).toNanos();

  /** More members than this are not taken in: any process may say that it is one more. */
  private static final int MOST = 1000;

  /** For how many times to live what a member said before it left is not taken in. */
  private static final int LAST_WORDS = 3;

  /** Told of members, by the thread that heard or ticked; must not wait. */
  public interface Listener {
    /** It was not known. */
    default void joined(Member member) {}

    /** It is known no more; whether it said so before. */
    default void left(Member member, boolean said) {}

    /** It was not heard of lately; or, after that, it was heard of again. */
    default void suspect(Member member, boolean is) {}

    /**
     * Whether this member's configuration is that of most pollers is another now; of a member that
     * does not poll, whether it puts systems into the same slots.
     *
     * @param most the members that have the one that counts
     */
    default void differs(boolean does, List<Member> most) {}
  }

  private final long ttl;
  private final Consumer<MemberState> out;
  private final Ticker ticker;
  private final Heartbeat heartbeat;
  private final OwnerTable owners;
  private volatile Electorate electorate;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final MetricSet metrics = new MetricSet();
  private final MemberCounters counters = new MemberCounters(metrics);

  // Guarded by this.
  private final Map<String, Known> others = new LinkedHashMap<>();

  private final LastWords left;
  private boolean isConnected = true;
  private boolean differs;

  /** The configuration of those that count, when it was told last that this one's differs. */
  private String differsFrom = "";

  private long lastTick;
  private List<Runnable> toTell = new ArrayList<>();

  /**
   * @param slots the same as {@code self} says
   * @param ttlNanos after which a member that is not heard of is gone
   * @param out tells all members; must not wait
   * @param figures what people may want to know of this member; must not wait
   */
  public Members(
      Member self,
      Slots slots,
      long ttlNanos,
      Consumer<MemberState> out,
      Supplier<Map<String, Long>> figures,
      Ticker ticker) {
    this.ttl = ttlNanos;
    this.left = new LastWords(MOST, LAST_WORDS * ttlNanos);
    this.out = out;
    this.ticker = ticker;
    this.owners = new OwnerTable(slots);
    this.heartbeat = new Heartbeat(self, this::mine, figures, ticker);
    this.lastTick = ticker.read();
    this.electorate = Electorate.of(List.of(), self, false, lastTick);
    metrics.gauge(
        "members", Unit.COUNT, "Members that are known, with this one.", this::countKnown);
  }

  @Override
  public Slots slots() {
    return owners.slots();
  }

  @Override
  public Owner of(int slot) {
    return owners.of(slot);
  }

  @Override
  public String mismatch(int slot) {
    if (of(slot) != null) {
      return Owners.super.mismatch(slot);
    }
    Electorate most = electorate;
    return most.differsFrom(slots()) ? Owners.mismatch(most.members().get(0).name()) : null;
  }

  @Override
  public void listen(IntConsumer slot) {
    owners.listen(slot);
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public MetricSet metrics() {
    return metrics;
  }

  public Member self() {
    return heartbeat.self();
  }

  private synchronized Map<Integer, Epoch> mine() {
    return Map.copyOf(owners.mine);
  }

  private synchronized long countKnown() {
    return 1L + others.size();
  }

  /** Which members may be given slots, as this one sees it now. */
  public Electorate electorate() {
    return electorate;
  }

  /**
   * A member as it is known.
   *
   * @param agoNanos when it was heard of last; 0 for this one
   */
  public record Seen(MemberState state, long agoNanos, boolean suspect, boolean isSelf) {}

  /** All members that are known, this one first. */
  public List<Seen> all() {
    List<Seen> all = new ArrayList<>();
    all.add(new Seen(heartbeat.state(), 0, false, true));
    synchronized (this) {
      long now = ticker.read();
      others.values().forEach(o -> all.add(new Seen(o.state, now - o.heard, o.suspect, false)));
    }
    return all;
  }

  /** How long ago a member was heard of; {@link Long#MAX_VALUE} if it is not known. */
  public synchronized long silentNanos(String id) {
    Known known = others.get(id);
    return known == null ? Long.MAX_VALUE : ticker.read() - known.heard;
  }

  /**
   * The largest that any other member says of a figure; 0 if none says it.
   *
   * @param name as in {@link MemberState#figures}
   */
  public synchronized long largest(String name) {
    return others.values().stream()
        .mapToLong(known -> known.state.figures().getOrDefault(name, 0L))
        .max()
        .orElse(0);
  }

  /** Says one more figure of this member to the others, unless it is 0. */
  public void say(String name, LongSupplier figure) {
    heartbeat.add(name, figure);
  }

  // --- what others say

  /** A member told how it is. */
  public void hear(MemberState state) {
    MemberState known = state.within(slots().count());
    under(now -> take(known, now));
  }

  private void take(MemberState state, long now) {
    String id = state.member().id();
    Known known = others.get(id);
    if (id.equals(self().id())) {
      // What was sent comes back. What was not, came from a copy of this process.
      if (heartbeat.isOfTwin(state)) {
        counters.twins.increment();
      }
    } else if (left.isBefore(state)
        || (known != null && state.sequence() <= known.state.sequence())) {
      counters.old.increment();
    } else if (state.leaving()) {
      left.add(state, now);
      if (known != null) {
        forget(known, true, now);
      }
    } else if (known != null) {
      counters.heard.increment();
      update(known, state, now);
    } else if (others.size() >= MOST) {
      counters.excess.increment();
    } else {
      counters.heard.increment();
      left.forget(id);
      others.put(id, new Known(state, now));
      tellAll(listener -> listener.joined(state.member()));
      decide(state.slots().keySet(), now);
      heartbeat.hurry(); // so that the new one need not wait for it
      elect(now);
    }
  }

  private void update(Known known, MemberState state, long now) {
    MemberState before = known.state;
    boolean wasSuspect = known.suspect;
    known.state = state;
    known.heard = now;
    known.suspect = false;
    if (wasSuspect) {
      tellAll(listener -> listener.suspect(state.member(), false));
    }
    if (wasSuspect || !before.slots().equals(state.slots())) {
      Set<Integer> all = new HashSet<>(state.slots().keySet());
      all.addAll(before.slots().keySet());
      decide(all, now);
    }
    if (wasSuspect
        || before.draining() != state.draining()
        || !before.member().equals(state.member())) {
      elect(now);
    }
  }

  private void forget(Known known, boolean said, long now) {
    Member member = known.state.member();
    others.remove(member.id());
    tellAll(listener -> listener.left(member, said));
    decide(known.state.slots().keySet(), now);
    elect(now);
  }

  private void decide(Set<Integer> slots, long now) {
    for (int slot : slots) {
      if (slot >= 0
          && slot < slots().count()
          && owners.decide(slot, self(), others.values(), now)) {
        toTell.add(() -> owners.tell(slot));
      }
    }
  }

  /** Says how this member is if it is time, and finds out which ones are not heard of. */
  public void tick() {
    under(this::grow);
    MemberState state = heartbeat.next();
    if (state != null) {
      counters.sent.increment();
      out.accept(state);
    }
  }

  private void grow(long now) {
    long passed = now - lastTick;
    lastTick = now;
    left.grow(now, !isConnected || passed > STOPPED ? passed : 0);
    for (Known known : List.copyOf(others.values())) {
      if (isConnected ? passed > STOPPED : known.suspect) {
        // Not into the future: what had come meanwhile may have been taken in before this.
        known.heard += Math.min(passed, now - known.heard);
      }
      long silent = now - known.heard;
      if (silent >= ttl) {
        counters.gone.increment();
        forget(known, false, now);
      } else if (silent >= SUSPECT.toNanos() && !known.suspect) {
        counters.suspected.increment();
        known.suspect = true;
        tellAll(listener -> listener.suspect(known.state.member(), true));
        decide(known.state.slots().keySet(), now);
        elect(now);
      }
    }
  }

  /** Whether there is a broker: without one silence says nothing of a member. */
  public void connected(boolean is) {
    under(now -> isConnected = is);
    heartbeat.hurry();
  }

  // --- how this one is

  /** This member owns a slot from now on. */
  public void own(int slot, Epoch epoch) {
    under(
        now -> {
          owners.mine.put(slot, epoch);
          decide(Set.of(slot), now);
        });
    heartbeat.hurry();
  }

  /** This member owns a slot no more. */
  public void disown(int slot) {
    under(
        now -> {
          owners.mine.remove(slot);
          decide(Set.of(slot), now);
        });
    heartbeat.hurry();
  }

  /** This member has read its configuration again. */
  public void become(Member changed) {
    heartbeat.become(changed);
    under(
        now -> {
          decide(Set.copyOf(owners.mine.keySet()), now);
          elect(now);
        });
  }

  /** This member is to be given no slot any more. */
  public void drain() {
    heartbeat.drain();
    under(this::elect);
  }

  /** Says the last that this member says. */
  public void leave() {
    MemberState state = heartbeat.last();
    if (state != null) {
      counters.sent.increment();
      out.accept(state);
    }
  }

  private void elect(long now) {
    List<Member> heard = new ArrayList<>();
    for (Known known : others.values()) {
      if (!known.suspect && !known.state.draining()) {
        heard.add(known.state.member());
      }
    }
    boolean draining = heartbeat.isDraining();
    Electorate next = Electorate.of(heard, self(), draining, now);
    if (!next.members().equals(electorate.members())) {
      electorate = next;
    }
    boolean differsNow =
        self().polls()
            ? !draining && !next.members().isEmpty() && !next.has(self().id())
            : hasOtherSlots(next);
    String counts = counting(next);
    // Told again of others: the first that are heard of may be the ones that are to be mended.
    if (differsNow != differs || (differsNow && !counts.equals(differsFrom))) {
      differs = differsNow;
      differsFrom = counts;
      tellAll(listener -> listener.differs(differsNow, next.members()));
    }
  }

  /** As it was before, where there are none to differ from. */
  private boolean hasOtherSlots(Electorate most) {
    return most.members().isEmpty() ? differs : most.differsFrom(slots());
  }

  /** What of their configuration this member's is compared with. */
  private String counting(Electorate most) {
    if (most.members().isEmpty()) {
      return self().polls() ? "" : differsFrom;
    }
    Member first = most.members().get(0);
    return self().polls() ? first.digest() : first.map();
  }

  private void tellAll(Consumer<Listener> what) {
    toTell.add(() -> listeners.forEach(what));
  }

  /** Something that is changed under the lock, and the time at which. */
  private interface Change {
    void at(long now);
  }

  private void under(Change change) {
    List<Runnable> told;
    synchronized (this) {
      change.at(ticker.read());
      if (toTell.isEmpty()) {
        return;
      }
      told = toTell;
      toTell = new ArrayList<>();
    }
    told.forEach(Runnable::run);
  }
}
