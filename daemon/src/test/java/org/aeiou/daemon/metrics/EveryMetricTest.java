package org.aeiou.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.aeiou.closures.metric.Metric;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.http.HttpServer;
import org.aeiou.daemon.http.snmp.ModulesReader;
import org.aeiou.daemon.http.snmp.SnmpHandler;
import org.aeiou.daemon.http.snmp.Targets;
import org.aeiou.daemon.kernel.KernelChannel;
import org.aeiou.daemon.portable.PortableChannel;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.systemd.ServiceManager;
import org.aeiou.daemon.tree.Network;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All metrics of a whole daemon, as {@code stats}, Prometheus and the document have them. */
class EveryMetricTest {
  private static final Pattern LEGAL_NAME = Pattern.compile("aeiou_[a-z][a-z0-9_]*[a-z0-9]");
  private static final Path DOCUMENT = Path.of("docs/metrics.md");

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Metrics metrics;
  private MetricSet portable;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("net.yaml");
    Files.writeString(
        file,
        """
        cluster: {servers: ["nats://127.69.0.9:1"], name: lab}
        systems: {core1: {address: "127.0.0.1:1"}}
        """);
    Daemon daemon =
        new Daemon(
            file,
            ConfigurationReader.read(file, Map.of(), Backends.ALL),
            Backends.ALL,
            Catalogue.load(List.of()),
            new EventLog(InstantSource.system()));
    open.add(daemon);
    AttachServer server = daemon.entrances().attach(folder.resolve("socket"), OrderHandler.NONE);
    open.add(0, server);
    MountOptions options = new MountOptions(folder, false, true, "aeiou", 1 << 20);
    FileSystem files = daemon.service();
    Channel kernel = new KernelChannel(files, options);
    open.add(0, kernel);
    daemon.metrics().register("channel", kernel.metrics());
    HttpServer http =
        new HttpServer(HttpSettings.OFF, List.of(), event -> {}, daemon.ticker(), daemon.clock());
    open.add(0, http);
    daemon.metrics().register("http", http.metrics());
    Catalogue catalogue = Catalogue.load(List.of());
    SnmpHandler scrapes =
        new SnmpHandler(
            daemon.service(),
            new Network(catalogue, Map.of(), daemon.clock()),
            new Targets(),
            ModulesReader.read(catalogue, List.of()),
            name -> null,
            (nanos, task) -> {},
            daemon.ticker());
    daemon.metrics().register("http.snmp", scrapes.metrics());
    daemon
        .metrics()
        .register("systemd", ServiceManager.of(Map.of(), 0, Ticker.systemTicker()).metrics());
    metrics = daemon.metrics();
    portable = new PortableChannel(files, options).metrics();
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /** Names of what a text in the format of Prometheus has lines for that begin so. */
  private static List<String> named(String text, String lineStart) {
    return text.lines()
        .filter(line -> line.startsWith(lineStart))
        .map(line -> line.substring(lineStart.length()).replaceFirst("[ {].*", ""))
        .toList();
  }

  /** Those of the process have the names that they have everywhere. */
  private static boolean isOfARoom(String line) {
    return line.startsWith("aeiou_") && !line.startsWith("aeiou_build_info");
  }

  @Test
  void eachMetricHasAHelpATypeAndALegalName() {
    String text = metrics.asPrometheus();
    List<String> typed =
        named(text, "# TYPE ").stream().filter(EveryMetricTest::isOfARoom).toList();
    assertThat(named(text, "# HELP ").stream().filter(EveryMetricTest::isOfARoom).toList())
        .isEqualTo(typed)
        .doesNotHaveDuplicates();
    assertThat(typed).hasSizeGreaterThan(100).allMatch(LEGAL_NAME.asMatchPredicate());
    for (String name : named(text, "")) {
      if (!name.equals("#") && isOfARoom(name)) {
        String family = name.replaceFirst("(?<=_seconds|_batch)_(bucket|count|sum)$", "");
        assertThat(typed).as(name).contains(family);
      }
    }
  }

  @Test
  void aHelpIsASentence() {
    for (Metrics.Room room : metrics.rooms()) {
      for (Metric metric : room.metrics().all()) {
        assertThat(metric.help()).as(metric.name()).matches("[A-Z].{8,110}\\.");
      }
    }
  }

  @Test
  void countersAndNothingElseEndInTotal() {
    for (String line : metrics.asPrometheus().lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        assertThat(line.contains("_total ")).as(line).isEqualTo(line.endsWith(" counter"));
      }
    }
  }

  @Test
  void eachLineOfStatsHasAMetricAndTheOtherWayRound() {
    Set<String> ofStats = new TreeSet<>();
    Set<String> samples = new TreeSet<>();
    for (Metrics.Room room : metrics.rooms()) {
      for (Metric metric : room.metrics().all()) {
        String exposed = ExposedName.of(room.name(), metric);
        if (metric instanceof Metric.Histogram) {
          for (String part : List.of("count", "sum")) {
            ofStats.add(room.name() + "." + metric.name() + "." + part);
            samples.add(exposed + "_" + part);
          }
        } else {
          ofStats.add(room.name() + "." + metric.name());
          samples.add(
              metric instanceof Metric.Counter counter && !counter.label().isEmpty()
                  ? "%s{%s=\"%s\"}"
                      .formatted(exposed, counter.label(), ExposedName.labelValue(counter))
                  : exposed);
        }
      }
    }
    assertThat(metrics.asLines().lines().map(line -> line.replaceFirst(":.*", "")))
        .containsExactlyElementsOf(ofStats);
    assertThat(
            metrics
                .asPrometheus()
                .lines()
                .filter(line -> isOfARoom(line) && !line.contains("_bucket{"))
                .map(line -> line.substring(0, line.lastIndexOf(' '))))
        .containsExactlyInAnyOrderElementsOf(samples);
    assertThat(samples).hasSameSizeAs(ofStats);
  }

  /** To change the document: copy what this test leaves in {@code target}. */
  @Test
  void theDocumentListsEachMetric() throws IOException {
    Map<String, List<MetricSet>> rooms = new LinkedHashMap<>();
    for (Metrics.Room room : metrics.rooms()) {
      rooms.computeIfAbsent(room.name(), name -> new ArrayList<>()).add(room.metrics());
    }
    StringBuilder tables = new StringBuilder();
    rooms.forEach((name, sets) -> table(tables, name, name, sets));
    table(tables, "channel, with `--channel jnr-fuse`", "channel", List.of(portable));
    Path written = Path.of("target/metrics.md");
    Files.createDirectories(written.toAbsolutePath().getParent());
    String document = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "\n## ";
    String introduction = document.substring(0, document.indexOf("\n## "));
    Files.writeString(written, introduction + tables);
    assertThat(document.substring(introduction.length()))
        .as("%s is not up to date: cp daemon/%s daemon/%s", DOCUMENT, written, DOCUMENT)
        .isEqualTo(tables.toString());
  }

  private static void table(StringBuilder tables, String title, String room, List<MetricSet> sets) {
    tables.append("\n## ").append(title);
    tables.append("\n\n| in `stats` | in `metrics` | type | what it tells |\n|---|---|---|---|\n");
    Map<String, List<Metric>> families = new LinkedHashMap<>();
    for (MetricSet set : sets) {
      for (Metric metric : set.all()) {
        families
            .computeIfAbsent(ExposedName.of(room, metric), name -> new ArrayList<>())
            .add(metric);
      }
    }
    families.forEach((name, members) -> row(tables, room, name, members));
  }

  private static void row(StringBuilder tables, String room, String exposed, List<Metric> members) {
    Metric metric = members.get(0);
    String inStats = "`" + room + "." + metric.name() + "`";
    String inMetrics = "`" + exposed + "`";
    String type = "counter";
    String help = metric.help();
    if (metric instanceof Metric.Histogram) {
      type = "histogram";
      inStats = "`%1$s.%2$s.count`, `%1$s.%2$s.sum`".formatted(room, metric.name());
    } else if (metric instanceof Metric.Gauge) {
      type = "gauge";
    } else if (metric instanceof Metric.Counter counter && !counter.label().isEmpty()) {
      String family = ExposedName.family(counter);
      inStats = "`%s.…`".formatted(family.isEmpty() ? room : room + "." + family);
      inMetrics = "`%s{%s=\"…\"}`".formatted(exposed, counter.label());
      help +=
          members.stream()
              .map(each -> "`" + ExposedName.labelValue((Metric.Counter) each) + "`")
              .sorted()
              .collect(Collectors.joining(", ", " One of ", ""));
    }
    tables
        .append(String.join(" | ", List.of("| " + inStats, inMetrics, type, help)))
        .append(" |\n");
  }
}
