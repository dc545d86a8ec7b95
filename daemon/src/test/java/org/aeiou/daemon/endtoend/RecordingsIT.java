package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks of real devices, played by agents and read through the mount: all that the catalogue knows
 * of is as recorded.
 */
class RecordingsIT {
  private static final int ENODATA = 61;
  private static final Oid LOCAL_PORTS = Oid.parse("1.0.8802.1.1.2.1.3.7");

  @TempDir Path folder;

  @Test
  void everyAttributeOfEveryGroupReadsAsRecorded() throws Exception {
    String recordings = System.getenv("AEIOU_RECORDINGS");
    assumeTrue(
        recordings != null,
        "there are no recordings; set AEIOU_RECORDINGS to a folder of .snmprec files to play them");
    assertThat(Files.isDirectory(Path.of(recordings))).as(recordings).isTrue();
    SimulationOptions.Builder options =
        SimulationOptions.builder().systems(0).recordings(Path.of(recordings));
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            options,
            "timeout: 5s, retries: 2",
            "ttl: {counter: 10m, state: 10m, directory: 10m}\n")) {
      assertThat(simulated.network().agents()).isNotEmpty();
      for (SimulatedAgent agent : simulated.network().agents()) {
        check(agent, Tree.read(simulated.daemon().path(agent.name())));
      }
    }
  }

  private static void check(SimulatedAgent agent, List<Tree.File> files) {
    SortedMap<Oid, Value> recorded = agent.objects();
    Map<Oid, String> read = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    for (Tree.File file : files) {
      if (file.error() == 0) {
        String before = read.put(file.oid(), file.raw());
        Value value = recorded.get(file.oid());
        // One object may be in two groups: a sensor's name is in its own and in the physical one.
        boolean twice = before != null && !before.equals(file.raw());
        if (twice || value == null || !Tree.raw(value).equals(file.raw())) {
          wrong.add(file + " is recorded as " + value);
        }
      } else if (file.error() != ENODATA) {
        wrong.add(file + " cannot be read");
      }
    }
    expected(recorded)
        .forEach(
            (oid, value) -> {
              if (!read.containsKey(oid)) {
                wrong.add(oid + " is recorded as " + value + ", and was not found");
              }
            });
    assertThat(wrong).as(agent.name() + ": of " + read.size() + " attributes").isEmpty();
    assertThat(read).as(agent.name()).hasSizeGreaterThan(50);
  }

  /**
   * What the catalogue knows of among the objects recorded: all but the local ports of LLDP without
   * neighbours, as these are read through the neighbours at them.
   */
  private static SortedMap<Oid, Value> expected(SortedMap<Oid, Value> recorded) {
    SortedMap<Oid, Value> expected = new TreeMap<>();
    for (AttributeGroup group : Catalogue.load(List.of()).groups()) {
      for (AttributeGroup.Attribute attribute : group.attributes()) {
        recorded.tailMap(attribute.oid()).entrySet().stream()
            .takeWhile(entry -> entry.getKey().startsWith(attribute.oid()))
            .filter(entry -> !entry.getKey().startsWith(LOCAL_PORTS))
            .forEach(entry -> expected.put(entry.getKey(), entry.getValue()));
      }
    }
    return expected;
  }
}
