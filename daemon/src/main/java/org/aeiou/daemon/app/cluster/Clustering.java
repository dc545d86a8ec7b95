package org.aeiou.daemon.app.cluster;

import com.google.common.base.Ticker;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.daemon.app.systems.Places;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.cluster.ClusterTexts;
import org.aeiou.daemon.cluster.SlotSystems;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.broker.Subjects;
import org.aeiou.daemon.cluster.gossip.Gossip;
import org.aeiou.daemon.cluster.gossip.Inventories;
import org.aeiou.daemon.cluster.handover.Handover;
import org.aeiou.daemon.cluster.lease.LeaseStore;
import org.aeiou.daemon.cluster.lease.LeaseTimes;
import org.aeiou.daemon.cluster.lease.Leases;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Post;
import org.aeiou.daemon.cluster.nats.NatsBroker;
import org.aeiou.daemon.cluster.nats.NatsLearnedStore;
import org.aeiou.daemon.cluster.nats.NatsLeaseStore;
import org.aeiou.daemon.cluster.nats.NatsSettings;
import org.aeiou.daemon.cluster.owner.OwnedSystems;
import org.aeiou.daemon.cluster.remote.RemoteSystems;
import org.aeiou.daemon.config.ClusterSettings;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Metrics;
import org.aeiou.daemon.service.TimerThread;

/**
 * This process as a member of a cluster: the rooms below {@code cluster}, put together. It is the
 * one place where they meet, and as long as what it makes and listens to is many.
 *
 * <pre>
 *   Members ──▶ which slots there are to be had ──▶ Leases ──acquired, lost──▶ SlotSystems ──▶ RoutedQueue
 *      ▲                                                                                         │ │
 *    Post ◀──────── RemoteSystems: what another member owns ◀────────────────────────────────────┘ │
 *      └──────────▶ OwnedSystems: what this one owns, for others ──▶ the systems' own queues ◀─────┘
 * </pre>
 *
 * <p>Nothing else names a class of those rooms: without {@code cluster:} none of them is loaded.
 */
public final class Clustering implements AutoCloseable {
  /** How often what is owed by owners is looked at. */
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** For how long moves of slots are gathered before their budgets follow. */
  private static final long MOVED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long after its last word a member that leaves still answers. */
  private static final long LAST_WORD_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  private final ClusterSettings settings;
  private final BrokerEvents brokerEvents;

  /** Members, and what ends by itself. */
  private final TimerThread timer = new TimerThread("aeiou-cluster");

  /** Leases alone: nothing else may delay them. */
  private final TimerThread leaseTimer = new TimerThread("aeiou-leases");

  /** What is handed over, which may take long. */
  private final TimerThread handing = new TimerThread("aeiou-handover");

  /** Sends messages. */
  private final TimerThread sender = new TimerThread("aeiou-post");

  private final Broker broker;
  private final LeaseStore store;

  private final Post post;
  private final Members members;
  private final KnownMembers known;
  private final Leases leases;
  private final SlotSystems systems;
  private final RemoteSystems remote;
  private final OwnedSystems owned;
  private final Handover handover;
  private final Gossip gossip;
  private final Inventories inventories;
  private final ClusterTexts texts;
  private final ClusterPlaces places;
  private final Departure departure;
  private final AtomicBoolean isMoving = new AtomicBoolean();
  private volatile Runnable moved = () -> {};
  private volatile boolean isLeaving;

  /**
   * Begins to connect; takes part once {@link #join} is called.
   *
   * @param digest of what this process would ask; see {@link #configured}
   * @param version of the program
   * @param catalogue what attributes there are
   * @param random of the member's identity, and of how members avoid each other
   */
  public Clustering(
      ClusterSettings settings,
      String digest,
      String version,
      Catalogue catalogue,
      CompletionScheduler<Question, Value> scheduler,
      LearnedSystems learned,
      EventLog events,
      Metrics metrics,
      Ticker ticker,
      InstantSource clock,
      SplittableRandom random) {
    this.settings = settings;
    Slots slots = Settings.slots(settings);
    Member self =
        Settings.self(
            settings, random.nextLong(), digestOfPoller(digest), slots, version, clock.millis());
    MetricSet brokerMetrics = new MetricSet();
    NatsSettings nats = Settings.nats(settings, self.name());
    NatsBroker messages = NatsBroker.connect(nats, ticker, brokerMetrics);
    broker = messages;
    brokerEvents = new BrokerEvents(broker::state, timer::after, events::add);
    post =
        new Post(
            broker,
            new Subjects(settings.name()),
            self.id(),
            ticker,
            clock,
            task -> sender.after(0, task));
    members =
        new Members(
            self,
            slots,
            settings.ttl().toNanos(),
            state -> post.toAll(new Frame.State(state)),
            this::figures,
            ticker);
    known = new KnownMembers(events, settings, this::gone);
    systems = new SlotSystems(slots);
    Supplier<String> problem;
    if (settings.polls()) {
      NatsLeaseStore bucket = NatsLeaseStore.connect(nats, ticker, brokerMetrics);
      store = bucket;
      problem = () -> messages.problem().isEmpty() ? bucket.problem() : messages.problem();
    } else {
      store = new NoLeases();
      problem = messages::problem;
    }
    leases =
        new Leases(
            members,
            store,
            LeaseTimes.of(settings.ttl()),
            new Owned(),
            (to, slot) -> post.toMember(to.id(), new Frame.Offer(slot)),
            random.split(),
            ticker);
    remote = new RemoteSystems(self, post, members, broker, scheduler, ticker);
    owned =
        new OwnedSystems(
            new PostSender(post),
            timer::after,
            leases,
            members,
            systems::ownedNamed,
            known::name,
            scheduler::requester,
            ticker);
    handover =
        new Handover(
            post::toMember,
            post::toAll,
            systems,
            systems,
            slots,
            learned,
            new LearnedShelf(new NatsLearnedStore(messages, nats, brokerMetrics)),
            handing::after,
            ticker,
            clock);
    texts =
        new ClusterTexts(settings.name(), members, broker, new LeaseLines(leases, problem), clock);
    gossip = new Gossip(post, events, known::name, clock);
    inventories =
        new Inventories(
            post,
            members::self,
            () -> members.electorate().members(),
            task -> handing.after(0, task),
            ticker);
    departure = new Departure(leases, members);
    places =
        new ClusterPlaces(
            settings.polls(),
            catalogue,
            members,
            known,
            broker,
            systems,
            remote,
            owned,
            ticker,
            clock);
    listen();
    metrics.register("cluster", members.metrics());
    metrics.register("cluster", texts.metrics());
    metrics.register("cluster", leases.metrics());
    metrics.register("cluster.broker", brokerMetrics);
    metrics.register("cluster.post", post.metrics());
    metrics.register("cluster.remote", remote.metrics());
    metrics.register("cluster.owner", owned.metrics());
    metrics.register("cluster.handover", handover.metrics());
    metrics.register("cluster.gossip", gossip.metrics());
    metrics.register("cluster.gossip", inventories.metrics());
  }

  private void listen() {
    members.listen(known);
    broker.listen(this::broker);
    post.receive(Frame.State.class, (from, frame, age) -> heard(frame.state()));
    post.receive(Frame.Offer.class, (from, frame, age) -> leases.offered(frame.slot()));
    post.receive(Frame.Ask.class, owned::ask);
    post.receive(Frame.PageWanted.class, (from, frame, age) -> handover.wanted(from, frame));
    post.receive(Frame.Page.class, (from, frame, age) -> handover.received(from, frame));
    post.receive(Frame.Cancel.class, (from, frame, age) -> owned.cancel(from, frame));
  }

  /**
   * Shares what happens to systems, and what they tell of their own accord, with other members.
   *
   * @param changed takes in what came to another member
   * @param doubted the same of systems in which anything may have changed
   * @return is told what comes here
   */
  public Notification.Sink share(Consumer<Notification> changed, Consumer<List<String>> doubted) {
    gossip.start(
        new Gossip.Doubts() {
          @Override
          public void changed(Notification notification) {
            changed.accept(notification);
          }

          @Override
          public void doubted(List<String> systems) {
            doubted.accept(systems);
          }
        });
    return gossip;
  }

  /**
   * Tells other members which systems there are.
   *
   * @param inventory which, as a part of a configuration
   */
  public void giveSystems(Supplier<String> inventory) {
    inventories.give(inventory);
  }

  /**
   * Takes from pollers which systems there are, for as long as {@code isWanted} says so.
   *
   * @param inventory says whether it can be used
   */
  public void takeSystems(BooleanSupplier isWanted, Predicate<String> inventory) {
    inventories.take(inventory);
    timer.every(
        SWEEP_NANOS,
        () -> {
          if (isWanted.getAsBoolean()) {
            inventories.tick();
          }
        });
  }

  /** Whether another member asks a system. */
  public boolean isElsewhere(String system) {
    Owner owner = members.of(members.slotOf(system));
    return owner != null && !owner.member().id().equals(members.self().id());
  }

  private void heard(MemberState state) {
    members.hear(state);
    known.heard(state);
  }

  private void gone(String id) {
    owned.forget(id);
  }

  /** What members are told of this one. */
  private Map<String, Long> figures() {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("systems", (long) systems.owned());
    figures.put(KnownMembers.BROKER, TimeUnit.NANOSECONDS.toMicros(broker.roundTripNanos()));
    Runtime heap = Runtime.getRuntime();
    figures.put("heap_mb", (heap.totalMemory() - heap.freeMemory()) >> 20);
    return figures;
  }

  /** Of a member that asks no system it does not matter what it would ask. */
  private String digestOfPoller(String digest) {
    return !settings.polls() ? "" : digest.isEmpty() ? Member.NO_SYSTEMS : digest;
  }

  /** Takes part from now on. */
  public void join() {
    remote.start();
    post.start();
    timer.every(Members.TICK.toNanos(), members::tick);
    timer.every(SWEEP_NANOS, remote::sweep);
    leaseTimer.every(Members.TICK.toNanos(), leases::tick);
  }

  /**
   * Another configuration counts.
   *
   * @param digest tells what this process would ask from what others would: members that differ
   *     from most ask for no slot
   */
  public void configured(String digest) {
    Member self = members.self();
    if (!self.digest().equals(digestOfPoller(digest))) {
      members.become(Settings.withDigest(self, digestOfPoller(digest)));
    }
  }

  /** Gives away what this member owns, and takes no more; the answer to that order. */
  public String drain() {
    return departure.drain();
  }

  /** Leaves; waits for what is given away, for so long at the most. */
  public void leave(long nanos) {
    departure.leave(nanos);
    isLeaving = true;
    members.leave();
    if (broker.state() == Broker.State.CONNECTED) {
      // What members ask before they have heard that it leaves is refused: they ask the next owner.
      Uninterruptibles.sleepUninterruptibly(LAST_WORD_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  public ClusterTexts texts() {
    return texts;
  }

  /** What was configured when it began: that takes a new start. */
  public ClusterSettings settings() {
    return settings;
  }

  /** Where systems are asked. */
  public Places places() {
    return places;
  }

  private void broker(Broker.State state) {
    if (isLeaving) {
      return; // it is this member that goes
    }
    members.connected(state == Broker.State.CONNECTED);
    leases.broker(
        state == Broker.State.GONE && !settings.pollsAlone() ? Broker.State.UNREACHABLE : state);
    brokerEvents.changed(state);
  }

  /** Runs this soon after other systems are asked in this process than before. */
  public void whenMoved(Runnable task) {
    moved = task;
  }

  private void move() {
    if (isMoving.compareAndSet(false, true)) {
      timer.after(
          MOVED_NANOS,
          () -> {
            isMoving.set(false);
            moved.run();
          });
    }
  }

  /** Told of slots by the leases. */
  private final class Owned implements Leases.Listener {
    @Override
    public void acquired(int slot, Epoch epoch) {
      handover.acquired(slot, epoch); // first: what others tell need not be asked for
      systems.own(slot);
      move();
    }

    @Override
    public void lost(int slot, Epoch epoch) {
      systems.disown(slot);
      move();
      handover.lost(slot);
    }

    @Override
    public void giving(int slot, Epoch epoch, Member to, Runnable done) {
      handover.give(slot, to == null ? null : to.id(), done);
    }
  }

  @Override
  public void close() {
    isLeaving = true;
    timer.close();
    leaseTimer.close();
    handing.close();
    remote.close();
    post.close();
    sender.close();
    store.close();
    broker.close();
  }
}
