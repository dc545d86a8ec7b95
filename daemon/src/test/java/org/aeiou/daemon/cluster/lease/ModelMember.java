package org.aeiou.daemon.cluster.lease;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Role;

/** A process with its own clock, its line to the broker, and what may happen to both. */
final class ModelMember implements LeaseStore, Leases.Listener {
  static final long RECONNECT = 250_000_000L;

  /** After this without an answer the connection is given up, as the pings are set. */
  static final long NOTICED = 3_300_000_000L;

  private final ModelWorld world;
  final String id;
  final Members members;
  final Leases leases;

  /** What happened to its slots, in order. */
  final List<String> told = new ArrayList<>();

  boolean isAlive = true;
  private boolean isStopped;
  private long wellSince;
  private boolean hasSeenABucket;
  private final List<Runnable> waiting = new ArrayList<>();

  /** Whether packets get through; how long they have not, it notices by itself. */
  boolean isCut;

  /** The run of the server that it is connected to; -1 if to none. */
  private int connection = -1;

  /** Whether the server does what it asks for, and it does not hear of it. */
  boolean losesReplies;

  private LeaseStore.Listener listener;

  ModelMember(
      ModelWorld world,
      String id,
      Set<Role> roles,
      String site,
      String digest,
      long offset,
      double rate) {
    this.world = world;
    this.id = id;
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return offset + (long) (world.time.now * rate);
          }
        };
    Member self =
        new Member(
            id,
            id,
            EnumSet.copyOf(roles),
            site,
            digest,
            world.map.digest(),
            "1",
            world.time.now / 1_000_000);
    this.members =
        new Members(self, world.map, world.times.ttl(), this::broadcast, Map::of, ticker);
    this.leases =
        new Leases(
            members,
            this,
            world.times,
            this,
            this::offer,
            new SplittableRandom(world.random.nextLong()),
            ticker);
    world.time.after(world.random.nextLong(RECONNECT), this::connect);
    world.time.after(world.random.nextLong(world.tick), this::tick);
  }

  private void tick() {
    if (!isAlive) {
      return;
    }
    if (!isStopped) {
      members.tick();
      leases.tick();
    }
    world.time.after(world.tick, this::tick);
  }

  // --- what may happen to it

  /** Something comes to the process: later if it is stopped, never if it is dead. */
  private void process(Runnable what) {
    if (isStopped) {
      waiting.add(what);
    } else if (isAlive) {
      what.run();
    }
  }

  boolean acts() {
    return isAlive && !isStopped;
  }

  boolean hasSeenABucket() {
    return hasSeenABucket;
  }

  /** Whether it may be given slots. */
  boolean mayOwn() {
    return acts() && members.electorate().has(id);
  }

  boolean isAt(String site) {
    return members.self().site().equals(site);
  }

  /** Since when it has been connected and has not been disturbed; far from now if it is not. */
  long wellSince() {
    return isCut || isStopped || connection < 0 ? Long.MAX_VALUE / 2 : wellSince;
  }

  void stop() {
    isStopped = true;
  }

  void drain() {
    process(() -> leases.drain(() -> {}));
  }

  void become(String digest) {
    wellSince = world.time.now;
    Member now = members.self();
    process(
        () ->
            members.become(
                new Member(
                    id, id, now.roles(), now.site(), digest, now.map(), "1", now.startedMillis())));
  }

  void heal() {
    wellSince = world.time.now;
    isCut = false;
  }

  void resume() {
    if (!isStopped || !isAlive) {
      return;
    }
    wellSince = world.time.now;
    isStopped = false;
    // What it finds first is random: what came, or the time.
    if (world.random.nextBoolean()) {
      members.tick();
      leases.tick();
    }
    List<Runnable> came = List.copyOf(waiting);
    waiting.clear();
    came.forEach(this::process);
  }

  void kill() {
    isAlive = false;
    connection = -1;
  }

  void cut() {
    isCut = true;
    int which = connection;
    world.time.after(
        NOTICED,
        () -> {
          if (isCut && connection == which) {
            disconnect(Broker.State.UNREACHABLE);
          }
        });
  }

  /** The connection has ended; it is made again as soon as it can be. */
  void disconnect(Broker.State why) {
    if (connection >= 0) {
      connection = -1;
      process(
          () -> {
            listener.closed();
            leases.broker(Broker.State.UNREACHABLE);
            members.connected(false);
          });
      world.time.after(RECONNECT, this::connect);
    }
    if (why == Broker.State.GONE) {
      world.time.after(RECONNECT, () -> process(this::refused));
    }
  }

  private void refused() {
    if (connection < 0 && !isCut && !world.bucket.isUp) {
      leases.broker(Broker.State.GONE);
    }
  }

  private void connect() {
    if (!isAlive || connection >= 0) {
      return;
    }
    if (!world.bucket.isUp || isCut || isStopped) {
      process(() -> leases.broker(isCut ? Broker.State.UNREACHABLE : Broker.State.GONE));
      world.time.after(RECONNECT, this::connect);
      return;
    }
    connection = world.bucket.run;
    wellSince = world.time.now;
    int which = connection;
    process(
        () -> {
          leases.broker(Broker.State.CONNECTED);
          members.connected(true);
        });
    world.time.after(
        world.delay(),
        () -> {
          if (reaches(which)) {
            long incarnation = world.bucket.incarnation();
            long age = world.bucket.age();
            process(
                () -> {
                  if (connection == which) {
                    hasSeenABucket = true;
                    listener.opened(incarnation, age);
                  }
                });
          } else if (connection == which) {
            disconnect(Broker.State.UNREACHABLE);
          }
        });
  }

  void stepped(long millis) {
    process(() -> listener.stepped(millis));
  }

  private boolean reaches(int run) {
    return world.bucket.isUp && world.bucket.run == run && !isCut;
  }

  // --- messages

  private void broadcast(MemberState state) {
    world.meter.accept(state);
    for (ModelMember other : List.copyOf(world.members)) {
      carry(other, () -> other.members.hear(state));
    }
  }

  private void offer(Member to, int slot) {
    for (ModelMember other : world.members) {
      if (other.id.equals(to.id())) {
        carry(other, () -> other.leases.offered(slot));
      }
    }
  }

  private void carry(ModelMember other, Runnable message) {
    int run = connection;
    if (run < 0 || isCut || world.loses()) {
      return;
    }
    for (int copies = world.duplicates() ? 2 : 1; copies > 0; copies--) {
      world.carried++;
      world.time.after(
          world.delay(),
          () -> {
            if (world.bucket.isUp
                && world.bucket.run == run
                && other.connection == run
                && !other.isCut) {
              other.process(message);
            }
          });
    }
  }

  // --- the store

  private void ask(long timeout, Supplier<Verdict> request, Consumer<Verdict> then) {
    boolean[] answered = new boolean[1];
    Consumer<Verdict> once =
        verdict ->
            process(
                () -> {
                  if (!answered[0]) {
                    answered[0] = true;
                    then.accept(verdict);
                  }
                });
    world.time.after(timeout, () -> once.accept(new Verdict.Unknown("timed out")));
    int run = connection;
    if (run < 0 || world.loses()) {
      return;
    }
    if (world.duplicates()) {
      world.time.after(world.delay(), () -> arrive(run, request, verdict -> {}));
    }
    world.time.after(world.delay(), () -> arrive(run, request, once));
  }

  /** Comes to the server, however late, if it is the one that it was sent to. */
  private void arrive(int run, Supplier<Verdict> request, Consumer<Verdict> then) {
    if (!world.bucket.isUp || world.bucket.run != run) {
      return;
    }
    if (isCut) {
      world.time.after(RECONNECT, () -> arrive(run, request, then));
      return;
    }
    Verdict verdict = request.get();
    if (!losesReplies && !world.loses()) {
      world.time.after(world.delay(), () -> then.accept(verdict));
    }
  }

  @Override
  public void create(int slot, String value, long timeout, Consumer<Verdict> then) {
    ask(timeout, () -> world.bucket.write(slot, 0, value), then);
  }

  @Override
  public void renew(int slot, long revision, String value, long timeout, Consumer<Verdict> then) {
    ask(timeout, () -> world.bucket.write(slot, revision, value), then);
  }

  @Override
  public void read(int slot, long timeout, Consumer<Verdict> then) {
    ask(timeout, () -> world.bucket.read(slot), then);
  }

  @Override
  public void release(int slot, long revision, long timeout, Consumer<Verdict> then) {
    ask(timeout, () -> world.bucket.release(slot, revision), then);
  }

  @Override
  public void listen(LeaseStore.Listener listener) {
    this.listener = listener;
  }

  @Override
  public void close() {}

  // --- what it is told

  @Override
  public void acquired(int slot, Epoch epoch) {
    told.add("acquired " + slot);
    world.note(id + " acquired " + slot + " " + epoch);
    world.acquired(slot, epoch);
  }

  @Override
  public void lost(int slot, Epoch epoch) {
    told.add("lost " + slot);
    world.note(id + " lost " + slot + " " + epoch);
  }

  @Override
  public void giving(int slot, Epoch epoch, Member to, Runnable done) {
    told.add("giving " + slot);
    world.time.after(world.pending, () -> process(done));
  }
}
