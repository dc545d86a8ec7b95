package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As {@link RoutedQueueTest}, with all threads there are: what they do crosses where it can. */
class RoutedQueueThreadsTest {
  private static final int REQUESTS = 20_000;
  private static final int TOGETHER = 50;

  private final Ticker ticker = Ticker.systemTicker();
  private final Broker broker = new MemoryNetwork().connect("me");
  private final ExecutorService others = Executors.newFixedThreadPool(2);
  private final CompletionScheduler<Question, Value> scheduler =
      new CompletionScheduler<>(
          SchedulerOptions.DEFAULT.withShards(1).withThreadName("routed-"),
          ticker,
          InstantSource.system(),
          new SplittableRandom(3));
  private final OneSlot owners = new OneSlot();
  private final RemoteCounters counters = new RemoteCounters();
  private final Asks asks =
      new Asks(
          "me",
          this::toMember,
          owners,
          broker,
          ticker,
          counters,
          new SlotInterest(slot -> () -> {}, counters));
  private final ReadingCache cache =
      new ReadingCache(ticker, new Silent(), new CacheBound(1 << 24, ticker));
  private final RemoteExchanger remote = new RemoteExchanger(asks, "core1", 0, cache);
  private final RoutedQueue queue =
      new RoutedQueue(
          "core1",
          new Limits(Duration.ofSeconds(2), 0, 4, Duration.ZERO, 8),
          new Here(),
          remote,
          (key, outcome, late) -> outcome,
          scheduler,
          scheduler.requester("relay"),
          ticker,
          () -> {});

  /** A poller, which answers on another thread, refuses, or is not there. */
  private boolean toMember(String id, Frame frame, Runnable unheard) {
    if (frame instanceof Frame.Ask ask) {
      others.execute(
          () -> {
            switch ((int) (ask.exchange() % 7)) {
              case 0 -> asks.refusal(id, new Frame.Refusal(ask.exchange(), Why.NOT_OWNER, "no"));
              case 1 -> unheard.run();
              default -> {
                List<Outcome<Value>> outcomes = new ArrayList<>();
                ask.wanted().forEach(wanted -> outcomes.add(reading()));
                asks.reply(id, new Frame.Reply(ask.exchange(), ask.epoch(), outcomes, null));
              }
            }
          });
    }
    return true;
  }

  private Outcome<Value> reading() {
    return Reading.of(RemoteFixture.text("x"), ticker.read(), 0);
  }

  @Test
  @Timeout(60)
  void eachRequestHasOneOutcomeWhileOwnershipComesAndGoes() throws Exception {
    AtomicInteger[] outcomes = new AtomicInteger[REQUESTS];
    CountDownLatch ended = new CountDownLatch(REQUESTS);
    Thread flips = new Thread(() -> flip(ended));
    flips.start();
    Requester me = scheduler.requester("me");
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < REQUESTS; i += TOGETHER) {
      RequesterBurst burst = me.begin();
      List<Request> some = new ArrayList<>();
      for (int j = i; j < i + TOGETHER; j++) {
        AtomicInteger mine = new AtomicInteger();
        outcomes[j] = mine;
        Question question =
            random.nextInt(20) == 0 ? RoutedQueueTest.set() : RemoteFixture.get(random.nextInt(90));
        some.add(
            queue.submit(
                question,
                Priority.INTERACTIVE,
                ticker.read() + TimeUnit.SECONDS.toNanos(20),
                burst,
                (count, outcome, delayed) -> {
                  if (count.incrementAndGet() == 1) {
                    ended.countDown();
                  }
                },
                mine));
      }
      burst.end();
      if (random.nextInt(4) == 0) {
        some.get(random.nextInt(TOGETHER)).cancel();
      }
    }
    assertThat(ended.await(50, TimeUnit.SECONDS)).as("%s", counters.metrics.values()).isTrue();
    flips.join();
    scheduler.close();
    others.shutdown();
    assertThat(others.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(outcomes).allMatch(count -> count.get() == 1);
    assertThat(counters.metrics.values().get("resent")).isPositive();
  }

  private void flip(CountDownLatch ended) {
    for (int i = 1; ended.getCount() > 0; i++) {
      owners.set(i % 3 == 0 ? "me" : i % 3 == 1 ? "p" : "q", i);
      if (i % 3 == 0) {
        queue.own();
      } else {
        queue.disown();
      }
      asks.ownerChanged(0, List.of(remote));
      asks.sweep();
      Thread.onSpinWait();
    }
  }

  private final class Here implements Exchanger<Question, Value> {
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
      others.execute(
          () ->
              exchange.answer(
                  new Answer.Items<>(
                      exchange.items().stream()
                          .<Answer.Item<Value>>map(item -> new Answer.Item.Done<>(reading()))
                          .toList())));
    }
  }

  private static final class OneSlot implements Owners {
    private final Slots slots = new Slots(1);
    private final AtomicReferenceArray<Owner> owner = new AtomicReferenceArray<>(1);

    void set(String id, long revision) {
      owner.set(
          0,
          new Owner(
              new Member(id, id, Set.of(), "", "", "", "1", 0), new Epoch(1, revision), 0, false));
    }

    @Override
    public Slots slots() {
      return slots;
    }

    @Override
    public Owner of(int slot) {
      return owner.get(slot);
    }

    @Override
    public void listen(IntConsumer slot) {}
  }

  private static final class Silent implements CacheListener {
    @Override
    public void changed(
        Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {}

    @Override
    public void confirmed(Dependent dependent) {}
  }
}
