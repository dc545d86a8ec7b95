package org.aeiou.daemon.app.systems;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributePatterns;
import org.aeiou.daemon.config.Budgets;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.Configuration.Write;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedBudgetsTest {
  private final CompletionScheduler<Question, Value> scheduler =
      new CompletionScheduler<>(
          SchedulerOptions.DEFAULT,
          Ticker.systemTicker(),
          InstantSource.system(),
          new SplittableRandom(1));
  private final SharedBudgets budgets = new SharedBudgets(scheduler, Ticker.systemTicker());
  private final Set<String> asked = new HashSet<>();

  /** Eight systems, two of which share a budget of their own. */
  private final List<SystemConfiguration> systems =
      IntStream.range(0, 8).mapToObj(i -> system("s" + i, i < 2 ? "lon" : null)).toList();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private static SystemConfiguration system(String name, String budget) {
    return new SystemConfiguration(
        name, "snmp", null, null, null, UTF_8, new Write(AttributePatterns.NONE, null), budget);
  }

  private Rate rateOf(int system) {
    return budgets.of(systems.get(system)).rate();
  }

  private void configured() {
    var unused = budgets.change(new Budgets(new Rate(400, 40), Map.of("lon", new Rate(10, 4))));
  }

  @Test
  void aMemberGoesByItsPartOfEachBudget() {
    configured();
    assertThat(rateOf(7)).isEqualTo(new Rate(400, 40));
    asked.addAll(List.of("s0", "s5"));
    budgets.share(systems, asked::contains);
    assertThat(rateOf(7)).isEqualTo(new Rate(100, 10));
    assertThat(rateOf(0)).isEqualTo(new Rate(5, 2));
    assertThat(budgets.text())
        .contains(
            "all systems: 100 a second, 10 at once, this member's share of 400 a second, 40 at once",
            "lon: 5 a second, 2 at once, this member's share of 10 a second, 4 at once");
  }

  @Test
  void thePartsOfAllMembersTogetherAreTheBudget() {
    configured();
    double all = 0;
    for (Set<String> member :
        List.of(Set.of("s0", "s1", "s2"), Set.of("s3"), Set.of("s4", "s5", "s6", "s7"))) {
      budgets.share(systems, member::contains);
      all += rateOf(7).perSecond();
    }
    assertThat(all).isEqualTo(400);
  }

  @Test
  void aMemberThatAsksNothingMayAskOneAtOnceWhenItDoes() {
    configured();
    budgets.share(systems, name -> false);
    assertThat(rateOf(7)).isEqualTo(new Rate(50, 5));
    assertThat(rateOf(1)).isEqualTo(new Rate(5, 2));
  }

  @Test
  void oneThatIsAloneHasAllOfIt() {
    configured();
    Budget before = budgets.of(systems.get(7));
    budgets.share(systems, name -> true);
    assertThat(rateOf(7)).isEqualTo(new Rate(400, 40));
    assertThat(budgets.of(systems.get(7))).isSameAs(before);
    assertThat(budgets.text()).doesNotContain("share");
  }

  @Test
  void aReloadKeepsThePart() {
    configured();
    asked.addAll(List.of("s0", "s1", "s2", "s3"));
    budgets.share(systems, asked::contains);
    var unused = budgets.change(new Budgets(new Rate(800, 80), Map.of("lon", new Rate(20, 4))));
    assertThat(rateOf(7)).isEqualTo(new Rate(400, 40));
    assertThat(rateOf(0)).isEqualTo(new Rate(20, 4));
  }
}
