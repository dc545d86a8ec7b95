package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Prometheus' own snmp_exporter says of an agent, and what {@code /snmp} says of the same:
 * names, types, labels and values. What the exporter is to export stands in {@code
 * exporter-metrics.txt}, from the MIBs and not from the catalogue.
 */
@Timeout(60)
@Needs(Needs.Thing.SNMP_EXPORTER)
class SnmpExporterIT {
  /** Metrics of the scrape itself; the times differ, and aeiou has more. */
  private static final Pattern OF_SCRAPE = Pattern.compile("(# (HELP|TYPE) )?(snmp|aeiou)_.*");

  private static final Pattern LISTENING = Pattern.compile("Listening on\" address=(\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)\\})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  @RegisterExtension final Programs programs = new Programs();
  @TempDir private Path folder;

  @Test
  void scrapeOfSixModulesIsThatOfSnmpExporter() throws Exception {
    try (ScrapedDaemon daemon =
        ScrapedDaemon.start(
            folder, SimulationOptions.builder().systems(8).rows(5).firstAddress("127.52.2.1"))) {
      List<SimulatedAgent> agents = daemon.network().agents();
      agents.forEach(agent -> agent.freeze(true));
      awkward(agents.get(0));
      Path config = folder.resolve("snmp.yml");
      Files.writeString(config, ExporterConfiguration.text());
      Programs.Running exporter =
          programs.start(
              "prometheus-snmp-exporter",
              "--config.file=" + config,
              "--web.listen-address=127.52.2.250:0");
      String address = null;
      while (address == null) {
        assertThat(exporter.isAlive()).isTrue();
        Thread.sleep(20);
        Matcher listening = LISTENING.matcher(exporter.errors());
        address = listening.find() ? listening.group(1) : null;
      }
      for (String module : ExporterConfiguration.modules()) {
        int compared = 0;
        for (SimulatedAgent agent : agents) {
          InetSocketAddress at = agent.address();
          String target = at.getAddress().getHostAddress() + ":" + at.getPort();
          String query = "snmp?target=" + target + "&module=" + module;
          List<String> theirs = comparable(ScrapedDaemon.body("http://" + address + "/", query));
          List<String> ours = comparable(daemon.body(query));

          assertThat(ours).as(query).containsExactlyElementsOf(theirs);
          compared += ours.size();
        }
        assertThat(compared).as(module).isPositive();
      }
    }
  }

  /** Values that are written in other ways than most. */
  private static void awkward(SimulatedAgent agent) {
    agent.set(Oid.parse("1.3.6.1.2.1.1.4.0"), text("a \"quoted\" \\ name\twith\nlines é"));
    agent.set(Oid.parse("1.3.6.1.2.1.1.6.0"), text(""));
    Oid first = agent.objects().tailMap(Oid.parse("1.3.6.1.2.1.2.2.1.1")).firstKey();
    Oid index = first.suffix(Oid.parse("1.3.6.1.2.1.2.2.1.1").length());
    agent.set(Oid.parse("1.3.6.1.2.1.2.2.1.6").append(index), octets());
    agent.set(
        Oid.parse("1.3.6.1.2.1.2.2.1.3").append(index), number(Value.NumberType.INTEGER, 999));
    agent.set(
        Oid.parse("1.3.6.1.2.1.31.1.1.1.6").append(index),
        number(Value.NumberType.COUNTER64, (1L << 53) + 12_345));
    agent.set(
        Oid.parse("1.3.6.1.2.1.31.1.1.1.10").append(index),
        number(Value.NumberType.COUNTER64, -2)); // 2^64 - 2
    agent.remove(Oid.parse("1.3.6.1.2.1.31.1.1.1.18").append(index));
  }

  private static Value text(String text) {
    return new Value.Octets(
        Value.OctetsType.OCTETS, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Value octets(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return new Value.Octets(Value.OctetsType.OCTETS, bytes);
  }

  private static Value number(Value.NumberType type, long number) {
    return new Value.Numeric(type, number);
  }

  /** Samples with labels in order and numbers as numbers, and the types; sorted. */
  private static List<String> comparable(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (OF_SCRAPE.matcher(line).matches() || line.startsWith("# HELP")) {
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      if (line.startsWith("#")) {
        lines.add(line);
      } else {
        assertThat(sample.matches()).as(line).isTrue();
        TreeMap<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
          assertThat(labels.put(label.group(1), label.group(2))).as(line).isNull();
        }
        lines.add(sample.group(1) + labels + " " + Double.parseDouble(sample.group(3)));
      }
    }
    return lines.stream().sorted().collect(Collectors.toList());
  }
}
