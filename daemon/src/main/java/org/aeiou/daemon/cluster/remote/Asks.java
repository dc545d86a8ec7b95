package org.aeiou.daemon.cluster.remote;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Wanted;

/**
 * What this member asks owners for, of all systems: each exchange is sent to the owner as it is
 * known now, held for a moment where there is none, and ends once, by a reply or by what tells that
 * none will come. Any thread may call any method; none waits.
 *
 * <pre>
 *   begin ──▶ NEW ──(no owner, but there was one)──▶ HELD ──(too long)──▶ unreachable
 *              │  ╲                                 ╱  ▲
 *              │   ╰──(an owner)──▶ SENT ◀─(an owner)  │
 *              │                      │ ──(refused; another owner, and it only reads)
 *              │                      ├──(reply)──▶ its outcomes
 *              ╰─(no broker, ────────▶╰──(not received, suspect, no broker)──▶ unreachable; a write: unknown
 *                 suspect, none known)
 * </pre>
 *
 * <p>It is one idea, who ends an exchange and in what: each event must know all the others that may
 * cross it.
 */
final class Asks {
  /** How much sooner than its asker gives it up an owner should end something. */
  private static final long EARLIER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** For how long a request without a deadline waits: longer than a walk may take. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(65);

  /** For how long a write still waits for its verdict once its owner is not the owner any more. */
  private static final long VERDICT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A held write that comes so near to its deadline is not sent any more. */
  private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** The requests that wait for it end first, by themselves. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int MOST_SENDS = 8;

  private static final String NO_BROKER =
      "it is asked by another member, and the broker is not there";

  private static final String UNSENT =
      "it is asked by another member, and nothing can be sent there";

  private static final String NO_POLLER = "no poller is there that asks it";

  /** Sends frames to members; as {@code Post} does. */
  @FunctionalInterface
  interface Sender {
    boolean toMember(String id, Frame frame, Runnable unheard);
  }

  private final String self;
  private final Sender sender;
  private final Owners owners;
  private final Broker broker;
  private final Ticker ticker;
  private final RemoteCounters counters;
  private final SlotInterest interest;

  private final AsksUnderWay underWay;

  private final SlotHistory slots;

  Asks(
      String self,
      Sender sender,
      Owners owners,
      Broker broker,
      Ticker ticker,
      RemoteCounters counters,
      SlotInterest interest) {
    this.self = self;
    this.sender = sender;
    this.owners = owners;
    this.broker = broker;
    this.ticker = ticker;
    this.counters = counters;
    this.interest = interest;
    this.underWay = new AsksUnderWay(sender, counters);
    this.slots = new SlotHistory(self, owners, ticker);
  }

  AsksUnderWay underWay() {
    return underWay;
  }

  // --- an exchange begins

  void begin(RemoteAsk ask) {
    long now = ticker.read();
    long deadline = ask.exchange().deadlineNanos();
    if (deadline == Long.MAX_VALUE) {
      ask.endless(now + MOST_NANOS);
    } else {
      ask.deadline(deadline);
    }
    counters.asks.increment();
    if (underWay.add(ask)) {
      route(ask);
    } else {
      counters.refused.increment();
      underWay.fail(ask, Reason.OVERLOADED, "too much is asked of other members; try again");
    }
  }

  /** Sends it, holds it, or ends it, as things are. */
  private void route(RemoteAsk ask) {
    int slot = ask.system().slot();
    int version = ask.version();
    long now = ticker.read();
    Owner owner = owners.of(slot);
    String mismatch = owners.mismatch(slot);
    if (broker.state() != Broker.State.CONNECTED) {
      underWay.failUnsent(ask, version, NO_BROKER);
    } else if (mismatch != null) {
      counters.mismatched.increment();
      underWay.failUnsent(ask, version, mismatch);
    } else if (owner == null || owner.member().id().equals(self)) {
      hold(ask, version, owner, now);
    } else if (owner.suspect()) {
      underWay.failUnsent(ask, version, suspect(owner));
    } else if (ask.sends() >= MOST_SENDS) {
      underWay.failUnsent(ask, version, "no poller takes it, asked %d times".formatted(MOST_SENDS));
    } else {
      send(ask, version, owner, now);
    }
  }

  private static String suspect(Owner owner) {
    return "its poller %s is not heard of".formatted(owner.member().name());
  }

  @SuppressWarnings("ReferenceEquality") // another owner is another object
  private void send(RemoteAsk ask, int version, Owner owner, long now) {
    List<Wanted> wanted = ask.system().wanted(ask.exchange(), ask.wanted(), now);
    long id = underWay.identify(ask);
    RemoteAsk.State was = ask.send(version, id, owner, wanted);
    if (was == RemoteAsk.State.OVER) {
      underWay.take(id);
      return;
    }
    if (was == RemoteAsk.State.HELD) {
      underWay.released();
    }
    if (ask.sends() > 1) {
      counters.resent.increment();
    }
    counters.questions.add(wanted.size());
    interest.asked(ask.system().slot(), wanted, now);
    Frame frame =
        new Frame.Ask(
            id,
            owner.epoch(),
            ask.system().system(),
            timeoutMillis(ask, now),
            ask.isInteractive(),
            wanted);
    boolean isSent = sender.toMember(owner.member().id(), frame, () -> unheard(id));
    if (isSent && owners.of(ask.system().slot()) != owner) {
      ownerChanged(ask); // it may have been told of before this was sent
    } else if (!isSent && underWay.take(id) != null) {
      counters.unreachable.increment();
      underWay.fail(ask, Reason.UNREACHABLE, UNSENT);
    }
  }

  private long timeoutMillis(RemoteAsk ask, long now) {
    long there = Math.max(0, broker.roundTripNanos());
    long left = ask.deadlineNanos() - now - EARLIER_NANOS - there;
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
  }

  private void hold(RemoteAsk ask, int version, Owner owner, long now) {
    int slot = ask.system().slot();
    boolean mayHold = (owner != null || slots.wasOwned(slot)) && underWay.mayHold();
    if (!ask.isHeld() && !mayHold) {
      underWay.failUnsent(ask, version, NO_POLLER);
    } else if (underWay.hold(ask, version, now)) {
      counters.held.increment();
      // The owner may have come between the look and this.
      Owner since = owners.of(slot);
      if (since != null && !since.member().id().equals(self) && !isSame(since, owner)) {
        route(ask);
      }
    }
  }

  // --- what owners say

  /** What became of it. */
  void reply(String member, Frame.Reply reply) {
    RemoteAsk ask = find(member, reply.exchange());
    if (ask == null) {
      return;
    }
    if (isOlder(reply.epoch(), ask.owner().epoch())) {
      counters.olderEpochs.increment();
      return;
    }
    List<Wanted> wanted = ask.wanted();
    if (reply.outcomes().size() != wanted.size()) {
      counters.malformed.increment();
      underWay.giveUp(
          ask, "its poller answered %d of %d".formatted(reply.outcomes().size(), wanted.size()));
      return;
    }
    if (!underWay.end(ask)) {
      return;
    }
    counters.replies.increment();
    ask.system().told(reply.health());
    List<Answer.Item<Value>> items = new ArrayList<>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      boolean isTooOld = !ask.isWrite() && ask.system().isTooOld(wanted.get(i));
      items.add(
          isTooOld ? new Answer.Item.Again<>() : new Answer.Item.Done<>(reply.outcomes().get(i)));
    }
    ask.exchange().answer(new Answer.Items<>(items));
  }

  /** It was not looked at: nothing was asked or written. */
  void refusal(String member, Frame.Refusal refusal) {
    RemoteAsk ask = find(member, refusal.exchange());
    if (ask == null || underWay.take(refusal.exchange()) == null) {
      return;
    }
    counters.refusals.increment();
    String name = ask.owner().member().name();
    switch (refusal.why()) {
      case NOT_OWNER -> refused(ask);
      case OVERLOADED ->
          underWay.fail(
              ask, Reason.OVERLOADED, "its poller %s: %s".formatted(name, refusal.message()));
      case UNKNOWN_SYSTEM -> {
        counters.unreachable.increment();
        underWay.fail(
            ask,
            Reason.UNREACHABLE,
            "its poller %s does not know it; their configurations differ".formatted(name));
      }
    }
  }

  /** What the member knows this one will hear of soon. */
  private void refused(RemoteAsk ask) {
    Owner now = owners.of(ask.system().slot());
    if (now == null || isSame(now, ask.owner())) {
      hold(ask, ask.version(), ask.owner(), ticker.read());
    } else {
      route(ask);
    }
  }

  private static boolean isSame(Owner one, Owner other) {
    return other != null
        && one.member().id().equals(other.member().id())
        && one.epoch().equals(other.epoch());
  }

  private RemoteAsk find(String member, long exchange) {
    RemoteAsk ask = underWay.find(exchange);
    if (ask == null) {
      counters.late.increment();
    } else if (!ask.isSentTo(member)) {
      counters.strange.increment();
      return null;
    }
    return ask;
  }

  static boolean isOlder(Epoch epoch, Epoch than) {
    return epoch != null && than != null && epoch.compareTo(than) < 0;
  }

  /** The member does not receive what was sent to it: nothing was asked or written. */
  private void unheard(long id) {
    RemoteAsk ask = underWay.take(id);
    if (ask == null) {
      return;
    }
    counters.unheard.increment();
    Owner asked = ask.owner();
    Owner now = owners.of(ask.system().slot());
    if (now != null && !isSame(now, asked)) {
      route(ask);
    } else {
      counters.unreachable.increment();
      underWay.fail(
          ask, Reason.UNREACHABLE, "its poller %s is gone".formatted(asked.member().name()));
    }
  }

  // --- what becomes known

  /** The owner of a slot is another one, or suspect. */
  void ownerChanged(int slot, Iterable<RemoteExchanger> ofSlot) {
    slots.changed(slot);
    for (RemoteExchanger system : ofSlot) {
      system.underWay().forEach(this::ownerChanged);
    }
  }

  private void ownerChanged(RemoteAsk ask) {
    Owner now = owners.of(ask.system().slot());
    if (ask.isHeld()) {
      boolean isRefusedByIt = ask.owner() != null && now != null && isSame(now, ask.owner());
      if (!isRefusedByIt || now.suspect()) {
        route(ask);
      }
      return;
    }
    Owner asked = ask.owner();
    if (!ask.isSent() || asked == null) {
      return;
    }
    boolean isOther = now == null || !now.member().id().equals(asked.member().id());
    if (ask.isWrite()) {
      if (isOther) {
        // Its verdict may be on its way.
        ask.deadline(Math.min(ask.deadlineNanos(), ticker.read() + VERDICT_NANOS));
      }
    } else if (isOther) {
      if (underWay.take(ask.id()) != null) {
        underWay.cancel(ask); // in case it lives: what it says is not taken any more
        route(ask);
      }
    } else if (now.suspect()) {
      underWay.giveUp(ask, suspect(now));
    }
  }

  /** Whether a system may have refreshed what can be served still. */
  boolean mayRefresh(int slot, String system) {
    return slots.mayRefresh(slot, system);
  }

  /** The broker is there again. */
  void connected() {
    slots.connected();
  }

  /** The broker is not there: what was sent may never be answered. */
  void disconnected() {
    slots.disconnected();
    for (RemoteAsk ask : underWay.all()) {
      underWay.giveUp(ask, NO_BROKER);
    }
  }

  /** Ends what waits for too long. To be called a few times a second. */
  void sweep() {
    long now = ticker.read();
    for (RemoteAsk ask : underWay.all()) {
      long left = ask.deadlineNanos() - now;
      if (ask.isHeld()) {
        boolean isLast = ask.isWrite() && left < LAST_NANOS;
        if (isLast || now - ask.heldSinceNanos() >= SlotHistory.MOMENT_NANOS) {
          underWay.giveUp(ask, NO_POLLER);
        }
      } else if (left <= -LATE_NANOS) {
        counters.timeouts.increment();
        giveUpLate(ask);
      }
    }
  }

  private void giveUpLate(RemoteAsk ask) {
    if (ask.isWrite()) {
      underWay.giveUp(ask, "its poller did not say what became of it");
    } else if (ask.isEndless()) {
      underWay.fail(ask, Reason.TIMEOUT, "its poller did not answer");
    } else {
      underWay.abandon(ask); // those that still wait came later, and have more time
    }
  }
}
