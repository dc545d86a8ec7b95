package org.aeiou.daemon.cluster.remote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.TurnedScheduler;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.aeiou.daemon.cluster.message.Post;
import org.junit.jupiter.api.AfterEach;

/**
 * A member {@code me} that reads systems of the pollers {@code p} and {@code q}, which the test
 * plays, and can own them itself. Time stands still until the test moves it.
 */
abstract class RemoteFixture {
  static final int SLOTS = 16;
  static final Question NAME = get(5);
  static final Question LOCATION = get(6);
  static final Freshness TEN_SECONDS =
      new Freshness(Duration.ofSeconds(10).toNanos(), Duration.ofSeconds(20).toNanos());

  /** One at a time, a second apart. */
  static final Limits SLOW = new Limits(Duration.ofSeconds(2), 2, 1, Duration.ofSeconds(1), 1);

  final MemoryNetwork network = new MemoryNetwork();
  final Broker broker = network.connect("me");
  final Poller p = new Poller("p");
  final Poller q = new Poller("q");
  final KnownOwners owners = new KnownOwners();
  final CompletionScheduler<Question, Value> scheduler =
      TurnedScheduler.of(2, network.ticker(), network.clock());
  final Requester user = scheduler.requester("me");
  final Post post = network.post("me", broker);
  final RemoteSystems remote =
      new RemoteSystems(member("me"), post, owners, broker, scheduler, network.ticker());
  final Map<String, Agent> systems = new HashMap<>();

  RemoteFixture() {
    remote.start();
  }

  @AfterEach
  void close() {
    remote.close();
    scheduler.close();
  }

  static Question get(int number) {
    return new Question.Get(Oid.parse("1.3.6.1.2.1.1." + number + ".0"));
  }

  static Member member(String id) {
    return member(id, "");
  }

  static Member member(String id, String map) {
    return new Member(id, "host:" + id, Set.of(Role.POLL), "", "", map, "1", 0);
  }

  long now() {
    return network.ticker().read();
  }

  /** Everything happens that needs no time. */
  void settle() {
    for (int i = 0; i < 6; i++) {
      TurnedScheduler.turn(scheduler);
      network.deliver();
    }
  }

  void advance(Duration time) {
    network.advance(time.plusMillis(2).toNanos()); // timers are late by a little
    settle();
    remote.sweep();
    settle();
  }

  long count(String counter) {
    return remote.metrics().values().get(counter);
  }

  Agent system(String name) {
    return systems.computeIfAbsent(name, Agent::new);
  }

  static Value text(String text) {
    return new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of now. */
  Outcome<Value> reading(String text) {
    return Reading.of(text(text), now(), 0);
  }

  static String word(Outcome<Value> outcome) {
    if (outcome instanceof Failure<Value> failure) {
      return failure.reason().name();
    }
    return outcome instanceof Absent<Value>
        ? "absent"
        : new String(
            ((Value.Octets) ((Reading<Value>) outcome).value()).octets(), StandardCharsets.UTF_8);
  }

  // --- pollers

  /** A member that was asked. */
  final class Poller {
    final Member member;
    final Post post;
    final List<Frame.Ask> asks = new ArrayList<>();
    final List<Frame.Cancel> cancels = new ArrayList<>();

    Poller(String id) {
      member = member(id);
      post = network.post(id);
      post.receive(Frame.Ask.class, (from, ask, age) -> asks.add(ask));
      post.receive(Frame.Cancel.class, (from, cancel, age) -> cancels.add(cancel));
    }

    Frame.Ask last() {
      return asks.get(asks.size() - 1);
    }

    void says(Frame frame) {
      post.toMember("me", frame);
      settle();
    }

    /** Answers all that was asked last, as of now. */
    void answers(String... texts) {
      answers(last(), texts);
    }

    void answers(Frame.Ask ask, String... texts) {
      List<Outcome<Value>> outcomes = new ArrayList<>();
      for (String text : texts) {
        outcomes.add(reading(text));
      }
      says(new Frame.Reply(ask.exchange(), ask.epoch(), outcomes, null));
    }

    void refuses(Frame.Refusal.Why why) {
      says(new Frame.Refusal(last().exchange(), why, "as it says"));
    }

    void isGone() {
      post.close();
    }

    List<Question> asked() {
      return asks.stream()
          .flatMap(ask -> ask.wanted().stream())
          .map(Frame.Wanted::question)
          .collect(Collectors.toList());
    }
  }

  /** Who owns what, as the test says. */
  final class KnownOwners implements Owners {
    private final Slots slots = new Slots(SLOTS);
    private final Owner[] bySlot = new Owner[SLOTS];
    private final List<IntConsumer> listeners = new ArrayList<>();
    private long revision;

    @Override
    public Slots slots() {
      return slots;
    }

    @Override
    public Owner of(int slot) {
      return bySlot[slot];
    }

    @Override
    public void listen(IntConsumer slot) {
      listeners.add(slot);
    }

    /** All slots are this member's; null for none. */
    Epoch all(String id) {
      return all(id, "");
    }

    /** The same of a member that says so of where it puts systems. */
    Epoch all(String id, String map) {
      Epoch epoch = new Epoch(1, ++revision);
      for (int slot = 0; slot < SLOTS; slot++) {
        set(slot, id == null ? null : new Owner(member(id, map), epoch, now(), false));
      }
      settle();
      return epoch;
    }

    void suspect() {
      for (int slot = 0; slot < SLOTS; slot++) {
        Owner was = bySlot[slot];
        set(slot, new Owner(was.member(), was.epoch(), was.sinceNanos(), true));
      }
      settle();
    }

    /** Without telling. */
    void know(int slot, Owner owner) {
      bySlot[slot] = owner;
    }

    private void set(int slot, Owner owner) {
      bySlot[slot] = owner;
      listeners.forEach(listener -> listener.accept(slot));
    }
  }

  // --- systems

  /** A system of this member's configuration, whose agent the test plays. */
  final class Agent implements Exchanger<Question, Value>, CompletionHandler<Question, Value> {
    final ReadingCache cache =
        new ReadingCache(network.ticker(), new Silent(), new CacheBound(1 << 24, network.ticker()));
    final List<Exchange<Question, Value>> started = new ArrayList<>();
    final List<String> arrivals = new ArrayList<>();
    final RoutedQueue queue;

    /** Why nothing may be sent; null if it may. */
    Failure<Value> refusal;

    private Agent(String name) {
      queue = remote.open(name, SLOW, this, this, cache);
    }

    @Override
    public Object kind(Question key) {
      return "all";
    }

    @Override
    public boolean isRepeatable(Question key) {
      return !(key instanceof Question.Set);
    }

    @Override
    public void start(Exchange<Question, Value> exchange) {
      started.add(exchange);
    }

    @Override
    public Failure<Value> refusal(Exchange<Question, Value> exchange) {
      return refusal;
    }

    @Override
    public Outcome<Value> arrived(Question key, Outcome<Value> outcome, boolean late) {
      arrivals.add(word(outcome));
      return key instanceof Question.Set ? outcome : cache.accept(key, outcome);
    }

    @Override
    public Outcome<Value> since(Question key, long askedNanos) {
      return cache.since(key, askedNanos);
    }

    @Override
    public void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {
      arrivals.add("breaker " + to);
    }

    /** The agent answers what it was asked last. */
    void answers(String text) {
      Exchange<Question, Value> exchange = started.get(started.size() - 1);
      exchange.answer(
          new Answer.Items<>(
              exchange.items().stream()
                  .<Answer.Item<Value>>map(item -> new Answer.Item.Done<>(reading(text)))
                  .toList()));
      settle();
    }

    Asked ask(Question question) {
      return ask(question, Duration.ofSeconds(10), false);
    }

    Asked ask(Question question, Duration patience, boolean isForced) {
      Asked asked = new Asked();
      Slot slot = question instanceof Question.Set ? null : cache.open(question, TEN_SECONDS);
      long deadline = now() + patience.toNanos();
      if (isForced) {
        slot.demand();
      }
      asked.request =
          queue.submit(
              question,
              slot,
              Priority.INTERACTIVE,
              deadline,
              now(),
              user.alone(),
              (a, outcome, delayed) -> {
                a.outcomes.add(outcome);
                if (slot != null) {
                  slot.answered();
                }
              },
              asked);
      return asked;
    }

    Asked asked(Question question) {
      Asked asked = ask(question);
      settle();
      return asked;
    }
  }

  /** A request as its requester sees it. */
  static final class Asked {
    Request request;
    final List<Outcome<Value>> outcomes = new ArrayList<>();

    String word() {
      if (outcomes.size() > 1) {
        throw new AssertionError("more than one outcome: " + outcomes);
      }
      return outcomes.isEmpty() ? "pending" : RemoteFixture.word(outcomes.get(0));
    }

    String message() {
      return ((Failure<Value>) outcomes.get(0)).message();
    }
  }

  private static final class Silent implements CacheListener {
    @Override
    public void changed(
        Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {}

    @Override
    public void confirmed(Dependent dependent) {}
  }
}
