package org.aeiou.closures;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.closures.scheduler.SystemQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules that keep the design honest, one test or more each, on real threads. */
@Timeout(60)
class RulesTest {
  private static final int BOUND = 100_000;
  private static final Limits LIMITS = new Limits(Duration.ofHours(1), 0, 2, Duration.ZERO, 24);

  private final CompletionScheduler<String, String> scheduler =
      new CompletionScheduler<>(
          SchedulerOptions.DEFAULT
              .withShards(2)
              .withMaxPending(BOUND / 8 * 9)
              .withMaxPendingOfUser(BOUND)
              .withThreadName("rules-"),
          Ticker.systemTicker(),
          InstantSource.system(),
          new SplittableRandom(1));

  /** What the systems were asked, in order. */
  private final BlockingQueue<Exchange<String, String>> asked = new LinkedBlockingQueue<>();

  private final Map<String, Outcome<String>> cache = new ConcurrentHashMap<>();

  private final Requester me = scheduler.requester("me");

  @AfterEach
  void close() {
    scheduler.close();
  }

  private SystemQueue<String, String> open(String name, boolean answersInline) {
    return scheduler.open(
        name,
        LIMITS,
        new Exchanger<>() {
          @Override
          public Object kind(String key) {
            return "any";
          }

          @Override
          public void start(Exchange<String, String> exchange) {
            asked.add(exchange);
            if (answersInline) {
              answer(exchange, "inline");
            }
          }
        },
        (key, outcome, late) -> {
          cache.put(key + (late ? " late" : ""), outcome);
          return outcome;
        });
  }

  private static void answer(Exchange<String, String> exchange, String value) {
    List<Answer.Item<String>> items = new ArrayList<>();
    exchange.items().forEach(i -> items.add(new Answer.Item.Done<>(Reading.of(value, 0, 0))));
    exchange.answer(new Answer.Items<>(items));
  }

  private <C> Request submit(
      SystemQueue<String, String> queue, String key, Closure<String, C> closure, C context) {
    return queue.submit(key, Priority.INTERACTIVE, Long.MAX_VALUE, me.alone(), closure, context);
  }

  private Source<String, String> source(SystemQueue<String, String> queue) {
    return new Source<>() {
      @Override
      public Burst begin() {
        return me.begin();
      }

      @Override
      public <C> Request submit(String key, Burst burst, Closure<String, C> closure, C context) {
        Outcome<String> hit = cache.get(key);
        if (hit == null) {
          return queue.submit(
              key, Priority.INTERACTIVE, Long.MAX_VALUE, (RequesterBurst) burst, closure, context);
        }
        closure.run(context, hit, false);
        return Request.IMMEDIATE;
      }
    };
  }

  @Test
  void rule1AHitRunsItsClosureInsideTheSubmittingCall() {
    cache.put("hit", Reading.of("1", 0, 0));
    Group<String, String> group = Group.begin(source(open("core1", false)));
    List<Object> ran = new ArrayList<>();
    Request request =
        group.submit(
            "hit",
            (list, outcome, delayed) -> {
              list.add(Thread.currentThread());
              list.add(delayed);
            },
            ran);
    assertThat(ran).containsExactly(Thread.currentThread(), false);
    assertThat(request).isSameAs(Request.IMMEDIATE);
    assertThat(scheduler.metrics().values()).containsEntry("submitted", 0L);
  }

  @Test
  void rule1AMissNeverRunsItsClosureInsideTheSubmittingCallEvenOnTheShardsOwnThread()
      throws InterruptedException {
    SystemQueue<String, String> queue = open("core1", true);
    BlockingQueue<Object> ran = new LinkedBlockingQueue<>();
    submit(
        queue,
        "first",
        (seen, outcome, delayed) -> {
          AtomicInteger inside = new AtomicInteger(1);
          // On the thread that owns the system, which answers inside its start.
          submit(queue, "second", (in, o, d) -> seen.add(in.get() == 0 && d), inside);
          inside.set(0);
        },
        ran);
    assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo(true);
  }

  @Test
  void rule2NoThreadWaitsForASystemAndAPendingRequestIsSmall() throws InterruptedException {
    SystemQueue<String, String> silent = open("silent", false);
    submit(silent, "warm up", (c, outcome, delayed) -> {}, null);
    asked.poll(20, TimeUnit.SECONDS);
    int threads = Thread.activeCount();
    long before = usedHeap();
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < BOUND - 1; i++) {
      submit(silent, "key" + i, (count, outcome, delayed) -> count.incrementAndGet(), ended);
    }
    // Another request passes all of these on the same or the other shard: no thread waits.
    CountDownLatch passed = new CountDownLatch(1);
    submit(silent, "cancelled", (latch, outcome, delayed) -> latch.countDown(), passed);
    assertThat(scheduler.metrics().values().get("rejected")).isEqualTo(1);
    assertThat(Thread.activeCount()).isEqualTo(threads);
    assertThat((usedHeap() - before) / BOUND).as("bytes per request").isLessThan(1024);
    assertThat(ended).hasValue(0);
    scheduler.close();
    assertThat(ended).hasValue(BOUND - 1);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void rule3ExactlyOneOutcomeWhateverHappens() throws InterruptedException {
    SystemQueue<String, String> queue = open("core1", false);
    AtomicInteger outcomes = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(2);
    Closure<String, AtomicInteger> counting =
        (count, outcome, delayed) -> {
          count.incrementAndGet();
          first.countDown();
        };
    Request withdrawn = submit(queue, "a", counting, outcomes);
    submit(queue, "a", counting, outcomes);
    Exchange<String, String> exchange = asked.poll(20, TimeUnit.SECONDS);
    // A fence: when a later key is asked, both of those above were taken in.
    submit(queue, "b", (c, outcome, delayed) -> {}, null);
    assertThat(asked.poll(20, TimeUnit.SECONDS)).isNotNull();
    withdrawn.cancel();
    withdrawn.cancel();
    answer(exchange, "1");
    answer(exchange, "2");
    withdrawn.cancel();
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    answer(exchange, "3");
    scheduler.close();
    answer(exchange, "4");
    assertThat(outcomes).hasValue(2);
    assertThat(cache).containsEntry("a", Reading.of("1", 0, 0));
    assertThat(scheduler.metrics().values()).containsEntry("duplicates", 3L);
  }

  @Test
  void rule4SubmittingNeverBlocksNotEvenBehindAStuckClosure() throws InterruptedException {
    SystemQueue<String, String> queue = open("core1", true);
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    submit(
        queue,
        "stuck",
        (latch, outcome, delayed) -> {
          stuck.countDown();
          awaitUninterruptibly(latch);
        },
        release);
    stuck.await();
    int accepted = 0;
    // The only thread that could make room waits for this one: if this blocked, it would for ever.
    while (accepted < 2 * BOUND
        && submit(queue, "key", (c, outcome, delayed) -> {}, null) != null) {
      accepted++;
    }
    release.countDown();
    assertThat(accepted).isEqualTo(BOUND);
    assertThat(scheduler.metrics().values()).containsEntry("rejected", 1L);
  }

  @Test
  void rule4AFullGroupIsToldAtOnce() {
    SystemQueue<String, String> queue = open("core1", false);
    Group<String, String> group = Group.begin(source(queue));
    for (int i = 0; i < BOUND; i++) {
      group.submit("key" + i % 7, (c, outcome, delayed) -> {}, null);
    }
    assertThat(group.submit("one more", (c, outcome, delayed) -> {}, null)).isNull();
    assertThat(group.progress().refused()).isEqualTo(1);
    group.end();
  }

  @Test
  void rule5OneFetchPerAttributeInFlightHoweverManyAsk() throws InterruptedException {
    SystemQueue<String, String> queue = open("core1", false);
    CountDownLatch all = new CountDownLatch(1000);
    for (int i = 0; i < 1000; i++) {
      submit(queue, "a", (latch, outcome, delayed) -> latch.countDown(), all);
    }
    Exchange<String, String> exchange = asked.poll(20, TimeUnit.SECONDS);
    assertThat(exchange.items()).hasSize(1);
    // A fence: when a later key is asked, all of those above were taken in.
    submit(queue, "b", (c, outcome, delayed) -> {}, null);
    Exchange<String, String> fence = asked.poll(20, TimeUnit.SECONDS);
    assertThat(fence.items()).extracting(Exchange.Item::key).containsExactly("b");
    answer(exchange, "1");
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(scheduler.metrics().values())
        .containsEntry("joined", 999L)
        .containsEntry("items", 2L);
  }

  @Test
  void rule7TimeAndRandomnessAreInjected() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.aeiou.closures");
    ArchRuleDefinition.noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Ticker.class, "systemTicker")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callConstructor(SplittableRandom.class)
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocalRandom.class)
        .check(classes);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly(latch);
  }
}
