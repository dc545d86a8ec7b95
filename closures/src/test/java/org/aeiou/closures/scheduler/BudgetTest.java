package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BudgetTest {
  /** One value an exchange, and as many exchanges as one likes. */
  private static final Limits ONE = new Limits(Duration.ofHours(1), 0, 100, Duration.ZERO, 1);

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TENTH = Duration.ofMillis(100);

  private final SteppedScheduler stepped = new SteppedScheduler();

  @AfterEach
  void close() {
    stepped.close();
  }

  private List<Scripted> open(int systems, Budget budget) {
    return open(systems, budget, ONE);
  }

  private List<Scripted> open(int systems, Budget budget, Limits limits) {
    List<Scripted> all = new ArrayList<>();
    for (int i = 0; i < systems; i++) {
      Scripted system = stepped.open("sys" + i, limits);
      system.queue.share(budget);
      all.add(system);
    }
    return all;
  }

  private static int exchanges(List<Scripted> systems) {
    return systems.stream().mapToInt(Scripted::exchanges).sum();
  }

  private void ask(Scripted system, Requester requester, int keys, Priority priority) {
    for (int i = 0; i < keys; i++) {
      system.ask(requester + " " + priority + i, priority, HOUR, requester.alone());
    }
  }

  @Test
  void systemsThatShareABudgetAreTogetherAskedNoFasterThanItAllows() {
    List<Scripted> systems = open(50, stepped.scheduler.budget("site", new Rate(10, 3), null));
    systems.forEach(system -> ask(system, stepped.me, 2, Priority.INTERACTIVE));
    stepped.settle();
    assertThat(exchanges(systems)).as("what may come at once").isEqualTo(3);
    for (int tenths = 1; tenths <= 97; tenths++) {
      stepped.pass(TENTH);
      stepped.turn();
      stepped.turn();
      assertThat(exchanges(systems)).isBetween(3 + tenths - 1, 3 + tenths);
    }
    stepped.advance(Duration.ofSeconds(1));
    assertThat(exchanges(systems)).as("all of it").isEqualTo(100);
    assertThat(systems).allSatisfy(system -> assertThat(system.exchanges()).isEqualTo(2));
    assertThat(stepped.count(SchedulerCounter.BUDGET_WAITS)).isEqualTo(97);
    assertThat(stepped.timers()).as("the time-outs and deadlines alone").isEqualTo(200);
  }

  @Test
  void whatIsSavedUpIsNoMoreThanTheBurst() {
    List<Scripted> systems = open(1, stepped.scheduler.budget("site", new Rate(100, 5), null));
    stepped.settle();
    stepped.advance(HOUR);
    ask(systems.get(0), stepped.me, 20, Priority.INTERACTIVE);
    stepped.settle();
    assertThat(exchanges(systems)).isEqualTo(5);
  }

  @Test
  void usersTakeTurnsHoweverManySystemsOneOfThemAsks() {
    List<Scripted> systems = open(40, stepped.scheduler.budget("site", new Rate(10, 1), null));
    Requester flood = stepped.scheduler.requester("flood");
    Requester other = stepped.scheduler.requester("other");
    systems.forEach(system -> ask(system, flood, 5, Priority.INTERACTIVE));
    stepped.settle();
    ask(systems.get(7), other, 3, Priority.INTERACTIVE);
    stepped.settle();
    for (int i = 0; i < 7; i++) {
      stepped.advance(TENTH);
    }
    assertThat(systems.get(7).asked().stream().flatMap(List::stream))
        .as("each second token is the other user's")
        .contains("other INTERACTIVE0", "other INTERACTIVE1", "other INTERACTIVE2");
  }

  @Test
  void interactiveRequestsGoBeforeTheBackgroundOfAllSystems() {
    List<Scripted> systems = open(10, stepped.scheduler.budget("site", new Rate(10, 1), null));
    systems.forEach(system -> ask(system, stepped.me, 1, Priority.BACKGROUND));
    stepped.settle();
    Asked asked = systems.get(9).ask("now");
    stepped.settle();
    stepped.advance(TENTH);
    assertThat(systems.get(9).asked()).contains(List.of("now"));
    for (int i = 0; i < 20; i++) {
      stepped.advance(TENTH);
    }
    assertThat(exchanges(systems)).as("and the background has what is left").isEqualTo(11);
    assertThat(asked.isPending()).isTrue();
  }

  @Test
  void aTokenOfASmallerBudgetTakesOneOfTheLarger() {
    Budget all = stepped.scheduler.budget("all", new Rate(20, 1), null);
    List<Scripted> london = open(5, stepped.scheduler.budget("lon", new Rate(5, 2), all));
    List<Scripted> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Scripted system = stepped.open("other" + i, ONE);
      system.queue.share(all);
      others.add(system);
    }
    london.forEach(system -> ask(system, stepped.me, 20, Priority.INTERACTIVE));
    others.forEach(system -> ask(system, stepped.me, 20, Priority.INTERACTIVE));
    stepped.settle();
    for (int i = 0; i < 200; i++) {
      stepped.pass(Duration.ofMillis(10));
      stepped.turn();
    }
    assertThat(exchanges(london)).as("5 a second for 2 s").isBetween(10, 12);
    assertThat(exchanges(london) + exchanges(others)).as("20 a second").isBetween(39, 41);
  }

  @Test
  void noneOfManyBudgetsStarvesWithinALargerOne() {
    Budget all = stepped.scheduler.budget("all", new Rate(50, 1), null);
    List<Scripted> systems = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      Scripted system = stepped.open("s" + i, ONE);
      system.queue.share(stepped.scheduler.budget("site" + i, new Rate(40, 4), all));
      ask(system, stepped.me, 100, Priority.INTERACTIVE);
      systems.add(system);
    }
    for (int i = 0; i < 200; i++) {
      stepped.pass(Duration.ofMillis(10));
      stepped.turn();
    }
    assertThat(systems).allSatisfy(system -> assertThat(system.exchanges()).isBetween(3, 5));
  }

  @Test
  void aSystemHasARateOfItsOwn() {
    Scripted core1 = stepped.open("core1", ONE.with(new Rate(10, 2)));
    ask(core1, stepped.me, 10, Priority.INTERACTIVE);
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(2);
    stepped.advance(TENTH);
    assertThat(core1.exchanges()).isEqualTo(3);
    stepped.advance(TENTH);
    stepped.advance(TENTH);
    assertThat(core1.exchanges()).isEqualTo(5);
    assertThat(core1.queue.health().pace().waits()).isTrue();
    assertThat(core1.queue.health().pace().waited()).isEqualTo(3);
  }

  @Test
  void aPartOfAnAnswerCountsAsItIsAnotherPacket() {
    Scripted core1 = stepped.open("core1", ONE.with(new Rate(10, 2)));
    ask(core1, stepped.me, 10, Priority.INTERACTIVE);
    stepped.settle();
    core1.last().answeredInPart();
    stepped.advance(TENTH);
    assertThat(core1.exchanges()).as("its token was spent").isEqualTo(2);
    stepped.advance(TENTH);
    assertThat(core1.exchanges()).isEqualTo(3);
  }

  @Test
  void whatIsWithdrawnWhileItWaitsTakesNoToken() {
    List<Scripted> systems = open(10, stepped.scheduler.budget("site", new Rate(1, 1), null));
    List<Asked> all = new ArrayList<>();
    systems.forEach(system -> all.add(system.ask("a")));
    stepped.settle();
    all.forEach(asked -> asked.request.cancel());
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofSeconds(1));
    Asked asked = systems.get(5).ask("b");
    stepped.settle();
    assertThat(systems.get(5).asked()).contains(List.of("b"));
    assertThat(asked.isPending()).isTrue();
  }

  @Test
  void aSystemThatIsTakenOutLeavesItsTurnToTheOthers() {
    List<Scripted> systems = open(3, stepped.scheduler.budget("site", new Rate(1, 1), null));
    systems.forEach(system -> ask(system, stepped.me, 3, Priority.INTERACTIVE));
    stepped.settle();
    systems.get(1).queue.close();
    stepped.settle();
    for (int i = 0; i < 6; i++) {
      stepped.advance(Duration.ofSeconds(1));
    }
    assertThat(systems.get(0).exchanges()).isEqualTo(3);
    assertThat(systems.get(2).exchanges()).isEqualTo(3);
  }

  @Test
  void aBudgetThatIsTakenAwayHoldsUpNothingAnyMore() {
    List<Scripted> systems = open(3, stepped.scheduler.budget("site", new Rate(1, 1), null));
    systems.forEach(system -> ask(system, stepped.me, 3, Priority.INTERACTIVE));
    stepped.settle();
    systems.forEach(system -> system.queue.share(null));
    stepped.settle();
    assertThat(exchanges(systems)).isEqualTo(9);
    assertThat(systems.get(0).queue.health().pace()).isNull();
  }

  @Test
  void theRateOfABudgetCanBeChangedWhileSystemsWait() {
    Budget budget = stepped.scheduler.budget("site", new Rate(1, 1), null);
    List<Scripted> systems = open(2, budget);
    systems.forEach(system -> ask(system, stepped.me, 50, Priority.INTERACTIVE));
    stepped.settle();
    budget.change(new Rate(100, 1), stepped.now());
    stepped.advance(Duration.ofSeconds(1)); // for the token that was reserved
    int before = exchanges(systems);
    for (int i = 0; i < 50; i++) {
      stepped.pass(Duration.ofMillis(10));
      stepped.turn();
    }
    assertThat(exchanges(systems) - before).isBetween(47, 51);
  }

  @Test
  void theAnswersOfSystemsThatWaitForABudgetAreTakenInMeanwhile() {
    List<Scripted> systems =
        open(2, stepped.scheduler.budget("site", new Rate(1, 1), null), SteppedScheduler.LIMITS);
    Asked first = systems.get(0).ask("a");
    stepped.settle();
    Asked second = systems.get(1).ask("a");
    stepped.settle();
    systems.get(0).answerLast();
    assertThat(first.word()).isEqualTo("value of a");
    assertThat(second.isPending()).isTrue();
    stepped.advance(Duration.ofSeconds(1));
    systems.get(1).answerLast();
    assertThat(second.word()).isEqualTo("value of a");
  }

  @Test
  void shardsTakeTheTokensOfOneBudgetInTurn() {
    try (SteppedScheduler two = new SteppedScheduler(SteppedScheduler.OPTIONS.withShards(2))) {
      Budget budget = two.scheduler.budget("site", new Rate(10, 1), null);
      List<Scripted> systems = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Scripted system = two.open("sys" + i, ONE);
        system.queue.share(budget);
        for (int key = 0; key < 50; key++) {
          system.ask("k" + key);
        }
        systems.add(system);
      }
      for (int i = 0; i < 600; i++) {
        two.pass(Duration.ofMillis(10));
        two.turn();
      }
      assertThat(exchanges(systems)).as("10 a second for 6 s").isBetween(58, 62);
      assertThat(systems).allSatisfy(system -> assertThat(system.exchanges()).isBetween(3, 8));
    }
  }
}
