package org.aeiou.daemon.cluster.owner;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.closures.shard.DynamicThreshold;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Owners;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;

/**
 * The systems that this member owns, as other members ask for them. Each member is a user of the
 * scheduler, so that they share systems fairly with one another, and with the users here.
 *
 * <p>Any thread may call any method; none waits.
 */
public final class OwnedSystems {
  /** More questions are no message of this program. */
  private static final int MOST_QUESTIONS = 8192;

  private static final int MOST_ASKS = 1 << 15;

  /** No request here waits longer: listing the largest table takes a minute. */
  private static final long MOST_MILLIS = TimeUnit.MINUTES.toMillis(2);

  private final Sender sender;
  private final Authority authority;
  private final Owners owners;
  private final Function<String, OwnedSystem> systems;
  private final Ticker ticker;
  private final OwnerCounters counters = new OwnerCounters();
  private final RemoteWrites writes = new RemoteWrites();
  private final Changes changes;
  private final Askers askers;
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * The systems that this member may come to own.
   *
   * @param timer for what is gathered before it is sent
   * @param systems a system of this member's configuration by its name; null if there is none
   * @param names what a member is called, by its id; null if it is not known
   * @param users makes a user of the scheduler that asks the systems
   */
  public OwnedSystems(
      Sender sender,
      Timer timer,
      Authority authority,
      Owners owners,
      Function<String, OwnedSystem> systems,
      Function<String, String> names,
      Function<String, Requester> users,
      Ticker ticker) {
    this.sender = sender;
    this.authority = authority;
    this.owners = owners;
    this.systems = systems;
    this.ticker = ticker;
    this.askers = new Askers(names, users);
    this.changes = new Changes(sender, timer, authority, systems, counters, ticker);
    counters.gauge("pending", "Messages that asked, and have no answer yet.", pending::get);
    counters.gauge("askers", "Members that have asked lately.", askers::size);
  }

  /** What was asked, and what became of it. */
  public MetricSet metrics() {
    return counters.metrics;
  }

  /**
   * The back end of a system, which asks nothing where this member may not.
   *
   * @param doubts why an object of it may not be set; null if it may
   */
  public Exchanger<Question, Value> guard(
      String system, Exchanger<Question, Value> backEnd, Function<Oid, String> doubts) {
    return new GuardedExchanger(
        system, owners.slotOf(system), backEnd, doubts, authority, writes, counters, ticker);
  }

  /**
   * A cache's listener that tells other members, too, what they are interested in.
   *
   * @param others told of all that members are not
   */
  public CacheListener listener(CacheListener others) {
    return changes.listener(others);
  }

  /** Step 1 of a system, of which other members are told whether it answers. */
  public CompletionHandler<Question, Value> stepOne(
      String system, CompletionHandler<Question, Value> others) {
    return changes.stepOne(system, others);
  }

  /**
   * A member asks.
   *
   * @param from its id
   * @param ageNanos how long the message may have been under way, at the most; negative if that is
   *     not known. It may have lain in a buffer for as long as this process was stopped
   */
  public void ask(String from, Frame.Ask ask, long ageNanos) {
    counters.asks.increment();
    counters.questions.add(ask.wanted().size());
    long now = ticker.read();
    long left =
        TimeUnit.MILLISECONDS.toNanos(Math.min(ask.timeoutMillis(), MOST_MILLIS))
            - Math.max(0, ageNanos);
    if (left <= 0) {
      counters.tooLate.increment();
      return;
    }
    Asker asker = askers.of(from, now);
    int sets = sets(ask);
    if (sets > 0 && !isFirst(asker, ask, now, now + left)) {
      return;
    }
    if (asker == null) {
      refuse(from, ask, Why.OVERLOADED, "too many members ask");
      return;
    }
    int slot = owners.slotOf(ask.system());
    Epoch epoch = authority.reads(slot);
    OwnedSystem system = systems.apply(ask.system());
    boolean isGivenAway = system != null && system.queue() == null;
    if (isGivenAway || !isOwner(ask, slot, epoch, sets > 0)) {
      refuse(from, ask, Why.NOT_OWNER, "another member owns it, or is to");
    } else if (system == null) {
      refuse(from, ask, Why.UNKNOWN_SYSTEM, "the member that owns its slot knows no such system");
    } else if (ask.wanted().size() > MOST_QUESTIONS) {
      refuse(
          from,
          ask,
          Why.OVERLOADED,
          ask.wanted().size() + " questions in a message; expected at most " + MOST_QUESTIONS);
    } else if (sets > 0 && ageNanos < 0) {
      counters.ofUnknownAge.increment();
      refuse(
          from,
          ask,
          Why.OVERLOADED,
          "it is not known yet how long messages of this member are under way; try again");
    } else {
      counters.writes.add(sets);
      SystemChanges told = changes.of(ask.system(), slot);
      begin(new PendingAsk(asker, ask, system, told, epoch, now, now + left, this::ended));
    }
  }

  /**
   * Whether what writes has not come before. A message may come twice, and later than what its
   * asker sent to another owner after a refusal: so each is remembered until it is too old, also if
   * it is refused. What cannot be remembered has no answer, which tells its asker nothing.
   */
  private boolean isFirst(Asker asker, Frame.Ask ask, long now, long untilNanos) {
    if (asker != null && asker.hasWritten(ask.exchange())) {
      counters.twice.increment();
      return false;
    }
    if (asker == null || !asker.writes(ask.exchange(), untilNanos, now)) {
      counters.unanswered.increment();
      return false;
    }
    return true;
  }

  private static int sets(Frame.Ask ask) {
    int sets = 0;
    for (Frame.Wanted wanted : ask.wanted()) {
      sets += wanted.question() instanceof Question.Set ? 1 : 0;
    }
    return sets;
  }

  private boolean isOwner(Frame.Ask ask, int slot, Epoch epoch, boolean isWrite) {
    if (epoch == null || (ask.epoch() != null && ask.epoch().compareTo(epoch) > 0)) {
      return false;
    }
    return !isWrite || (epoch.equals(ask.epoch()) && epoch.equals(authority.writes(slot)));
  }

  private void begin(PendingAsk asked) {
    Asker asker = asked.asker;
    if (asker.pending.putIfAbsent(asked.ask.exchange(), asked) != null) {
      counters.twice.increment();
    } else if (!DynamicThreshold.allows(
        asker.pending.size(), (long) MOST_ASKS - pending.incrementAndGet())) {
      leave(asked);
      refuse(asker.id, asked.ask, Why.OVERLOADED, "too much is pending for this member; try again");
    } else {
      asked.begin(writes, counters);
    }
  }

  /** All of it has its outcome. */
  private void ended(PendingAsk asked) {
    leave(asked);
    if (asked.isCancelled()) {
      return;
    }
    if (!asked.epoch.equals(authority.reads(asked.changes.slot)) && asked.mayBeAskedElsewhere()) {
      refuse(asked.asker.id, asked.ask, Why.NOT_OWNER, "another member has come to own it");
      return;
    }
    counters.replies.increment();
    SystemQueue<Question, Value> queue = asked.system.queue();
    Health health = queue.health();
    send(
        asked.asker.id,
        new Frame.Reply(
            asked.ask.exchange(),
            asked.epoch,
            asked.outcomes(),
            asked.changes.news(asked.asker, health)));
    asked.changes.answered(health, asked.hasFailed(), queue::run);
  }

  private void leave(PendingAsk asked) {
    asked.asker.pending.remove(asked.ask.exchange(), asked);
    pending.decrementAndGet();
  }

  private void refuse(String to, Frame.Ask ask, Why why, String message) {
    counters.refused(why);
    send(to, new Frame.Refusal(ask.exchange(), why, ask.system() + ": " + message));
  }

  private void send(String to, Frame frame) {
    if (!sender.toMember(to, frame)) {
      counters.unsent.increment();
    }
  }

  /** A member waits for an exchange no more. */
  public void cancel(String from, Frame.Cancel cancel) {
    Request asked = askers.pending(from, cancel.exchange());
    if (asked == null) {
      counters.cancelsOfNothing.increment();
    } else {
      counters.cancels.increment();
      asked.cancel();
    }
  }

  /** A member is gone: it waits for nothing any more. */
  public void forget(String member) {
    askers.forget(member, ticker.read());
  }
}
