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
              "('ifName', 'ifAlias', 'ifInOctets') 300 True {} 0",
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
      for (String row :
          Commands.run("ls", root + "/" + system + "/interfaces").out().lines().toList()) {
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
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(4),
            "timeout: 5s, retries: 1",
            "")) {
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

  @Test
  void programThatAsksForNonsenseHarmsNoOther() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              import random
              from raw import *
              name = systems[0]
              raw = Raw(root, 64, 1152, 256, 256 << 10)
              def ask(path, flags=0, **more):
                  raw.page(0, READ_GROUP, path, flags, **more)
                  raw.enter(0)
                  raw.take(1)
                  kind, reason, value = raw.outcome(0)
                  raw.done()
                  return (kind, reason, value.decode()) if kind == 3 else (kind, len(value) > 100)
              print(ask(f"{name}/system"), ask(f"{name}/system", HIT_ONLY | FORCE_MISS))
              print(ask(f".uncached/{name}/system", HIT_ONLY))
              print(ask(f"{name}/system", 1 << 13))
              print(ask("*"), ask("{}"), ask("/*/*"))
              print(ask(f"{name}/{{system}}"))
              print(ask(f"{name}/system/{{}}"))
              print(ask(f"{name}/.oid"), ask(f"{name}/.health"))
              print(ask(f"{name}/interfaces/*/*"), ask(".aeiou")[:2], ask(".aeiou/{version}")[:2])
              # A chain of group reads, and pages that name each other, pages that do not exist.
              raw.page(1, READ_GROUP, f"{name}/system", CHAINED, following=3)
              raw.page(2, READ_GROUP, f"{name}/system")
              raw.enter(1)
              raw.take(2)
              print(raw.outcome(1), raw.outcome(2)[:2])
              # All pages at once, again and again: more than has room, each answered once.
              kinds = set()
              for turn in range(20):
                  for page in range(64):
                      raw.page(page, READ_GROUP, f"{name}/interfaces", 2 * (page % 2))
                  raw.enter(*range(64))
                  assert sorted(page for page, _ in raw.take(64, 30)) == list(range(64))
                  kinds |= {raw.outcome(page)[:2] for page in range(64)}
                  raw.done()
              print(kinds <= {(1, 0), (3, 8)}, (1, 0) in kinds)
              rng = random.Random(7)
              parts = [name, "system", "interfaces", "*", "{", "}", "{}", "{a,b}", ",", "eth0", "..", "", "x" * 90, ".cached", "\\x00", "∕"]
              for turn in range(40):
                  for page in range(64):
                      raw.page(page, READ_GROUP, "/".join(rng.choice(parts) for _ in range(rng.randrange(7))), rng.randrange(4), number=0)
                  raw.enter(*range(64))
                  assert len(raw.take(64, 30)) == 64
                  raw.done()
              with aeiou.attach(root) as net:
                  print(net.read_group(f"{systems[1]}/system").result(5).ok)
              # A page that does not exist is the end of this one only.
              raw.page(1, READ_GROUP, f"{name}/system", CHAINED, following=1 << 20)
              raw.enter(1)
              print(said(raw.socket.recv(WELCOME_BYTES)))
              with aeiou.attach(root) as net:
                  print(net.read_group(f"{systems[1]}/system").result(5).ok)
              """);

      assertThat(out.lines())
          .containsExactly(
              "(1, True) (3, 11, 'hit-only and force-miss contradict each other')",
              "(3, 11, 'the flags contradict the view in the path')",
              "(3, 11, 'flags 0x2000 are not known')",
              "(3, 11, 'is no group of attributes, no table and no row; list it instead') "
                  .repeat(3)
                  .strip(),
              "(3, 11, 'is no group of attributes, no table and no row; list it instead')",
              "(3, 11, 'names no attribute between its braces')",
              "(3, 11, 'is no group of attributes, no table and no row; list it instead')"
                  + " (3, 13, 'is an attribute; read it')",
              "(1, True) (3, 11) (3, 11)",
              "(3, 11, b'a chain is made of reads, stats, lists and describes only') (3, 11)",
              "True True",
              "True",
              "(71, 'it submits page 1048575 of 64')",
              "True");
      assertThat(counter(simulated, "attach.faults")).isZero();
      assertThat(simulated.daemon().log()).doesNotContain("ERROR");
    }
  }
}
