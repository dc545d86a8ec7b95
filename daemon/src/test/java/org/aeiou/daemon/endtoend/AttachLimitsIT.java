package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What connections cost the daemon: no memory that stays, and no descriptor that it needs itself.
 *
 * <p>{@code -Daeiou.churn.connections=50000} lets more programs come and go.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class AttachLimitsIT {
  private static final int CONNECTIONS = Integer.getInteger("aeiou.churn.connections", 3_000);

  private static final String PREAMBLE =
      """
      import os, socket, struct, sys, time
      root, pid = sys.argv[1], int(sys.argv[2])
      path = open(f"{root}/.aeiou/attach").read().strip()
      # As in WelcomeDescriptor.
      WELCOME_BYTES, SENTENCE_LENGTH, SENTENCE = 256, 68, 72
      HELLO = b"aeiouHEL" + struct.pack("<IIIIII", 0, 1, 16, 256, 256, 4096).ljust(56, b"\\0")
      def connected():
          s = socket.socket(socket.AF_UNIX)
          s.connect(path)
          return s
      def attached():
          "Whether it was welcomed, or what it was told instead."
          with connected() as s:
              s.sendall(HELLO)
              message, descriptors, _, _ = socket.recv_fds(s, WELCOME_BYTES, 4)
              for fd in descriptors: os.close(fd)
              return len(descriptors) == 4 or message[SENTENCE:SENTENCE + message[SENTENCE_LENGTH]].decode()
      """;

  @TempDir Path folder;
  private Path configuration;
  private Path mountPoint;

  @BeforeEach
  void prepare() throws Exception {
    configuration =
        Files.writeString(
            folder.resolve("net.yaml"),
            """
            mount: {mode: "0444", allow-other: true}
            attach: {mode: "0666"}
            systems: {core1: {address: "127.0.0.1:1"}}
            """);
    mountPoint = Files.createDirectory(folder.resolve("net"));
  }

  private DaemonProcess start(List<String> prefix, String... jvm) throws Exception {
    return DaemonProcess.mount(prefix, List.of(jvm), configuration, mountPoint);
  }

  private String python(DaemonProcess daemon, String text, String... more) throws IOException {
    Path script = Files.writeString(folder.resolve("script.py"), PREAMBLE + text);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("python3", script.toString(), mountPoint.toString()));
    command.add(Long.toString(daemon.pid()));
    command.addAll(Arrays.asList(more));
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  private long counter(String name) {
    return Commands.run("cat", mountPoint + "/.aeiou/stats")
        .out()
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
        .findFirst()
        .orElseThrow();
  }

  private static int residentMebibytes(DaemonProcess daemon) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/status"), UTF_8).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private static int descriptors(DaemonProcess daemon) {
    return (int) Commands.run("ls", "/proc/" + daemon.pid() + "/fd").out().lines().count();
  }

  @Test
  void programsThatComeAndGoLeaveNeitherMemoryNorDescriptorsBehind() throws Exception {
    String comeAndGo =
        """
        print({True} == {attached() for _ in range(int(sys.argv[3]))})
        """;
    // A small young generation, so that what grows is not the heap.
    try (DaemonProcess daemon = start(List.of(), "-Xmx512m", "-Xmn16m")) {
      assertThat(python(daemon, comeAndGo, "300")).isEqualTo("True\n");
      int before = residentMebibytes(daemon);
      int open = descriptors(daemon);
      assertThat(python(daemon, comeAndGo, Integer.toString(CONNECTIONS))).isEqualTo("True\n");
      int after = residentMebibytes(daemon);

      System.out.printf("%d connections: %d MB, then %d MB%n", CONNECTIONS, before, after);
      assertThat(after - before).isLessThan(60);
      assertThat(counter("attach.left")).isGreaterThanOrEqualTo(CONNECTIONS);
      assertThat(descriptors(daemon)).isBetween(open - 5, open + 5);
    }
  }

  @Test
  void slowConnectionsLeaveTheDaemonItsDescriptorsAndOthersTheirShare() throws Exception {
    try (DaemonProcess daemon = start(List.of("prlimit", "--nofile=256:256"), "-Xmx256m")) {
      String out =
          python(
              daemon,
              """
              slow = []
              for _ in range(2000):
                  slow.append(connected())
              refused = attached()
              print(refused)
              sys.stdout.flush()
              if os.fork() == 0:
                  os.setgroups([]); os.setgid(65534); os.setuid(65534)
                  print(attached())
                  sys.stdout.flush()
                  os._exit(0)
              os.wait()
              print("stats" in os.listdir(f"{root}/.aeiou"))
              for each in slow: each.close()
              end = time.monotonic() + 10
              while attached() is not True and time.monotonic() < end: time.sleep(0.05)
              print(attached())
              """);

      assertThat(out.lines().toList())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .matches(
                          "\\d+ programs of user 0 are attached, which is all a user may have;"
                              + " the daemon may only have 256 files open"),
              line -> assertThat(line).isEqualTo("True"),
              line -> assertThat(line).isEqualTo("True"),
              line -> assertThat(line).isEqualTo("True"));
      assertThat(daemon.log())
          .containsOnlyOnce("programs can attach at once, as only 256 files may be open; for all")
          .contains("LimitNOFILE=");
      assertThat(counter("attach.refused")).isGreaterThan(1000);
      assertThat(counter("attach.shortages")).isZero();
    }
  }

  @Test
  void acceptThatFindsNoDescriptorPausesSaysItOnceAndGoesOnLater() throws Exception {
    try (DaemonProcess daemon = start(List.of(), "-Xmx256m")) {
      String limit = "--nofile=" + descriptors(daemon) + ":20000";
      Commands.Result lowered = Commands.run("prlimit", "--pid", "" + daemon.pid(), limit);
      assertThat(lowered.err()).isEmpty();
      String out =
          python(
              daemon,
              """
              waiting = [connected() for _ in range(20)]
              time.sleep(2)
              os.system(f"prlimit --pid {pid} --nofile=1000:20000")
              print(attached())
              """);

      assertThat(out).isEqualTo("True\n");
      // Ten times a second.
      assertThat(counter("attach.shortages")).isBetween(1L, 60L);
      assertThat(daemon.log())
          .containsOnlyOnce("a program cannot attach: its connection cannot be accepted")
          .contains("Too many open files");
    }
  }

  @Test
  void tooFewDescriptorsAreSaidWithTheNumberThatIsNeeded() throws Exception {
    int own;
    try (DaemonProcess daemon = start(List.of(), "-Xmx256m")) {
      own = descriptors(daemon);
    }
    int limit = own + 5;
    String limited = "--nofile=" + limit + ":" + limit;
    try (DaemonProcess daemon = start(List.of("prlimit", limited), "-Xmx256m")) {
      assertThat(daemon.log())
          .containsPattern(
              "programs cannot attach: only "
                  + limit
                  + " files may be open, and the daemon needs \\d+ for"
                  + " itself and more for each program; for all 256: ulimit -n \\d+, or"
                  + " LimitNOFILE=\\d+ in a unit")
          .doesNotContain("\tat ");
      assertThat(Commands.run("ls", mountPoint.toString()).out()).contains("core1");
    }
  }
}
