package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** Group reads of attached programs, from a simulated network. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class GroupReadIT extends AttachedPrograms {
  private static final String SENT =
      """
      def sent(name="backend.snmp.datagrams.sent"):
          return int(next(l for l in open(f"{root}/.aeiou/stats") if l.startswith(name + ": ")).split()[1])
      """;

  @Test
  void groupHasWhatTheFilesOfItsDirectoryHave() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              def value(path):
                  try:
                      return open(path).read()[:-1]
                  except OSError:
                      return None
              name = systems[0]
              with aeiou.attach(root) as net:
                  for path in (f"{name}/system", f"{name}/interfaces/" + net.list(f"{name}/interfaces")[1]):
                      readings = net.read_group(path).result(5).readings
                      there = {file: value(f"{root}/.cached/{path}/{file}") for file in readings}
                      print(len(readings) > 5, readings == there or (readings, there))
                  for group in net.list(name):
                      if group.startswith("."): continue
                      table = net.table(f"{name}/{group}", timeout=10)
                      rows = [row for row in net.list(f"{name}/{group}")] if list(table) != [""] else [""]
                      wrong = []
                      for row in table:
                          for column, text in table[row].items():
                              file = f"{root}/{name}/{group}/{row}/{column}"
                              # What counts goes on counting.
                              if (value(file) is None) != (text is None): wrong.append((file, text))
                      print(group, rows == list(table) or (rows, list(table)), wrong)
              """);

      assertThat(out.lines().limit(2)).containsExactly("True True", "True True");
      assertThat(out.lines().skip(2)).isNotEmpty().allMatch(line -> line.endsWith(" True []"));
    }
  }

  @Test
  void tableTakesAWalkAndServesTheNextReaderFromTheCache() throws Exception {
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(300),
            "timeout: 1s, retries: 1",
            "ttl: {counter: 60s, state: 60s}\n")) {
      String out =
          python(
              simulated,
              SENT
                  + """
                  name = systems[0]
                  with aeiou.attach(root) as net:
                      before = sent()
                      column = net.read_group(f"{name}/interfaces/*/ifInOctets").result(10).readings
                      walked = sent() - before
                      again = net.read_group(f"{name}/interfaces/*/ifInOctets").result(10).readings
                      print(len(column), walked < 60 or walked, sent() - before - walked, again == column)
                      group = net.begin()
                      for _ in range(50): group.read_group(f"{name}/interfaces")
                      print(group.wait(20), group.progress().failed, sent() - before < 500 or sent() - before)
                      before = sent()
                      table = net.table(f"{name}/interfaces", ["ifName", "ifAlias", "ifInOctets"])
                      print(table.columns, len(table), list(table.column("ifInOctets")) == list(column), table.reasons, sent() - before)
                      print(max(table.column("ifInOctets").ages.values()) < 30)
                      names = list(table)
                      print([name for name in names if table[name]["ifName"] != name])
                  """);

      assertThat(out.lines())
          .containsExactly(
              "300 True 0 True",
              "True 0 True",
              "['ifName', 'ifAlias', 'ifInOctets'] 300 True {} 0",
              "True",
              "[]");
    }
  }

  @Test
  void silentSystemFailsTheGroupAndNoOther() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(1), "")) {
      SimulatedAgent dead = agents(simulated).get(0);
      dead.faults(Faults.builder().dead(true).build());
      String out =
          python(
              simulated,
              """
              got = {}
              with aeiou.attach(root) as net:
                  group = net.begin()
                  for name in systems:
                      for path in (f"{name}/system", f"{name}/interfaces", f"{name}/interfaces/*/ifAlias", f"{name}/system/nope"):
                          group.read_group(path, lambda d, e: got.setdefault(e.context, []).append(e.reason or len(e.rows)), name)
                  print(group.wait(20))
              print(sorted(map(str, got[systems[0]])))
              print(sorted(map(str, got[systems[1]])))
              """);

      assertThat(out.lines())
          .containsExactly(
              "True",
              "['timeout', 'timeout', 'timeout', 'unknown name']",
              "['1', '4', '4', 'unknown name']");
    }
  }

  @Test
  void rowsThatAreRenumberedMeanwhileKeepTheirValues() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "ttl: {config: 1s}\n")) {
      SimulatedAgent agent = agents(simulated).get(0);
      Thread renumbering =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  agent.renumberInterfaces();
                  try {
                    TimeUnit.MILLISECONDS.sleep(20);
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
      renumbering.start();
      try {
        String out =
            python(
                simulated,
                """
                wrong, read = [], 0
                with aeiou.attach(root) as net:
                    for turn in range(200):
                        path = f"{systems[0]}/interfaces"
                        flags = aeiou._layout.FORCE_MISS if turn % 2 else 0
                        got = []
                        net._exchange.submit(aeiou._layout.READ_GROUP, path + "/{ifName,ifDescr}" if turn % 3 else path, lambda c, e, m: got.append(e), None, flags)
                        net._exchange.pump(lambda: got, 10)
                        entry = aeiou._grouped.grouped(got[0])
                        if not entry.ok: continue
                        for row, readings in entry.rows.items():
                            read += 1
                            # A walk during which a row moves may find it twice: eth0~571 and eth0~572.
                            if readings["ifName"] not in (None, row.partition("~")[0]): wrong.append((row, readings["ifName"]))
                print(read > 100 or read, wrong)
                """);
        assertThat(out).isEqualTo("True []\n");
      } finally {
        renumbering.interrupt();
        renumbering.join();
      }
    }
  }

  @Test
  @Needs(Needs.Thing.GCC)
  void programInCPrintsATable() throws Exception {
    Path program = compiled("src/main/c/examples/table.c");
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "ttl: {state: 60s}\n")) {
      String root = simulated.daemon().path("").toString();
      String system = agents(simulated).get(0).name();

      Commands.Result table =
          Commands.run(
              program.toString(), root, system + "/interfaces/*/{ifName,ifOperStatus,ifAlias}");
      Commands.Result none = Commands.run(program.toString(), root, "nowhere");

      assertThat(table.err()).isEmpty();
      List<String> expected = new ArrayList<>();
      for (String row : Commands.run("ls", root + "/" + system + "/interfaces").out().split("\n")) {
        String path = root + "/" + system + "/interfaces/" + row + "/";
        String status = Commands.run("cat", path + "ifOperStatus").out().strip();
        String alias = Commands.run("cat", path + "ifAlias").out().strip();
        expected.add(String.join("\t", row, row, status, alias));
      }
      assertThat(table.out().lines()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(none.exit()).isEqualTo(1);
      assertThat(none.err()).isEqualTo("nowhere: there is no 'nowhere'\n");
    }
  }

  @Test
  @Needs(Needs.Thing.GCC)
  void groupsHoldInCWithoutBeingCopied() throws Exception {
    Path program = compiled("src/test/c/groups.c");
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      Commands.Result result =
          Commands.run(
              program.toString(),
              simulated.daemon().path("").toString(),
              agents(simulated).get(0).name(),
              Path.of("../closures/src/test/golden").toAbsolutePath().normalize().toString());

      assertThat(result.err()).isEmpty();
      assertThat(result.out()).isEqualTo("all hold\n");
    }
  }
}
