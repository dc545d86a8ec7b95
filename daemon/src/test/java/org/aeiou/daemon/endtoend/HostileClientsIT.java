package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** Programs that mean harm, or have bad luck: no other program notices. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class HostileClientsIT extends AttachedPrograms {
  /** Whether another program can attach now, and is served. */
  private static final String SERVED =
      """
      def served():
          with aeiou.attach(root) as net:
              return net.read(f"{systems[0]}/system/sysName").result(5).ok
      from raw import *
      """;

  @Test
  void clientThatWritesNoiseOrIsKilledHarmsNoOther() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(200), "")) {
      String out =
          python(
              simulated,
              """
              import random
              from raw import *
              good = aeiou.attach(root)
              def noisy(seed):
                  rng = random.Random(seed)
                  raw = Raw(root, 16, 256, 256, 4096)
                  memory = raw.out
                  for i in range(2000):
                      kind = rng.randrange(4)
                      if kind == 0:
                          at = rng.randrange(len(memory) - 8)
                          memory[at:at + 8] = rng.randbytes(8)
                      elif kind == 1:
                          raw.word(memory, TAIL, raw.word(memory, TAIL) + rng.choice((0, 1, 1, 1, 2)))
                      elif kind == 2:
                          struct.pack_into("<I", memory, RING + 4 * rng.randrange(16), rng.choice((rng.randrange(16), 2**31, 16)))
                      else:
                          try:
                              raw.socket.send(rng.randbytes(rng.randrange(1, 64)))
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
  void programThatIsCutOffIsToldWhyAndAnEventNamesIt() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              SERVED
                  + """
                  for _ in range(20):
                      raw = Raw(root, 4)
                      raw.enter(9)
                      farewell = raw.socket.recv(WELCOME_BYTES)
                      try:
                          assert raw.socket.recv(WELCOME_BYTES) == b""
                      except ConnectionResetError:
                          pass  # the daemon has not read the bell
                      raw.close()
                  print(farewell[:8], *said(farewell), os.getpid())
                  stopped = Raw(root)
                  os.kill(int(sys.argv[5]), signal.SIGTERM)
                  print(*said(stopped.socket.recv(WELCOME_BYTES)))
                  """,
              Long.toString(simulated.daemon().pid()));

      List<String> lines = out.lines().toList();
      assertThat(lines.get(0)).startsWith("b'aeiouWEL' 71 it submits page 9 of 4 ");
      assertThat(lines.get(1)).isEqualTo("108 the daemon stops");
      String pid = lines.get(0).substring(lines.get(0).lastIndexOf(' ') + 1);
      // An event is a line of the log from INFO up; of one user two a minute are told at once.
      assertThat(simulated.daemon().log().lines())
          .filteredOn(line -> line.contains("is cut off"))
          .hasSize(2)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .contains(
                          "process " + pid + " of user 0 is cut off: it submits page 9 of 4"));
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
              from raw import said
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
                      return said(sock.recv(_layout.WELCOME_BYTES))[1]
              print(hello(_layout.HELLO_MAGIC, 2 << 32, 8, 256, 256, 0))
              print(hello(0, 1 << 32, 8, 256, 256, 0))
              print(hello(1, 1 << 32, 8, 256, 256, 0))
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
                      twice.submissions._last_number = 5
                      twice.submissions.submit(1, f"{systems[0]}/system/sysDescr", print, None)
                  twice.ring()
                  end = time.monotonic() + 5
                  while not twice.gone and time.monotonic() < end: twice.wait(5)
                  print(twice.gone)
              finally:
                  twice.close()
              # One that never takes what it is told, and one with forged cookies and numbers.
              lazy = aeiou.attach(path, geometry=aeiou.Geometry(4, 256, 256, 0))
              with lazy.begin() as group:
                  for _ in range(4): group.fetch(f"{systems[0]}/system/sysDescr", print)
              connection = _connection.connect(path, aeiou.Geometry(4, 256, 256, 0))
              for cookie, number in ((0, 1), (1, 0), (2**64 - 1, 2**64 - 1), (7, 7)):
                  out = connection.submissions
                  out.submit(1, f"{systems[0]}/system/sysName", lambda c, e, m: print(c, e.reason or "reading"), cookie)
                  page = out._ring[_layout.RING // 4 + ((out._tail - 1) & out._mask)]
                  struct.pack_into("<QQ", out._memory, out._pages.begin + page * 256 + 8, cookie, number)
              connection.ring()
              end = time.monotonic() + 5
              while any(connection.submissions.pending) and time.monotonic() < end:
                  connection.wait(0.1)
                  connection.drain()
              print(good.read(f"{systems[0]}/system/sysLocation").result(5).ok)
              """);

      assertThat(out.lines().toList())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .isEqualTo("this daemon speaks version 1; use a client of that version"),
              line -> assertThat(line).isEqualTo("this is a daemon"),
              line -> assertThat(line).contains("what it says first is no hello of this protocol"),
              line -> assertThat(line).contains("pages: 1073741824 is not from 1 to 131072"),
              line ->
                  assertThat(line)
                      .contains("True 128 programs of user 0 are attached, which is all a user"),
              line -> assertThat(line).isEqualTo("True"),
              line -> assertThat(line).isEqualTo("b''"),
              line -> assertThat(line).isEqualTo("True"),
              line -> assertThat(line).startsWith("0 bad "),
              // Its outcome has the number 0, as one has that is being written.
              line -> assertThat(line).isEqualTo("1 bad answer"),
              line -> assertThat(line).matches("\\d+ reading"),
              line -> assertThat(line).matches("\\d+ reading"),
              line -> assertThat(line).isEqualTo("True"));
      assertThat(simulated.daemon().log()).doesNotContain("ERROR");
    }
  }

  @Test
  void noUserKeepsOthersOutNorHasMoreThanItsShare() throws Exception {
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
  void bellThatIsNeverReadHoldsNoOtherClientUp() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              SERVED
                  + """
                  import fcntl
                  raw = Raw(root)
                  os.set_blocking(raw.bell, True)
                  fcntl.fcntl(raw.bell, fcntl.F_SETPIPE_SZ, 4096)
                  try:
                      os.write(raw.bell, b"x")
                      print("it can be written to")
                  except OSError as e:
                      print(e.strerror)
                  for i in range(6000):
                      raw.word(raw.out, WAKE_AT, i)
                      raw.page(0, STAT, f"{systems[0]}/system/sysName")
                      raw.enter(0)
                      assert len(raw.take(1)) == 1
                  print(len(os.read(raw.bell, 1 << 20)), served())
                  """);

      assertThat(out).isEqualTo("Bad file descriptor\n4096 True\n");
    }
  }

  @Test
  void chainCannotMakeAPathOutOfWhatIsNone() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              SERVED
                  + """
                  raw = Raw(root, page_bytes=1088, outcome_bytes=4096, arena_bytes=1 << 20)
                  paths = ["x" * 1000] + ["{}" * 500] * 3 + [f"{systems[0]}/system/sysName"] + ["{}" * 500] * 3
                  for page, path in enumerate(paths):
                      last = page == len(paths) - 1
                      raw.page(page, READ, path, flags=0 if last else CHAINED, following=0 if last else page + 2)
                  raw.enter(0)
                  print(len(raw.take(len(paths))))
                  for page in range(len(paths)):
                      kind, reason, value = raw.outcome(page)
                      print(kind, reason, len(value) < 2100)
                  # Of a listing's names as well, and only of a listing's.
                  raw.page(0, LIST, "", CHAINED, following=2)
                  raw.page(1, READ, "{}" * 500, CHAINED | EACH, following=3)
                  raw.page(2, READ, "{}/system/sysName", CHAINED | EACH, following=4)
                  raw.page(3, WATCH, f"{systems[0]}/system/sysName")
                  raw.enter(0)
                  print(len(raw.take(4)), [raw.outcome(page)[:2] for page in range(4)], served())
                  """);

      assertThat(out.lines().toList())
          .containsExactly(
              "8",
              "3 14 True",
              "3 12 True",
              "3 12 True",
              "3 12 True",
              "1 0 True",
              "3 14 True",
              "3 12 True",
              "3 12 True",
              "4 [(1, 0), (1, 0), (3, 11), (3, 11)] True");
      assertThat(simulated.daemon().log()).doesNotContain("ERROR");
    }
  }

  @Test
  void clientThatKeepsTheDaemonBusyKeepsNoOtherFromBeingServed() throws Exception {
    try (SimulatedDaemon simulated = start(300, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              SERVED
                  + """
                  def spin(operation, path, pages):
                      raw = Raw(root, pages, 128, 128)
                      for page in range(pages):
                          raw.page(page, operation, path, NO_COMPLETION)
                          struct.pack_into("<I", raw.out, RING + 4 * page, page)
                          struct.pack_into("<I", raw.out, RING + 4 * (page + pages), page)
                      while True:
                          raw.word(raw.out, TAIL, raw.word(raw.into, HEAD) + pages)
                          try:
                              raw.socket.send(b"\\1", socket.MSG_DONTWAIT)
                          except BlockingIOError:
                              pass
                          except OSError:
                              os._exit(3)
                  # What is nothing, what takes long, and what is long.
                  for operation, path in (99, ""), (READ, ".aeiou/metrics"), (LIST, ""):
                      child = os.fork()
                      if child == 0:
                          spin(operation, path, 4096)
                      time.sleep(1)
                      begin = time.monotonic()
                      print(served(), time.monotonic() - begin < 4, os.waitpid(child, os.WNOHANG)[0] == 0)
                      os.kill(child, signal.SIGKILL)
                      os.waitpid(child, 0)
                  print(served())
                  """);

      assertThat(out).isEqualTo("True True True\n".repeat(3) + "True\n");
    }
  }

  @Test
  void fileIsWatchedOnlySoOftenByAProgramAndWatchesThatEndAreGone() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String out =
          python(
              simulated,
              SERVED
                  + """
                  raw = Raw(root, 128)
                  path = f"{systems[0]}/system/sysName"
                  for round in range(3):
                      numbers = [raw.page(page, WATCH, path) for page in range(66)]
                      raw.enter(*range(66))
                      told = raw.take(66)
                      ended = sorted(page for page, flags in told if flags == 0)
                      print(ended, raw.outcome(65)[2].decode())
                      for page, number in enumerate(numbers[:64]):
                          raw.page(70, CANCEL, "", target=number)
                          raw.enter(70)
                          assert len(raw.take(2)) == 2
                  """);

      assertThat(out).isEqualTo("[64, 65] is watched 64 times by this program already\n".repeat(3));
    }
  }

  @Test
  void whatIsCachedIsFoundByTheOneSpellingOfItsPathAndGoesWithItsSystem() throws Exception {
    try (SimulatedDaemon simulated = start(30, Duration.ofMillis(1), "")) {
      Path configuration = folder.resolve("net.yaml");
      String out =
          python(
              simulated,
              SERVED
                  + """
                  raw = Raw(root)
                  # One of two in a directory, so that only that directory has other names then.
                  gone = [name for name in systems if name.startswith("lon/")][1]
                  path = f"{gone}/system/sysName"
                  other = f"/{gone}//system/sysName/"
                  with aeiou.attach(root) as net:
                      table = net._link.table
                      raw.page(0, READ, other)
                      raw.enter(0)
                      raw.take(1)
                      print(raw.outcome(0)[2].decode() == gone, table.find(path) is not None, table.find(other) is not None)
                      kept, drop = [], False
                      for line in open(sys.argv[5]).read().splitlines(True):
                          if line[:2] == "  " and line[2] != " ":
                              drop = line.startswith(f"  {gone}:")
                          kept += [] if drop else [line]
                      open(sys.argv[5], "w").write("".join(kept))
                      os.kill(int(sys.argv[6]), signal.SIGHUP)
                      deadline = time.monotonic() + 10
                      while table.find(path) is not None and time.monotonic() < deadline:
                          time.sleep(0.01)
                      print(table.find(path), net.read(path).result(5).reason)
                  """,
              configuration.toString(),
              Long.toString(simulated.daemon().pid()));

      assertThat(out).isEqualTo("True True True\nNone unknown name\n");
    }
  }

  @Test
  void fileInTheSocketsPlaceIsLeftAloneAndTheDaemonSaysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("precious"), "precious");
    try (SimulatedDaemon simulated =
        start(1, Duration.ofMillis(1), "attach: {socket: " + file + "}\n")) {
      assertThat(simulated.daemon().log())
          .contains("programs cannot attach: " + file + ": what is there is not a socket");
    }
    assertThat(file).hasContent("precious");
  }

  @Test
  void socketIsNotPutIntoAFolderOfAnotherUser() throws Exception {
    Path strange = Files.createDirectory(folder.resolve("strange"));
    Files.setAttribute(strange, "unix:uid", 65534);
    Path socket = strange.resolve("attach.sock");
    try (SimulatedDaemon simulated =
        start(1, Duration.ofMillis(1), "attach: {socket: " + socket + "}\n")) {
      assertThat(Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out())
          .isEmpty();
      assertThat(simulated.daemon().log())
          .contains("programs cannot attach: " + socket + ": " + strange)
          .contains("belongs to user 65534 (owner 65534, mode 0755)", "expected root as owner");
      assertThat(socket).doesNotExist();
    }
  }
}
