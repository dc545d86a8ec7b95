package org.aeiou.daemon.cluster.gossip;

import com.google.common.base.Ticker;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Post;

/**
 * Which systems there are, for a member whose configuration names none: it takes them from the
 * pollers, from one whose configuration is that of most of them, at its start and each time that
 * theirs becomes another one.
 *
 * <p>Any thread.
 */
public final class Inventories {
  /** How long a poller may take to answer before another one is asked. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How often that is doubled while no inventory can be used: after that it is five minutes. */
  private static final int MOST_DOUBLINGS = 6;

  /** So many members may wait for theirs at a time, each for one; the others ask again. */
  private static final int MOST_GIVEN_AT_ONCE = 64;

  private final Set<String> giving = ConcurrentHashMap.newKeySet();
  private final MetricSet metrics = new MetricSet();
  private final Post post;
  private final Supplier<Member> self;
  private final Supplier<List<Member>> pollers;
  private final Executor slowly;
  private final Ticker ticker;

  // Guarded by this.
  private String taken = "";
  private String wanted = "";
  private long askedNanos;
  private int asked;

  /** Whether one is being read. */
  private boolean isRead;

  /** The configuration that {@link #failures} are of. */
  private String failed = "";

  /** How many inventories of it could not be used. */
  private int failures;

  private final LongAdder given =
      metrics.counter("inventories-given", "Times that a member was told which systems there are.");
  private final LongAdder got =
      metrics.counter("inventories-taken", "Times that other systems were taken from pollers.");
  private final LongAdder unusable =
      metrics.counter(
          "inventories-unusable",
          "Times that what a poller said of its systems could not be used, so that another was"
              + " asked.");
  private final LongAdder refused =
      metrics.counter(
          "inventories-dropped",
          "Times that systems asked for did not come, or came unasked, or not of a poller that"
              + " counts.");

  /**
   * One that knows nothing yet.
   *
   * @param pollers those that have the configuration of most of them
   * @param slowly runs what may take long
   */
  public Inventories(
      Post post,
      Supplier<Member> self,
      Supplier<List<Member>> pollers,
      Executor slowly,
      Ticker ticker) {
    this.post = post;
    this.self = self;
    this.pollers = pollers;
    this.slowly = slowly;
    this.ticker = ticker;
  }

  /** Tells others which systems this member has, as YAML. */
  public void give(Supplier<String> systems) {
    post.receive(
        Frame.InventoryWanted.class,
        (sender, frame, age) -> {
          if (giving.size() < MOST_GIVEN_AT_ONCE && giving.add(sender)) {
            slowly.execute(() -> give(sender, frame.digest(), systems));
          } else {
            refused.increment();
          }
        });
  }

  private void give(String asker, String digest, Supplier<String> systems) {
    giving.remove(asker);
    Member here = self.get();
    // It was reloaded meanwhile: the asker hears of that, and asks again.
    if (!here.polls() || !here.digest().equals(digest)) {
      refused.increment();
      return;
    }
    (post.toMember(asker, new Frame.Inventory(digest, systems.get())) ? given : refused)
        .increment();
  }

  /**
   * From now on this is given each other inventory, on a thread where it may take long.
   *
   * @param inventory says whether it can be used; if not, another poller is asked
   */
  public void take(Predicate<String> inventory) {
    post.receive(
        Frame.Inventory.class,
        (sender, frame, age) -> {
          if (isWanted(sender, frame.digest())) {
            slowly.execute(() -> read(frame, inventory));
          } else {
            refused.increment();
          }
        });
  }

  /** Whether it is what was asked for, of a member that could have been asked. */
  private synchronized boolean isWanted(String sender, String digest) {
    if (isRead || !digest.equals(wanted) || digest.equals(taken)) {
      return false;
    }
    isRead =
        pollers.get().stream()
            .anyMatch(each -> each.id().equals(sender) && each.digest().equals(digest));
    return isRead;
  }

  private void read(Frame.Inventory frame, Predicate<String> inventory) {
    boolean isUsable = false;
    try {
      isUsable = inventory.test(frame.yaml());
    } finally {
      wasRead(frame.digest(), isUsable);
    }
  }

  private synchronized void wasRead(String digest, boolean isUsable) {
    isRead = false;
    if (isUsable) {
      taken = digest;
      failures = 0;
      got.increment();
    } else {
      failures = digest.equals(failed) ? failures + 1 : 1;
      failed = digest;
      askedNanos = ticker.read(); // reading takes time of this member: not at once again
      unusable.increment();
    }
  }

  /** How long it is waited before another poller is asked. */
  private long patience(String digest) {
    int doublings = digest.equals(failed) ? Math.min(Math.max(0, failures - 1), MOST_DOUBLINGS) : 0;
    return PATIENCE_NANOS << doublings;
  }

  /** Asks for what is to be known; called each second by a member that has no systems itself. */
  public void tick() {
    List<Member> all = pollers.get();
    if (all.isEmpty()) {
      return;
    }
    String digest = all.get(0).digest();
    String poller;
    synchronized (this) {
      long now = ticker.read();
      boolean isAsked = digest.equals(wanted) && now - askedNanos < patience(digest);
      if (isRead || digest.equals(taken) || isAsked) {
        return;
      }
      wanted = digest;
      askedNanos = now;
      poller = all.get(asked++ % all.size()).id();
    }
    if (!post.toMember(poller, new Frame.InventoryWanted(digest), this::askAgain)) {
      askAgain();
    }
  }

  /** There was no such member: the next one is asked at once. */
  private synchronized void askAgain() {
    wanted = "";
  }

  /** What was given and taken. */
  public MetricSet metrics() {
    return metrics;
  }
}
