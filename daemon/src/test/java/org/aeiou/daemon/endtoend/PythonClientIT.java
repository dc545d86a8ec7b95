package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/**
 * What the Python package promises of a daemon that goes, returns or hangs, and of its examples.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class PythonClientIT extends AttachedPrograms {
  private static final Pattern EXAMPLE = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

  @Test
  void programsAreBackWithinASecondOfADaemonThatWasKilledAndTheirWatchesGoOn() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(1), "ttl: {counter: 200ms}\n")) {
      Path ready = folder.resolve("ready");
      CompletableFuture<String> program =
          background(
              () ->
                  python(
                      simulated,
                      """
                      import asyncio
                      ready, name = sys.argv[5], systems[0]
                      attached = threading.Barrier(3)
                      returned = []
                      def program(wait, results):
                          back, values, reads = [], [], []
                          def state(connected, why):
                              if connected: back.append(time.monotonic())
                          with aeiou.attach(root, reconnect=True, on_connection=state) as net:
                              epoch = net.epoch
                              with net.begin() as group:
                                  group.watch(f"{name}/system/sysUpTime", lambda d, e: values.append(e.get()))
                              wait(net, group, lambda: len(values) >= 2)
                              attached.wait()
                              wait(net, group, lambda: back)
                              seen = len(values)
                              group.fetch(f"{name}/system/sysName", lambda d, e: reads.append(e.value))
                              wait(net, group, lambda: len(values) >= seen + 3 and reads)
                              results += [back[0], net.epoch != epoch, group.progress().pending, reads]
                      def waiting(net, group, done):
                          end = time.monotonic() + 40
                          while not done() and time.monotonic() < end: group.wait(0.5, some=1)
                      def looping(net, group, done):
                          async def main():
                              net.dispatch_to(asyncio.get_running_loop())
                              end = time.monotonic() + 40
                              while not done() and time.monotonic() < end: await asyncio.sleep(0.01)
                          asyncio.run(main())
                      programs = {}
                      threads = []
                      for wait in (waiting, looping):
                          programs[wait.__name__] = []
                          threads.append(threading.Thread(target=program, args=(wait, programs[wait.__name__])))
                          threads[-1].start()
                      attached.wait()
                      open(ready, "w").close()
                      place = f"{root}/.aeiou/attach"
                      def is_there():
                          try:
                              with open(place) as file: return bool(file.read())
                          except OSError:
                              return False
                      while is_there(): time.sleep(0.002)
                      while not is_there(): time.sleep(0.002)
                      start = time.monotonic()
                      for thread in threads: thread.join()
                      for kind, (back, is_another, pending, reads) in programs.items():
                          print(kind, back - start < 1, is_another, pending, *reads)
                      """,
                      ready.toString()));
      for (int i = 0; i < 600 && !Files.exists(ready); i++) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      simulated.daemon().signal("KILL");
      simulated.daemon().awaitExit();
      // As long as an operator may need to find out.
      TimeUnit.SECONDS.sleep(2);
      Path mountPoint = simulated.daemon().path("");
      try (DaemonProcess next =
          DaemonProcess.mount(folder.resolve("net.yaml"), folder.resolve("net"))) {
        String name = agents(simulated).get(0).name();
        assertThat(program.get(60, TimeUnit.SECONDS))
            .as(mountPoint.toString())
            .isEqualTo("waiting True True 1 " + name + "\nlooping True True 1 " + name + "\n");
        assertThat(next.log()).doesNotContain("ERROR");
      }
    }
  }

  @Test
  void daemonThatHangsIsNotWaitedForLongerThanTheProgramSays() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              pid = int(sys.argv[5])
              socket = open(f"{root}/.aeiou/attach").read().strip()
              os.kill(pid, signal.SIGSTOP)
              try:
                  for place in (root, socket):
                      start = time.monotonic()
                      try:
                          aeiou.attach(place, timeout=0.5)
                      except TimeoutError:
                          print("another kind of error")
                      except OSError as e:
                          print(type(e).__name__, e.errno == 110, "no answer within 0.5 s" in str(e), time.monotonic() - start < 3)
              finally:
                  os.kill(pid, signal.SIGCONT)
              with aeiou.attach(root) as net:
                  print(net.read(f"{systems[0]}/system/sysName").result(5).value == systems[0])
              """,
              Long.toString(simulated.daemon().pid()));

      assertThat(out).isEqualTo("AttachError True True True\n".repeat(2) + "True\n");
    }
  }

  @Test
  void systemsAreNamedWithoutAskingAnyOfThem() throws Exception {
    try (SimulatedDaemon simulated = start(30, Duration.ofMillis(1), "")) {
      agents(simulated).get(0).faults(Faults.builder().dead(true).build());
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root) as net:
                  print(net.systems() == sorted(systems), any("/" in name for name in systems))
              """);

      assertThat(out).isEqualTo("True True\n");
      assertThat(counter(simulated, "backend.snmp.datagrams.sent")).isZero();
    }
  }

  @Test
  void examplesOfTheDocumentsRunAsTheyStandAndMeetNoUnknownName() throws Exception {
    try (SimulatedDaemon simulated = start(30, Duration.ofMillis(1), "")) {
      for (String document : new String[] {"../README.md", "../client-py/README.md"}) {
        String examples =
            EXAMPLE
                .matcher(Files.readString(Path.of(document)))
                .results()
                .map(found -> found.group(1).replace("\"/net\"", "root"))
                .collect(Collectors.joining("\n"));
        assertThat(examples).as(document).contains("aeiou.attach(root)");

        String out = python(simulated, examples);

        assertThat(out).as(document).doesNotContain("unknown name");
        for (SimulatedAgent agent : agents(simulated)) {
          assertThat(out).as(document).contains(agent.name());
        }
      }
      Path burst = Path.of("../mount-scripts/burst.py").toAbsolutePath().normalize();
      String out =
          python(
              simulated,
              "import runpy\nburst = sys.argv[5]\nsys.argv[1:] = [root]\nrunpy.run_path(burst, run_name='__main__')\n",
              burst.toString());
      assertThat(out).contains("150 values of 30 systems").contains("no answer from: none");
    }
  }

  @Test
  void descriptionHasTheNumberOnTheWireAndWhatTheMibSaysOfIt() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root) as net:
                  if net._link.connection.minor == 0:
                      print(net.describe(f"{systems[0]}/system/sysName").result(5).message)
                      sys.exit()
                  row = f"{systems[0]}/interfaces/" + net.list(f"{systems[0]}/interfaces")[0]
                  for path in (f"{row}/ifOperStatus", f"{row}/ifInOctets", f"{row}/ifPhysAddress",
                               f"{systems[0]}/system/sysName", f"{systems[0]}/system/sysObjectID"):
                      entry = net.describe(path).result(5)
                      known = {name: os.getxattr(f"{root}/{path}", f"user.aeiou.{name}").decode()
                               for name in ("oid", "type", "raw")}
                      raw = entry.raw.hex() if isinstance(entry.raw, bytes) else str(entry.raw)
                      print(type(entry.raw).__name__, entry.type, entry.units, entry.value == net.read(path).result(5).value,
                            {"oid": entry.oid, "type": entry.type, "raw": raw} == known or (known, raw, entry.oid), entry.ttl > 0)
                  print(net.describe(".aeiou/version").result(5).raw, net.describe(f"{row}").result(5).reason,
                        net.describe(f"{systems[0]}/.oid/1.3.6.1.99.0").result(5).reason)
                  group = net.begin()
                  group.describe("nowhere", lambda d, e: print(d, e.reason))
                  group.wait(5)
              """);

      if (out.startsWith("this daemon cannot")) {
        assertThat(out)
            .isEqualTo("this daemon cannot describe (operation 8 is not known); use a newer one\n");
        return;
      }
      assertThat(out.lines())
          .containsExactly(
              "int INTEGER None True True True",
              "int Counter32 octets True True True",
              "bytes PhysAddress None True True True",
              "bytes DisplayString None True True True",
              "str OBJECT IDENTIFIER None True True True",
              "None is a directory absent",
              "True unknown name");
    }
  }

  @Test
  void floodOfLongValuesTakesNoSpaceForEver() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root, geometry=aeiou.Geometry(512, 256, 256, 256 << 10)) as net:
                  ends = {}
                  if net._link.connection.minor == 0: sys.exit()
                  for _ in range(3):
                      with net.begin() as group:
                          for _ in range(300): group.fetch(".aeiou/stats", lambda d, e: ends.setdefault(e.reason, []).append(1))
                      group.wait(20)
                  # All that came were taken, and nothing is pending: a long one is possible.
                  for _ in range(600):
                      entry = net.read(".aeiou/stats").result(5)
                      assert entry.ok, entry.message
                  print(sorted(ends))
              """);

      // A daemon of version 1.0 takes space back with its page, and not before.
      assertThat(out).isIn("", "['']\n", "['', 'overloaded']\n");
    }
  }

  @Test
  void programThatIsCutOffIsToldWhy() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              told = []
              with aeiou.attach(root, on_connection=lambda *state: told.append(state)) as net:
                  reply = net.read(f"{systems[0]}/.uncached/system/sysName")
                  net._link.connection.submissions._ring[aeiou._layout.RING // 4] = 1 << 20
                  entry = reply.result(5)
                  print(net._link.connection.minor)
                  print(entry.reason, entry.message)
                  print(told)
                  try:
                      net.read(".aeiou/version")
                  except aeiou.Detached as e:
                      print(str(e).removeprefix(root + ": "))
              """);

      String minor = out.lines().findFirst().orElse("");
      String why =
          minor.equals("0")
              ? "the daemon is gone"
              : "the daemon ended this attachment: it submits page 1048576 of 16384";
      assertThat(out.lines())
          .containsExactly(
              minor,
              "stopped " + why,
              "[(False, '" + why + "')]",
              why + "; attach again, or attach(reconnect=True)");
    }
  }

  @Test
  void watchGoesOnOverReloadsThatTakeItsSystemOutAndBringItBack() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              configuration, pid = sys.argv[5], int(sys.argv[6])
              whole = open(configuration).read()
              def apply(text):
                  with open(configuration, "w") as file: file.write(text)
                  os.kill(pid, signal.SIGHUP)
              kept, drop = [], False
              for line in whole.splitlines(True):
                  if line[:2] == "  " and line[2] != " ": drop = line.startswith(f"  {systems[0]}:")
                  kept += [] if drop else [line]
              seen = []
              with aeiou.attach(root) as net:
                  if net._link.connection.minor == 0: sys.exit()
                  with net.begin() as group:
                      group.watch(f"{systems[0]}/system/sysName", lambda d, e: seen.append(e.reason or "reading"))
                  for turn in range(2):
                      for text in (None, "".join(kept), whole):
                          if text: apply(text)
                          if text or not turn: print(group.wait(20, some=1), seen, group.progress().pending)
              """,
              folder.resolve("net.yaml").toString(),
              Long.toString(simulated.daemon().pid()));

      // With a daemon of version 1.0 it stays silent.
      if (!out.isEmpty()) {
        assertThat(out.lines())
            .containsExactly(
                "True ['reading'] 1",
                "True ['reading', 'unknown name'] 1",
                "True ['reading', 'unknown name', 'reading'] 1",
                "True ['reading', 'unknown name', 'reading', 'unknown name'] 1",
                "True ['reading', 'unknown name', 'reading', 'unknown name', 'reading'] 1");
      }
    }
  }

  private interface Program {
    String run() throws Exception;
  }

  private static CompletableFuture<String> background(Program program) {
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                output.complete(program.run());
              } catch (Throwable t) {
                output.completeExceptionally(t);
              }
            },
            "a program in Python");
    thread.setDaemon(true);
    thread.start();
    return output;
  }
}
