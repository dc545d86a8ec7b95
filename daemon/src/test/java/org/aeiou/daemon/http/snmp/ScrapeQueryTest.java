package org.aeiou.daemon.http.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.aeiou.daemon.catalogue.Catalogue;
import org.eclipse.jetty.util.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScrapeQueryTest {
  private static final Modules MODULES = ModulesReader.read(Catalogue.load(List.of()), List.of());

  private static ScrapeQuery query(String text) throws BadScrapeException {
    Targets targets = new Targets();
    targets.replace(Map.of("core1", "10.0.0.1:161"));
    Fields fields = new Fields(true);
    for (String pair : text.split("&", -1)) {
      fields.add(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return ScrapeQuery.of(fields, targets, MODULES);
  }

  private static List<String> modules(String text) throws BadScrapeException {
    return query(text).modules().stream().map(ModuleExport::name).toList();
  }

  @Test
  void moduleIsThatOfInterfacesWhereNoneIsNamed() throws BadScrapeException {
    assertThat(query("target=core1").system()).isEqualTo("core1");
    assertThat(modules("target=core1&auth=public_v2")).containsExactly("if_mib");
  }

  @Test
  void severalModulesAreNamedByCommaOrOneByOneEachOnce() throws BadScrapeException {
    assertThat(modules("target=core1&module=system,,if_mib&module=storage,system"))
        .containsExactly("system", "if_mib", "storage");
  }

  private static void refused(String query, String message) {
    assertThatThrownBy(() -> query(query)).as(query).hasMessage(message);
  }

  @Test
  void wrongQuerySaysWhatIsWrong() {
    String target =
        "'target' parameter must be specified once: the name of a system, or its address";
    refused("module=if_mib", target);
    refused("target=", target);
    refused("target=core1&target=core1", target);
    refused("target=core1&auth=a&auth=b", "'auth' parameter must only be specified once");
    refused("target=core1&module=,", "'module' parameter must contain at least one module name");
    refused(
        "target=core1&snmp_context=vlan-5",
        "'snmp_context' parameter is not taken: how a system is asked is in the configuration,"
            + " where one address may be several systems");
  }

  @Test
  void unknownModuleIsToldWithThoseThatThereAre() {
    assertThatThrownBy(() -> query("target=core1&module=cisco_wlc"))
        .hasMessageStartingWith("Unknown module 'cisco_wlc'; expected an attribute group")
        .hasMessageContaining("if_mib");
  }

  @Test
  void modulesWithoutEndAreRefused() {
    String many =
        IntStream.range(0, 33).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertThatThrownBy(() -> query("target=core1&module=" + many))
        .hasMessage("'module' parameter names 33 modules; expected at most 32");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 9500",
    "1, 500",
    "0.4, 200",
    "100000, 299500",
    "nonsense, 59500",
    "-1, 59500",
    "NaN, 59500",
    ", 59500",
    "Infinity, 299500"
  })
  void deadlineIsTheScrapersLessAnOffset(String header, long millis) {
    assertThat(TimeUnit.NANOSECONDS.toMillis(ScrapeDeadline.nanos(header))).isEqualTo(millis);
  }
}
