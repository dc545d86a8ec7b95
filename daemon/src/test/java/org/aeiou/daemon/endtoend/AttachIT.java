package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** Programs in Python and C, attached to a daemon with a simulated network. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class AttachIT extends AttachedPrograms {
  @Test
  void burstCostsAnExchangeForEachSystemAndIsAllThereAtOnceTheNextTime() throws Exception {
    try (SimulatedDaemon simulated = start(200, Duration.ofMillis(20), "")) {
      String out =
          python(
              simulated,
              """
              columns = ["sysName", "sysLocation", "sysContact", "sysDescr", "sysObjectID"]
              seen = []
              with aeiou.attach(root) as net:
                  for _ in range(2):
                      with net.begin() as group:
                          for name in systems:
                              for column in columns:
                                  group.read(f"{name}/system/{column}", lambda d, e: seen.append(e.ok))
                      assert group.wait(10)
                      print(*group.progress())
                  name = net.read(f"{systems[3]}/system/sysName").result()
                  print(all(seen), len(seen), name.value == open(f"{root}/{name.path}").read().strip())
              """);

      assertThat(out).isEqualTo("1000 0 1000 0 0 0\n1000 1000 0 0 0 0\nTrue 2000 True\n");
      // Where the program is held up in the middle, the daemon sends what it has of that system.
      assertThat(counter(simulated, "backend.snmp.datagrams.sent")).isBetween(200L, 205L);
    }
  }

  @Test
  void hundredThreadsOfTenClientsThatAskTheSameCauseOneFetchEach() throws Exception {
    try (SimulatedDaemon simulated = start(200, Duration.ofMillis(300), "")) {
      String out =
          python(
              simulated,
              """
              columns = ["sysName", "sysLocation", "sysContact", "sysDescr", "sysObjectID"]
              assert len(systems) == 200
              def ask(lock, results):
                  with aeiou.attach(root, geometry=aeiou.Geometry(1024)) as net:
                      good = []
                      with net.begin() as group:
                          for column in columns:
                              for name in systems:
                                  group.read(f"{name}/system/{column}", lambda d, e: good.append(e.ok))
                      done = group.wait(20)
                      with lock:
                          results.append(done and sum(good) == 1000)
              for _ in range(10):
                  if os.fork() == 0:
                      lock, results = threading.Lock(), []
                      threads = [threading.Thread(target=ask, args=(lock, results)) for _ in range(10)]
                      for thread in threads: thread.start()
                      for thread in threads: thread.join()
                      os._exit(0 if results == [True] * 10 else 1)
              print(sum(os.wait()[1] for _ in range(10)))
              """);

      assertThat(out).isEqualTo("0\n");
      // Five attributes of each of 200 systems: 1 000 fetches for 100 000 requests.
      assertThat(counter(simulated, "scheduler.items")).isEqualTo(1000);
      assertThat(counter(simulated, "attach.attached")).isEqualTo(100);
    }
  }

  @Test
  void watchIsToldOfChangesAndListsAreComplete() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(1), "ttl: {counter: 200ms}\n")) {
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root) as net:
                  assert net.list("/")[:2] == os.listdir(root)[:2], net.list("/")
                  for below in ("", "system", "interfaces"):
                      path = f"{systems[0]}/{below}"
                      assert sorted(net.list(path)) == sorted(os.listdir(f"{root}/{path}"))
                  seen = []
                  group = net.begin()
                  path = f"{systems[0]}/system/sysUpTime"
                  group.watch(path, lambda d, e: seen.append(e.get()))
                  group.end()
                  end = time.monotonic() + 10
                  while len(seen) < 4 and time.monotonic() < end: group.wait(0.05)
                  # Some changes that are not taken, and then the end.
                  time.sleep(0.7)
                  group.cancel()
                  time.sleep(0.2)
                  assert group.wait(2)
                  print(len(set(seen[:4])), seen[-1])
              """);

      assertThat(out).isEqualTo("4 None\n");
    }
  }

  @Test
  void everyWayARequestCanEndIsSaid() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(1), "")) {
      agents(simulated).get(1).faults(Faults.builder().dead(true).build());
      String out =
          python(
              simulated,
              """
              with aeiou.attach(root) as net:
                  paths = ["system/sysName", "nothing/there", "system", "system/sysName/deeper"]
                  for path in paths:
                      entry = net.read(f"{systems[0]}/{path}").result(5)
                      print(entry.reason or "reading", entry.message)
                  print(net.read(f"{systems[1]}/system/sysName").result(9).reason)
                  print(net.read(f".cached/{systems[2]}/system/sysName").result(9).reason)
                  ends = []
                  path = f"{systems[0]}/system/sysName"
                  group = net.begin()
                  # What stat shows of a reading is cached; nothing else is inside the call.
                  group.write(path, "other", lambda d, e: ends.append(e.reason))
                  group.stat(path, lambda d, e: ends.append(
                      [e.stat[i] for i in (0, 3)] == [getattr(os.stat(f"{root}/{path}"), n) for n in ("st_mode", "st_size")]))
                  assert group.wait(5)
                  print(*ends)
                  # No closure waits for this one: it only comes to the value table.
                  contact = f"{systems[0]}/system/sysContact"
                  print(net.cached(contact))
                  net.prefetch([contact])
                  end = time.monotonic() + 5
                  while net.cached(contact) is None and time.monotonic() < end: time.sleep(0.01)
                  print(net.cached(contact) is not None)
              """);

      List<String> lines = out.lines().toList();
      assertThat(lines.get(0)).isEqualTo("reading ");
      assertThat(lines.get(1)).isEqualTo("unknown name there is no 'nothing'");
      assertThat(lines.get(2)).endsWith(" is a directory");
      assertThat(lines.get(3)).endsWith(" there is nothing below 'sysName', which is a file");
      assertThat(lines.subList(4, 9))
          .containsExactly("timeout", "not cached", "True not writable", "None", "True");
    }
  }

  @Test
  void chainGoesFromAListingToItsValuesInTheDaemonAndStopsWhereItIsTold() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              """
              ends = []
              with aeiou.attach(root) as net:
                  def chain(*steps):
                      ends.clear()
                      group = net.begin()
                      group.chain(steps, lambda delayed, entry: ends.append(entry))
                      group.end()
                      assert group.wait(10)
                      return group.progress().failed
                  table = f"{systems[0]}/interfaces"
                  chain(aeiou.list_names(table), aeiou.each(table + "/{}/ifOperStatus"))
                  values = ends[1].table
                  print(sorted(values) == sorted(os.listdir(f"{root}/{table}")))
                  print(all(open(f"{root}/{table}/{n}/ifOperStatus").read().strip() == v for n, v in values.items()))
                  chain(aeiou.read(f"{systems[0]}/system/sysName"), aeiou.read("{}/system/sysLocation"))
                  print(ends[1].value == open(f"{root}/{systems[0]}/system/sysLocation").read().strip())
                  missing = aeiou.read(f"{systems[0]}/system/none")
                  print(chain(missing.stop_on_error(), *[missing] * 15), [e.reason for e in ends][:3], len(ends))
                  print(chain(missing, aeiou.read(f"{systems[0]}/system/sysName")), ends[1].ok)
                  number = aeiou.read(f"{systems[0]}/system/sysServices")
                  print(chain(number.stop_on_nonzero(), number), chain(number.stop_on_zero(), number))
                  try:
                      chain(*[missing] * 17)
                  except ValueError as e:
                      print(e)
              """);

      assertThat(out)
          .isEqualTo(
              """
              True
              True
              True
              16 ['unknown name', 'cancelled', 'cancelled'] 16
              1 True
              1 0
              a chain has 1 to 16 steps, not 17
              """);
    }
  }

  @Test
  void daemonThatIsKilledGivesEachRequestOneOutcome() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofSeconds(2), "")) {
      String out =
          python(
              simulated,
              """
              ends = []
              with aeiou.attach(root) as net:
                  group = net.begin()
                  for i in range(300):
                      group.fetch(f"{systems[i % 3]}/system/sysName", lambda d, e: ends.append(e.reason))
                  group.end()
                  time.sleep(0.2)
                  os.kill(int(sys.argv[5]), signal.SIGKILL)
                  start = time.monotonic()
                  print(group.wait(5), time.monotonic() - start < 1)
              print(len(ends), set(ends))
              """,
              Long.toString(simulated.daemon().pid()));

      assertThat(out).isEqualTo("True True\n300 {'stopped'}\n");
    }
  }

  @Test
  void userThatMayNotReadTheFilesMayNotAttach() throws Exception {
    try (SimulatedDaemon simulated =
        start(
            1,
            Duration.ofMillis(1),
            "mount: {mode: \"0440\", group: \"4321\"}\nattach: {mode: \"0666\"}\n")) {
      String out =
          python(
              simulated,
              """
              socket = open(f"{root}/.aeiou/attach").read().strip()
              for above in (socket, *map(str, __import__("pathlib").Path(socket).parents)):
                  if above != "/" and above != "/tmp":
                      os.chmod(above, os.stat(above).st_mode | 0o055)
              for others in [], [4321]:
                  if os.fork() == 0:
                      os.setgroups(others); os.setgid(65534); os.setuid(65534)
                      try:
                          print(aeiou.attach(socket).read(f"{systems[0]}/system/sysName").result(5).ok)
                      except aeiou.AttachError as e:
                          print(e)
                      sys.stdout.flush()
                      os._exit(0)
                  os.wait()
              """);

      assertThat(out.lines().toList().get(0))
          .endsWith("user 65534 may not read the files (Permission denied)");
      assertThat(out.lines().skip(1)).containsExactly("True");
    }
  }

  @Test
  @Needs(Needs.Thing.GCC)
  void programInCWalksTheTreeAndMeetsNoSanitizer() throws Exception {
    Path program = compiled("src/main/c/examples/tree-walk.c");
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(5), "")) {
      String root = simulated.daemon().path("").toString();
      String system = agents(simulated).get(0).name();

      Commands.Result cold = Commands.run(program.toString(), root, system + "/system");
      Commands.Result warm = Commands.run(program.toString(), root, system + "/system");
      Commands.Result none = Commands.run(program.toString(), root, "nowhere");

      String read = Commands.run("cat", root + "/" + system + "/system/sysName").out();
      assertThat(cold.out()).contains("… " + system + "/system/sysName: " + read);
      assertThat(warm.out()).contains("= " + system + "/system/sysName: " + read);
      assertThat(cold.err()).matches(".*: 0 immediate, \\d+ delayed, 0 failed, .* ms\n");
      assertThat(warm.err()).matches(".*: \\d+ immediate, 0 delayed, 0 failed, .* ms\n");
      assertThat(none.exit()).isEqualTo(1);
      assertThat(none.err()).contains("there is no 'nowhere'");
    }
  }

  @Test
  @Needs(Needs.Thing.GCC)
  void featuresOfTheSeedHoldInC() throws Exception {
    Path program = compiled("src/test/c/features.c");
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(20), "")) {
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
  @Needs(Needs.Thing.GCC)
  void everythingEndsOnceInCWhateverRunsShortOrGoes() throws Exception {
    Path program = compiled("src/test/c/ends.c");
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(4),
            "timeout: 60s, retries: 0, max-in-flight: 2",
            "ttl: {config: 300ms, counter: 1s, grace: 100}\n")) {
      agents(simulated).get(1).faults(Faults.builder().dead(true).build());
      Commands.Result result =
          Commands.run(
              program.toString(),
              simulated.daemon().path("").toString(),
              agents(simulated).get(0).name(),
              agents(simulated).get(1).name(),
              Long.toString(simulated.daemon().pid()));

      assertThat(result.err()).isEmpty();
      assertThat(result.out()).isEqualTo("all hold\n");
    }
  }

  @Test
  @Needs(Needs.Thing.GCC)
  void attachingInCEndsInTimeAlsoAtADaemonThatHangs() throws Exception {
    Path program = compiled("src/test/c/ends.c");
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String mount = simulated.daemon().path("").toString();
      String socket = Commands.run("cat", mount + "/.aeiou/attach").out().strip();
      assertThat(Commands.run(program.toString(), "attach", mount).out()).isEqualTo("attached\n");
      simulated.daemon().signal("STOP");
      Commands.Result atSocket = Commands.run(program.toString(), "attach", socket);
      Commands.Result atMount = Commands.run(program.toString(), "attach", mount);
      simulated.daemon().signal("CONT");

      assertThat(atSocket.out()).contains("does not answer in time");
      assertThat(atMount.out()).contains("does not answer in time");
      assertThat(Commands.run(program.toString(), "attach", mount).out()).isEqualTo("attached\n");
    }
  }
}
