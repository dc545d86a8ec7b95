package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups as one file, and trees of one TTL class, on a real mount. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class WholeGroupsIT {
  private static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final Oid ALIAS = Oid.parse("1.3.6.1.2.1.31.1.1.1.18");
  private static final Oid INDEX = Oid.parse("1.3.6.1.2.1.2.2.1.1");

  /** Nothing is read twice, so that what counts on is the same everywhere. */
  private static final String LONG_LIVED =
      "ttl: {counter: 10m, state: 10m, config: 10m, directory: 10m}\n";

  /** A device with a name in two lines, a tab, a backslash, parts of one name, and two joins. */
  private static final String SWITCH =
      """
      1.3.6.1.2.1.1.1.0|4x|53770009370d0a5c20227822
      1.3.6.1.2.1.1.5.0|4|Switch
      1.3.6.1.2.1.2.2.1.1.101|2|101
      1.3.6.1.2.1.2.2.1.2.101|4|GigabitEthernet0/1
      1.3.6.1.2.1.2.2.1.2.102|4|GigabitEthernet0/2
      1.3.6.1.2.1.2.2.1.8.101|2|1
      1.3.6.1.2.1.2.2.1.8.102|2|77
      1.3.6.1.2.1.17.1.4.1.2.1|2|101
      1.3.6.1.2.1.17.1.4.1.2.2|2|102
      1.3.6.1.2.1.17.4.3.1.2.0.17.34.51.68.1|2|1
      1.3.6.1.2.1.17.4.3.1.3.0.17.34.51.68.1|2|3
      1.3.6.1.2.1.17.4.3.1.3.0.17.34.51.68.2|2|4
      1.3.6.1.2.1.31.1.1.1.1.101|4x|4709305c31
      1.3.6.1.2.1.31.1.1.1.1.102|4|Gi0/2
      1.3.6.1.2.1.31.1.1.1.6.101|70|18446744073709551615
      1.3.6.1.2.1.47.1.1.1.1.2.1|4|PEM, left
      1.3.6.1.2.1.47.1.1.1.1.2.2|4|PEM, right
      1.3.6.1.2.1.47.1.1.1.1.7.1|4|PEM
      1.3.6.1.2.1.47.1.1.1.1.7.2|4|PEM
      """;

  /** Compares both files of every group below its arguments with the file of each value. */
  private static final String COMPARISON =
      """
      import json, os, sys
      from concurrent.futures import ThreadPoolExecutor
      ESCAPED = {"t": "\\t", "n": "\\n", "r": "\\r", "\\\\": "\\\\"}
      def read(path):
          try:
              with open(path, newline="") as f:
                  return f.read()
          except OSError as e:
              return None if e.errno == 61 else sys.exit(str(e))
      def plain(cell):
          out, i = "", 0
          while i < len(cell):
              escaped = cell[i] == "\\\\"
              i += escaped
              out += ESCAPED[cell[i]] if escaped else cell[i]
              i += 1
          return out
      def check(group):
          names = os.listdir(group)
          table = any(os.path.isdir(os.path.join(group, name)) for name in names)
          lines = read(group + "/.table").split("\\n")
          wrong = [] if lines.pop() == "" else [group + ": does not end in a newline"]
          columns = lines[0].split("\\t")
          rows = [[plain(cell) for cell in line.split("\\t")] for line in lines[1:]]
          objects = json.loads(read(group + "/.json"), parse_int=str, parse_float=str)
          if not table:
              names = [row[0] for row in rows]
              objects = {name: objects for name in names}
          if [row[0] for row in rows] != names or list(objects) != names:
              wrong.append(f"{group}: lists {names}, has {rows} and {list(objects)}")
          for row in rows:
              if len(row) != len(columns):
                  wrong.append(f"{group}: {len(row)} cells of {len(columns)} in {row}")
              for column, cell in list(zip(columns, row))[1:]:
                  path = "/".join([group, row[0], column] if table else [group, column])
                  content = read(path)
                  value = objects[row[0]].get(column)
                  if cell != (content or "\\n")[:-1]:
                      wrong.append(f"{path}: is {content!r}, is {cell!r} in the table")
                  if value != (None if content is None else content[:-1]):
                      wrong.append(f"{path}: is {content!r}, is {value!r} in the object")
          return (len(columns) - 1) * len(rows), wrong
      groups = [f"{top}/{g}" for top in sys.argv[1:] for g in os.listdir(top) if g != ".health"]
      with ThreadPoolExecutor(8) as pool:
          found = list(pool.map(check, groups))
      print("\\n".join(line for _, wrong in found for line in wrong), end="")
      print(sum(cells for cells, _ in found), "cells")
      """;

  @TempDir private Path folder;
  private SimulatedDaemon simulated;

  private void start(SimulationOptions.Builder options, String ttl) throws Exception {
    simulated =
        SimulatedDaemon.start(folder, options, "timeout: 5s, retries: 2, max-in-flight: 2", ttl);
  }

  @AfterEach
  void stop() throws IOException {
    if (simulated != null) {
      simulated.close();
    }
  }

  private SimulatedAgent agent() {
    return simulated.network().agents().iterator().next();
  }

  /** What a line of shell prints that is typed at the mount point. */
  private String typed(String line) {
    Commands.Result result =
        Commands.shell(
            "export LC_ALL=C.UTF-8; cd '" + simulated.daemon().path("") + "' && " + line);
    return result.out() + result.err();
  }

  private void compareAll(int leastCells) {
    String systems =
        simulated.network().agents().stream()
            .map(agent -> simulated.daemon().path(agent.name()).toString())
            .collect(Collectors.joining(" "));
    Path script = folder.resolve("compare.py");
    try {
      Files.writeString(script, COMPARISON);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Commands.Result result = Commands.shell("python3 " + script + " " + systems);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).matches("[0-9]+ cells\n");
    assertThat(Integer.parseInt(result.out().split(" ", -1)[0])).isGreaterThan(leastCells);
  }

  @Test
  void everyCellIsWhatItsFileHolds() throws Exception {
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    Files.writeString(recordings.resolve("switch.snmprec"), SWITCH);
    start(SimulationOptions.builder().systems(0).recordings(recordings), LONG_LIVED);
    compareAll(100);
    assertThat(typed("cut -f1,3,9 switch/interfaces/.table"))
        .isEqualTo(
            """
            name\tifDescr\tifOperStatus
            G␉0\\\\1\tGigabitEthernet0/1\tup
            Gi0∕2\tGigabitEthernet0/2\t77
            """);
  }

  @Test
  void everyCellOfARealDeviceIsWhatItsFileHolds() throws Exception {
    String recordings = System.getenv("AEIOU_RECORDINGS");
    assumeTrue(recordings != null, "there are no recordings; set AEIOU_RECORDINGS to a folder");
    start(SimulationOptions.builder().systems(0).recordings(Path.of(recordings)), LONG_LIVED);
    compareAll(1000);
  }

  @Test
  void aLargeTableIsTheSameForEveryProgram() throws Exception {
    start(SimulationOptions.builder().systems(1).rows(2500), LONG_LIVED);
    String table = agent().name() + "/interfaces/.table";
    assertThat(typed("stat -c %s " + table)).isEqualTo("4096\n");
    String sum = typed("cat " + table + " | sha256sum");
    int size = Integer.parseInt(typed("wc -c < " + table).strip());
    assertThat(size).isGreaterThan(700_000);
    assertThat(typed("stat -c %s " + table)).isEqualTo(size + "\n");
    assertThat(typed("wc -l < " + table)).isEqualTo("2501\n");
    for (String reader :
        List.of("dd bs=1000", "dd bs=1M", "dd bs=64k iflag=direct", "dd bs=7777 iflag=direct")) {
      assertThat(typed(reader + " status=none if=" + table + " | sha256sum"))
          .as(reader)
          .isEqualTo(sum);
    }
    assertThat(typed("cp " + table + " " + folder + "/copy && sha256sum < " + folder + "/copy"))
        .isEqualTo(sum);
    byte[] attached = read(table);
    assertThat(new String(attached, UTF_8) + "\n").isEqualTo(typed("cat " + table));
  }

  /** Reads as an attached program does. */
  private byte[] read(String path) throws Exception {
    String socket = typed("cat .aeiou/attach").strip();
    CompletableFuture<Outcome<byte[]>> ended = new CompletableFuture<>();
    try (Attachment net =
        Attachment.attach(
            Path.of(socket), Attachment.STANDARD, Ticker.systemTicker(), InstantSource.system())) {
      net.fetch(path, null, (to, outcome, delayed) -> to.complete(outcome), ended);
      return ((Reading<byte[]>) ended.get(30, TimeUnit.SECONDS)).value();
    }
  }

  @Test
  void aTableThatChangesItsLengthIsOneTableForEachReader() throws Exception {
    start(
        SimulationOptions.builder().systems(1).rows(300),
        "ttl: {counter: 2s, config: 2s, state: 2s}\n");
    List<Oid> rows =
        agent().objects().keySet().stream()
            .filter(oid -> oid.startsWith(INDEX))
            .map(oid -> oid.suffix(INDEX.length()))
            .toList();
    String tables = "core1/interfaces/.table .class/config/core1/interfaces/.table";
    for (int round = 0; round < 20; round++) {
      for (Oid row : rows) {
        byte[] alias = "x".repeat(round * 37 % 60).getBytes(UTF_8);
        agent().set(ALIAS.append(row), new Value.Octets(Value.OctetsType.OCTETS, alias));
      }
      // Every line has as many cells as the first, and there are as many lines as there were.
      assertThat(
              typed(
                  "for t in "
                      + tables.replace("core1", agent().name())
                      + "; do cat .uncached/$t > /dev/null & dd bs=1000 status=none if=$t of="
                      + folder
                      + "/copy; awk -F'\\t' 'NR == 1 {n = NF}"
                      + " NF != n {print \"line \" NR \" is torn: \" $0} END {print NR}' "
                      + folder
                      + "/copy; wait; done"))
          .isEqualTo("301\n301\n");
    }
  }

  @Test
  void aChangeThatIsReadInOneTreeIsSeenInTheOthers() throws Exception {
    start(SimulationOptions.builder().systems(1).rows(2), LONG_LIVED);
    String name = agent().name();
    String location = name + "/system/sysLocation";
    String files =
        "cat " + location + " .class/config/" + location + " .cached/.class/config/" + location;
    set("Rack 7");
    assertThat(typed(files)).isEqualTo("Rack 7\nRack 7\nRack 7\n");
    set("Rack 8");
    assertThat(typed("cat .uncached/.class/config/" + location)).isEqualTo("Rack 8\n");
    eventually("all have it", () -> typed(files).equals("Rack 8\nRack 8\nRack 8\n"));
    String table = ".class/config/" + name + "/system/.table";
    assertThat(typed("cat " + table)).contains("\tRack 8");
    set("Rack 9");
    assertThat(typed("cat .uncached/" + table)).contains("\tRack 9");
    eventually("the table has it", () -> typed("cat " + table).contains("\tRack 9"));
  }

  private void set(String location) {
    agent().set(LOCATION, new Value.Octets(Value.OctetsType.OCTETS, location.getBytes(UTF_8)));
  }

  @Test
  void twoDevicesDifferInWhatWasConfigured() throws Exception {
    start(SimulationOptions.builder().systems(1).rows(3), LONG_LIVED);
    String system = ".class/config/" + agent().name() + "/system";
    set("Rack 7"); // before it is listed: to list scalars is to read them
    assertThat(typed("ls .class/config/" + agent().name())).contains("system\n", "interfaces\n");
    assertThat(typed("ls -A " + system)).isEqualTo("sysContact\nsysLocation\nsysName\n");
    assertThat(typed("cp -r " + system + " " + folder + "/before && echo done"))
        .isEqualTo("done\n");
    set("Rack 8");
    assertThat(typed("diff -r " + folder + "/before .uncached/" + system))
        .contains("< Rack 7\n", "> Rack 8\n")
        .doesNotContain("sysUpTime", "sysName");
    assertThat(typed("grep -rl 'Rack' " + system)).isEqualTo(system + "/sysLocation\n");
  }
}
