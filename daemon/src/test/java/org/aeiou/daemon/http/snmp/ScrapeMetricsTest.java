package org.aeiou.daemon.http.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;
import org.aeiou.daemon.http.snmp.Scrape.OfModule;
import org.aeiou.daemon.http.snmp.Scrape.Part;
import org.aeiou.daemon.service.group.GroupReading;
import org.junit.jupiter.api.Test;

final class ScrapeMetricsTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());
  private static final long NOW = TimeUnit.HOURS.toNanos(1);
  private static final Ticker TICKER =
      new Ticker() {
        @Override
        public long read() {
          return NOW;
        }
      };

  /** Rows with a name and an index each. */
  private record Known(List<String> rows, List<Integer> indexes, Value[][] values, long taken)
      implements GroupReading {
    @Override
    public boolean isTable() {
      return !indexes.isEmpty();
    }

    @Override
    public long attributes() {
      return (long) rows.size() * values[0].length;
    }

    @Override
    public List<String> columns() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Oid index(int row) {
      return Oid.of(indexes.get(row));
    }

    @Override
    public Value value(int row, int column) {
      return values[row][column];
    }

    @Override
    public long oldestNanos(int column) {
      return taken;
    }

    @Override
    public void tell(int row, Visitor visitor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long changedMillis() {
      return 0;
    }

    @Override
    public long freshNanos() {
      return 0;
    }

    @Override
    public long usableNanos() {
      return 0;
    }
  }

  private static List<Attribute> attributes(AttributeGroup group, String... names) {
    List<Attribute> all = new ArrayList<>();
    for (String name : names) {
      all.add(group.attribute(name));
    }
    return all;
  }

  private static Value number(long number) {
    return new Value.Numeric(Value.NumberType.INTEGER, number);
  }

  private static Value text(String text) {
    return new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  private static Part part(OfGroup of, GroupReading reading, String... columns) {
    Part part = new Part(of, attributes(of.group(), columns));
    part.reading = reading;
    return part;
  }

  private static List<String> lines(OfModule... modules) {
    ScrapeMetrics metrics =
        ScrapeMetrics.of(
            List.of(modules), UTF_8, TICKER, new ScrapeMetrics.Times(NOW - 2_000_000_000L, NOW));
    StringBuilder out = new StringBuilder();
    for (MetricFamily family : metrics.families()) {
      family.head(out);
      for (int i = 0; i < family.samples().size(); i++) {
        family.samples().put(i, out);
      }
    }
    return out.toString().lines().filter(line -> !line.startsWith("# HELP")).toList();
  }

  private static OfModule module(String name, Part... parts) {
    OfModule of = new OfModule(new ModuleExport(name, List.of(), List.of()));
    of.groups.add(List.of(parts));
    return of;
  }

  private static OfGroup interfaces(Set<String> infos, Set<String> states) {
    AttributeGroup group = CATALOGUE.group("interfaces");
    return new OfGroup(
        group,
        attributes(group, "ifOperStatus", "ifMtu"),
        attributes(group, "ifAlias"),
        Set.of(),
        infos,
        states);
  }

  @Test
  void labelOfAnotherPartIsThatOfTheRowWithTheSameNameWhateverItsIndex() {
    OfGroup of = interfaces(Set.of(), Set.of());
    Part fast =
        part(
            of,
            new Known(
                List.of("eth0", "eth1"),
                List.of(7, 8),
                new Value[][] {{number(1)}, {number(2)}},
                NOW - 1_000_000_000L),
            "ifOperStatus");
    Part slow =
        part(
            of,
            new Known(
                List.of("eth1", "eth2"),
                List.of(7, 9),
                new Value[][] {{text("one"), number(1500)}, {text("two"), null}},
                NOW - 60_000_000_000L),
            "ifAlias",
            "ifMtu");

    assertThat(lines(module("m", fast, slow)))
        .containsExactly(
            "# TYPE ifMtu gauge",
            "ifMtu{ifAlias=\"one\",ifIndex=\"7\"} 1500",
            "# TYPE ifOperStatus gauge",
            "ifOperStatus{ifAlias=\"\",ifIndex=\"7\"} 1",
            "ifOperStatus{ifAlias=\"one\",ifIndex=\"8\"} 2",
            "# TYPE aeiou_reading_age_seconds gauge",
            "aeiou_reading_age_seconds{class=\"config\",group=\"interfaces\",module=\"m\"} 60.0",
            "aeiou_reading_age_seconds{class=\"state\",group=\"interfaces\",module=\"m\"} 1.0",
            "# TYPE snmp_scrape_duration_seconds gauge",
            "snmp_scrape_duration_seconds{module=\"m\"} 2.0",
            "# TYPE snmp_scrape_pdus_returned gauge",
            "snmp_scrape_pdus_returned{module=\"m\"} 6",
            "# TYPE snmp_scrape_walk_duration_seconds gauge",
            "snmp_scrape_walk_duration_seconds{module=\"m\"} 2.0");
  }

  @Test
  void enumerationIsANumberOrItsLabelOrASeriesForEach() {
    Known up =
        new Known(List.of("eth0"), List.of(1), new Value[][] {{number(1), text("a"), null}}, NOW);
    String[] columns = {"ifOperStatus", "ifAlias", "ifMtu"};

    assertThat(lines(module("m", part(interfaces(Set.of("ifOperStatus"), Set.of()), up, columns))))
        .contains(
            "# TYPE ifOperStatus_info gauge",
            "ifOperStatus_info{ifAlias=\"a\",ifIndex=\"1\",ifOperStatus=\"up\"} 1");
    assertThat(lines(module("m", part(interfaces(Set.of(), Set.of("ifOperStatus")), up, columns))))
        .contains(
            "ifOperStatus{ifAlias=\"a\",ifIndex=\"1\",ifOperStatus=\"up\"} 1",
            "ifOperStatus{ifAlias=\"a\",ifIndex=\"1\",ifOperStatus=\"down\"} 0")
        .filteredOn(line -> line.startsWith("ifOperStatus{"))
        .hasSize(7);
  }

  @Test
  void bitsAreOneSampleEach() {
    AttributeGroup group =
        CATALOGUE.groups().stream()
            .filter(AttributeGroup.Scalars.class::isInstance)
            .filter(any -> any.attributes().stream().anyMatch(a -> !a.syntax().bits().isEmpty()))
            .findFirst()
            .orElseThrow();
    Attribute bits =
        group.attributes().stream().filter(a -> !a.syntax().bits().isEmpty()).findFirst().get();
    OfGroup of = new OfGroup(group, List.of(bits), List.of(), Set.of(), Set.of(), Set.of());
    Value first = new Value.Octets(Value.OctetsType.OCTETS, new byte[] {(byte) 0x80});
    Part part =
        part(of, new Known(List.of(""), List.of(), new Value[][] {{first}}, NOW), bits.name());

    assertThat(lines(module("m", part)))
        .contains(bits.name() + "{" + bits.name() + "=\"" + bits.syntax().bits().get(0L) + "\"} 1")
        .filteredOn(line -> line.startsWith(bits.name() + "{"))
        .hasSize(bits.syntax().bits().size());
  }

  @Test
  void nameThatTwoModulesHaveIsExportedOnce() {
    OfGroup of = interfaces(Set.of(), Set.of());
    Known up =
        new Known(List.of("eth0"), List.of(1), new Value[][] {{number(1), text("a"), null}}, NOW);
    String[] columns = {"ifOperStatus", "ifAlias", "ifMtu"};

    assertThat(lines(module("a", part(of, up, columns)), module("b", part(of, up, columns))))
        .filteredOn(line -> line.startsWith("ifOperStatus"))
        .hasSize(1);
  }
}
