package org.aeiou.daemon.cluster.remote;

import com.google.common.base.Ticker;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Post;

/**
 * The systems of this member as far as others may own them: each with its {@link RoutedQueue}; what
 * owners say goes to them. One for a process. Any thread may call any method; none waits.
 */
public final class RemoteSystems implements AutoCloseable {
  private final String self;
  private final Post post;
  private final Owners owners;
  private final Broker broker;
  private final CompletionScheduler<Question, Value> scheduler;
  private final Ticker ticker;
  private final RemoteCounters counters = new RemoteCounters();
  private final SlotInterest interest;
  private final Asks asks;
  private final Requester relay;
  private final Map<String, Opened> systems = new ConcurrentHashMap<>();
  private final Map<Integer, Set<RemoteExchanger>> bySlot = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private record Opened(RoutedQueue queue, RemoteExchanger exchanger) {}

  /**
   * None yet.
   *
   * @param self this member
   */
  public RemoteSystems(
      Member self,
      Post post,
      Owners owners,
      Broker broker,
      CompletionScheduler<Question, Value> scheduler,
      Ticker ticker) {
    this.self = self.id();
    this.post = post;
    this.owners = owners;
    this.broker = broker;
    this.scheduler = scheduler;
    this.ticker = ticker;
    this.interest = new SlotInterest(post::subscribe, counters);
    this.asks = new Asks(this.self, post::toMember, owners, broker, ticker, counters, interest);
    this.relay = scheduler.requester("relay");
  }

  /** What it counts. */
  public MetricSet metrics() {
    return counters.metrics;
  }

  /** Listens to owners and the broker from now on: before the post starts. */
  public void start() {
    post.receive(Frame.Reply.class, (from, reply, age) -> asks.reply(from, reply));
    post.receive(Frame.Refusal.class, (from, refusal, age) -> asks.refusal(from, refusal));
    post.receive(Frame.Changed.class, (from, changed, age) -> changed(from, changed));
    post.receive(Frame.Condition.class, (from, condition, age) -> condition(from, condition));
    owners.listen(this::ownerChanged);
    broker.listen(this::brokerChanged);
  }

  /**
   * Gives a system its queue.
   *
   * @param asked how this member asks it where it owns it
   * @param stepOne what becomes of its answers, whichever member asked
   * @param cache where they are kept
   */
  public RoutedQueue open(
      String system,
      Limits limits,
      Exchanger<Question, Value> asked,
      CompletionHandler<Question, Value> stepOne,
      ReadingCache cache) {
    int slot = owners.slotOf(system);
    RemoteExchanger remote = new RemoteExchanger(asks, system, slot, cache);
    RoutedQueue queue =
        new RoutedQueue(
            system,
            limits,
            asked,
            remote,
            stepOne,
            scheduler,
            relay,
            ticker,
            () -> closed(system, remote));
    remote.tells(queue::told);
    systems.put(system, new Opened(queue, remote));
    bySlot.computeIfAbsent(slot, index -> ConcurrentHashMap.newKeySet()).add(remote);
    return queue;
  }

  private void closed(String system, RemoteExchanger remote) {
    systems.computeIfPresent(
        system, (name, opened) -> opened.exchanger() == remote ? null : opened);
    bySlot.getOrDefault(remote.slot(), Set.of()).remove(remote);
    remote.underWay().forEach(asks.underWay()::abandon);
  }

  // --- what becomes known

  private void ownerChanged(int slot) {
    asks.ownerChanged(slot, bySlot.getOrDefault(slot, Set.of()));
  }

  private void brokerChanged(Broker.State state) {
    if (state == Broker.State.CONNECTED) {
      asks.connected();
    } else {
      asks.disconnected();
    }
  }

  /** Ends what waits for too long, and listens no more to what is of no use; each 250 ms or so. */
  public void sweep() {
    if (!closed) {
      asks.sweep();
      interest.sweep(ticker.read());
    }
  }

  // --- what owners say unasked

  private void changed(String from, Frame.Changed changed) {
    Opened opened = ofOwner(from, changed.epoch(), changed.system());
    if (opened == null) {
      counters.unwanted.add(changed.readings().size());
      return;
    }
    // One mail, however many there are.
    if (!opened.queue().run(() -> take(opened.exchanger().cache(), changed))) {
      counters.unwanted.add(changed.readings().size());
    }
  }

  /** Only what was asked for here is kept, and nothing that was said to be wrong comes back. */
  private void take(ReadingCache cache, Frame.Changed changed) {
    for (Frame.Held reading : changed.readings()) {
      Slot slot = cache.find(reading.question());
      boolean isTaken =
          slot != null
              && !(reading.outcome() instanceof Failure<Value>)
              && cache.restore(
                  reading.question(), reading.outcome(), slot.keepMillis() * 1_000_000L);
      (isTaken ? counters.changes : counters.unwanted).increment();
    }
  }

  private void condition(String from, Frame.Condition condition) {
    Opened opened = ofOwner(from, condition.epoch(), condition.system());
    if (opened != null) {
      counters.conditions.increment();
      opened.queue().told(condition.health());
    }
  }

  /**
   * The system that a member speaks of, if that member may be its owner; else null, and counted.
   */
  private Opened ofOwner(String from, Epoch epoch, String system) {
    Opened opened = systems.get(system);
    if (opened == null || opened.queue().isOwn()) {
      return null;
    }
    Owner owner = owners.of(opened.exchanger().slot());
    if (owner != null && Asks.isOlder(epoch, owner.epoch())) {
      counters.olderEpochs.increment();
      return null;
    }
    boolean isOther = owner != null && !owner.member().id().equals(from);
    if (epoch == null || (isOther && epoch.equals(owner.epoch()))) {
      counters.strange.increment();
      return null;
    }
    return opened;
  }

  @Override
  public void close() {
    closed = true;
    interest.close();
    asks.disconnected();
  }
}
