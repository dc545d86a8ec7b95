package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.backend.simulated.Faults;
import org.aeiou.daemon.backend.simulated.SimulatedAgent;
import org.aeiou.daemon.backend.simulated.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs in Python and C, attached to a daemon with a simulated network. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class AttachIT {
  private static final String PREAMBLE =
      """
      import os, signal, sys, threading, time
      sys.path.insert(0, sys.argv[1])
      import aeiou
      root, systems = sys.argv[2], sys.argv[3].split(",")
      """;

  @TempDir Path folder;

  private SimulatedDaemon start(int systems, Duration rtt, String more) throws Exception {
    return SimulatedDaemon.start(
        folder,
        SimulationOptions.builder().systems(systems).rows(4).rtt(rtt),
        "timeout: 1s, retries: 1, max-in-flight: 2",
        more);
  }

  private static List<SimulatedAgent> agents(SimulatedDaemon simulated) {
    return new ArrayList<>(simulated.network().agents());
  }

  private String python(SimulatedDaemon simulated, String text, String... more) throws IOException {
    Path script = Files.writeString(folder.resolve("script.py"), PREAMBLE + text);
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.add(Path.of("../client-py/src").toAbsolutePath().normalize().toString());
    command.add(simulated.daemon().path("").toString());
    command.add(String.join(",", agents(simulated).stream().map(SimulatedAgent::name).toList()));
    command.addAll(Arrays.asList(more));
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  private static long counter(SimulatedDaemon simulated, String name) {
    String stats = Commands.run("cat", simulated.daemon().path(".aeiou/stats").toString()).out();
    return stats
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
        .findFirst()
        .orElseThrow();
  }

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
      assertThat(counter(simulated, "backend.snmp.datagrams.sent")).isEqualTo(200);
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
                  assert net.pump(lambda: len(seen) >= 4, 10)
                  # Some changes that nobody takes, and then the end.
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
                  group.write(path, "other", lambda d, e: ends.append(e.reason))
                  group.stat(path, lambda d, e: ends.append(
                      [e.stat[i] for i in (0, 3)] == [getattr(os.stat(f"{root}/{path}"), n) for n in ("st_mode", "st_size")]))
                  assert group.wait(5)
                  print(*ends)
                  # Nobody waits for this one: it only comes to the value table.
                  contact = f"{systems[0]}/system/sysContact"
                  print(net.cached(contact))
                  net.connection.submit(1, contact, print, None, 4)
                  net.connection.ring()
                  end = time.monotonic() + 5
                  while net.cached(contact) is None and time.monotonic() < end: time.sleep(0.01)
                  print(net.cached(contact) is not None, net.drain())
              """);

      String name = agents(simulated).get(0).name();
      List<String> lines = out.lines().toList();
      assertThat(lines.get(0)).isEqualTo("reading ");
      assertThat(lines.get(1)).startsWith("unknown name ").contains("there is no 'nothing'");
      assertThat(lines.get(2)).isEqualTo("unknown name " + name + "/system: is a directory");
      assertThat(lines.get(3)).startsWith("unknown name ").contains("there is nothing below");
      assertThat(lines.subList(4, 9))
          .containsExactly("timeout", "not cached", "not writable True", "None", "True 0");
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
  void clientThatWritesNoiseOrIsKilledHarmsNobodyElse() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(200), "")) {
      String out =
          python(
              simulated,
              """
              import random
              from aeiou._connection import connect
              good = aeiou.attach(root)
              def noisy(seed):
                  rng = random.Random(seed)
                  connection = connect(root, aeiou.Geometry(16, 256, 256, 4096))
                  memory = connection._page_memory
                  for i in range(2000):
                      kind = rng.randrange(4)
                      if kind == 0:
                          at = rng.randrange(len(memory) - 8)
                          memory[at:at + 8] = rng.randbytes(8)
                      elif kind == 1:
                          connection._out[8] += rng.choice((0, 1, 1, 1, 2))
                      elif kind == 2:
                          connection._ring[1024 + rng.randrange(16)] = rng.choice((rng.randrange(16), 2**31, 16))
                      else:
                          try:
                              connection._socket.send(rng.randbytes(rng.randrange(1, 64)))
                          except OSError:
                              return
              def killed(seed):
                  net = aeiou.attach(root)
                  group = net.begin()
                  for name in systems:
                      for _ in range(500):
                          group.fetch(f"{name}/system/sysDescr")
                  group.end()
                  time.sleep(random.Random(seed).random() / 10)
                  os.kill(os.getpid(), signal.SIGKILL)
              for seed in range(60):
                  if os.fork() == 0:
                      (noisy if seed % 3 else killed)(seed)
                      os._exit(0)
                  if seed % 4 == 3:
                      for _ in range(4): os.wait()
              print(good.read(f"{systems[0]}/system/sysName").result(5).ok)
              good.close()
              """);

      assertThat(out).isEqualTo("True\n");
      assertThat(counter(simulated, "attach.broken")).isGreaterThan(10);
      assertThat(counter(simulated, "attach.left")).isEqualTo(61);
      assertThat(counter(simulated, "channel.faults")).isZero();
      assertThat(simulated.daemon().log()).doesNotContain("ERROR");
    }
  }

  @Test
  void whatAClientMustNotDoIsImpossibleOrItsOwnEnd() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(100), "")) {
      String out =
          python(
              simulated,
              """
              import mmap, socket, struct
              from aeiou import _connection, _layout
              path = open(f"{root}/.aeiou/attach").read().strip()
              mapped = []
              real = _connection._map
              def spying(fd, writable):
                  mapped.append(os.dup(fd))
                  return real(fd, writable)
              _connection._map = spying
              good = aeiou.attach(root)
              for fd in mapped:
                  for length in (0, 1 << 30):
                      try:
                          os.ftruncate(fd, length)
                          print("its size was changed")
                      except PermissionError:
                          pass
              for fd in mapped[1:]:
                  for how in (lambda: mmap.mmap(fd, 4096), lambda: os.pwrite(fd, b"x", 0)):
                      try:
                          how()
                          print("it can be written")
                      except PermissionError:
                          pass
              def hello(*numbers):
                  with socket.socket(socket.AF_UNIX) as sock:
                      sock.connect(path)
                      sock.sendall(struct.pack(_layout.HELLO, *numbers))
                      message = sock.recv(256)
                      return message[72:72 + int.from_bytes(message[68:72], "little")].decode()
              print(hello(_layout.HELLO_MAGIC, 2 << 32, 8, 256, 256, 0))
              print(hello(0, 1 << 32, 8, 256, 256, 0))
              print(hello(_layout.HELLO_MAGIC, 1 << 32, 1 << 30, 256, 256, 0))
              silent = [socket.socket(socket.AF_UNIX) for _ in range(20)]
              for each in silent: each.connect(path)
              many, refused = [], None
              for _ in range(1000):
                  try:
                      many.append(aeiou.attach(path, geometry=aeiou.Geometry(2, 256, 256, 0)))
                  except aeiou.AttachError as e:
                      refused = str(e).split(": ", 1)[1]
                      break
              print(len(many) > 100, refused)
              print(good.read(f"{systems[0]}/system/sysName").result(5).ok)
              for each in many: each.close()
              silent[0].settimeout(20)
              print(silent[0].recv(1))
              for each in silent: each.close()
              try:
                  twice = _connection.connect(path, aeiou.Geometry(4, 256, 256, 0))
                  for _ in range(2):
                      twice._numbers = 5
                      twice.submit(1, f"{systems[0]}/system/sysDescr", print, None)
                  twice.ring()
                  twice.wait(5)
                  print(twice.gone)
              finally:
                  twice.close()
              # One that never takes what it is told, and one whose cookies and numbers are forged.
              lazy = aeiou.attach(path, geometry=aeiou.Geometry(4, 256, 256, 0))
              for _ in range(4): lazy.submit(1, f"{systems[0]}/system/sysDescr", print, None)
              lazy.flush()
              connection = _connection.connect(path, aeiou.Geometry(4, 256, 256, 0))
              for cookie, number in ((0, 1), (1, 0), (2**64 - 1, 2**64 - 1), (7, 7)):
                  connection.submit(1, f"{systems[0]}/system/sysName", lambda c, e, m: print(c, e.reason or "reading"), cookie)
                  page = connection._ring[1024 + ((connection._tail - 1) & connection._mask)]
                  struct.pack_into("<QQ", connection._page_memory, connection._pages_at + page * 256 + 8, cookie, number)
              connection.ring()
              end = time.monotonic() + 5
              while any(connection._pending) and time.monotonic() < end:
                  connection.wait(0.1)
                  connection.drain()
              print(good.read(f"{systems[0]}/system/sysLocation").result(5).ok)
              """);

      assertThat(out.lines().toList())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .isEqualTo("this daemon speaks version 1; use a client of that version"),
              line -> assertThat(line).contains("use a client of that version"),
              line -> assertThat(line).contains("pages: 1073741824 is not from 1 to 131072"),
              line ->
                  assertThat(line)
                      .contains("True 128 programs of user 0 are attached, which is all a user"),
              line -> assertThat(line).isEqualTo("True"),
              line -> assertThat(line).isEqualTo("b''"),
              line -> assertThat(line).isEqualTo("True"),
              line -> assertThat(line).isEqualTo("0 unknown name"),
              line -> assertThat(line).isEqualTo("1 unknown name"),
              line -> assertThat(line).matches("\\d+ reading"),
              line -> assertThat(line).matches("\\d+ reading"),
              line -> assertThat(line).isEqualTo("True"));
      assertThat(simulated.daemon().log()).doesNotContain("ERROR");
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
                  os.kill(int(sys.argv[4]), signal.SIGKILL)
                  start = time.monotonic()
                  print(group.wait(5), time.monotonic() - start < 1)
              print(len(ends), set(ends))
              """,
              Long.toString(simulated.daemon().pid()));

      assertThat(out).isEqualTo("True True\n300 {'stopped'}\n");
    }
  }

  @Test
  void whoeverMayNotReadTheFilesMayNotAttach() throws Exception {
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
  void nobodyCanKeepOthersOutNorHaveMoreThanTheirShare() throws Exception {
    try (SimulatedDaemon simulated =
        start(
            1,
            Duration.ofMillis(1),
            "attach: {mode: \"0666\", clients: 4, clients-of-user: 2, requests: 8, bytes: 64,"
                + " memory: 1}\n")) {
      String out =
          python(
              simulated,
              """
              socket = open(f"{root}/.aeiou/attach").read().strip()
              for above in (socket, *map(str, __import__("pathlib").Path(socket).parents)):
                  if above != "/" and above != "/tmp":
                      os.chmod(above, os.stat(above).st_mode | 0o055)
              def attach(pages, arena, page=256):
                  try:
                      mine.append(aeiou.attach(socket, geometry=aeiou.Geometry(pages, page, page, arena)))
                      print(os.getuid(), mine[-1].read(f"{systems[0]}/system/sysName").result(5).ok)
                  except aeiou.AttachError as e:
                      print(os.getuid(), str(e).split(": ", 1)[1])
                  sys.stdout.flush()
              mine = []
              there, done = os.pipe(), os.pipe()
              if os.fork() == 0:
                  os.setgroups([]); os.setgid(65534); os.setuid(65534)
                  for _ in range(3): attach(8, 64)
                  os.write(there[1], b"x")
                  os.read(done[0], 1)
                  os._exit(0)
              os.read(there[0], 1)
              attach(8, 64); attach(9, 64); attach(8, 128); attach(8, 0, 65536); attach(1, 0); attach(1, 0)
              os.write(done[1], b"x")
              os.wait()
              """);

      assertThat(out.replaceAll("\\d{6,}", "N").lines().toList())
          .containsExactly(
              "65534 True",
              "65534 True",
              "65534 2 programs of user 65534 are attached, which is all a user may have"
                  + " (Too many open files)",
              "0 True",
              "0 pages: 9 is not from 1 to 8 (Invalid argument)",
              "0 bytes of the arena: 128 is not a multiple of 64 from 0 to 64 (Invalid argument)",
              "0 it wants N bytes, but attached programs may share no more than N besides what they do;"
                  + " see attach.memory (Cannot allocate memory)",
              "0 True",
              "0 4 programs are attached, which is all there may be (Too many open files)");
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
      assertThat(cold.err()).matches("0 immediate, \\d+ delayed, 0 failed\n");
      assertThat(warm.err()).matches("\\d+ immediate, 0 delayed, 0 failed\n");
      assertThat(none.exit()).isEqualTo(1);
      assertThat(none.err()).contains("there is no 'nowhere'");
    }
  }

  private Path compiled(String source) {
    Path closures = Path.of("../closures").toAbsolutePath().normalize();
    Path program = folder.resolve("program");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("gcc", "-O1", "-g", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    command.addAll(List.of("-I", closures.resolve("src/main/c").toString()));
    command.addAll(List.of("-o", program.toString(), closures.resolve(source).toString()));
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return program;
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
}
