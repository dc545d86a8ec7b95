package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetsTest {
  private static final String NEEDED = "\nsystems: {core1: 10.0.0.1}";

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of());
  }

  @Test
  void systemsShareABudgetByNameElseThatOfTheDefaultsAndHaveARateOfTheirOwn() throws Exception {
    Configuration configuration =
        files.read(
            """
            budget: {requests-per-second: 500, burst: 60}
            budgets:
              site-lon: {requests-per-second: 50}
              site-par: {requests-per-second: 2.5}
            defaults:
              budget: site-par
              snmp: {requests-per-second: 20, burst: 3}
            systems:
              lon/a: {address: 10.0.0.1, budget: site-lon}
              lon/b: {address: 10.0.0.2, budget: site-lon, snmp: {requests-per-second: 5}}
              par/a: 10.0.0.3
            """);
    assertThat(configuration.budgets().all()).isEqualTo(new Rate(500, 60));
    assertThat(configuration.budgets().named())
        .containsExactly(
            Map.entry("site-lon", new Rate(50, 5)), Map.entry("site-par", new Rate(2.5, 2)));
    Map<String, SystemConfiguration> systems = configuration.systems();
    assertThat(systems.get("lon/a").budget()).isEqualTo("site-lon");
    assertThat(systems.get("par/a").budget()).isEqualTo("site-par");
    assertThat(systems.get("par/a").limits().rate()).isEqualTo(new Rate(20, 3));
    assertThat(systems.get("lon/b").limits().rate()).isEqualTo(new Rate(5, 3));
  }

  @Test
  void withoutAnyThereIsNone() throws Exception {
    Configuration configuration = files.read("systems: {core1: 10.0.0.1}");
    assertThat(configuration.budgets()).isEqualTo(new Budgets(null, Map.of()));
    assertThat(configuration.systems().get("core1").budget()).isNull();
    assertThat(configuration.systems().get("core1").limits().rate()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "budget: {burst: 5} | budget.requests-per-second: is missing; expected a number of packets,"
            + " as in 100 or 0.5",
        "budget: {requests-per-second: 0} | budget.requests-per-second: '0' is not a rate; expected"
            + " a number a second, from 0.001 to 100000",
        "budget: {requests-per-second: 5, burst: 0} | budget.burst: '0' is not a number from 1 to"
            + " 100000; expected one",
        "budgets: {a: {requests-per-second: 5, rate: 1}} | budgets.a.rate: is not a key here;"
            + " expected one of requests-per-second, burst",
        "defaults: {budget: lon} | defaults.budget: 'lon' is none of the budgets; expected one that"
            + " stands below 'budgets' at the top",
        "defaults: {snmp: {burst: 5}} | defaults.snmp.burst: is of no use without"
            + " 'requests-per-second'; expected both, or neither",
      })
  void eachMistakeIsNamed(String text, String error) throws Exception {
    assertThat(files.errors(text + NEEDED)).containsExactly("net.yaml:1: " + error);
  }

  @Test
  void aBudgetThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
    assertThat(
            files.errors(
                """
                budgets: {site-lon: {requests-per-second: 5}, site-par: {requests-per-second: 5}}
                systems: {core1: {address: 10.0.0.1, budget: site-lan}}
                """))
        .containsExactly(
            "net.yaml:2: systems.core1.budget: 'site-lan' is none of the budgets; expected"
                + " 'site-lon', or one of site-lon, site-par");
  }
}
