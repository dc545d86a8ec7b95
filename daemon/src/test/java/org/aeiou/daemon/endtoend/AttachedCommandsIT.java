package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.aeiou.daemon.testing.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people type at a shell about a network that is mounted, and what they see of it. */
@Needs({Thing.FUSE, Thing.PYTHON3})
class AttachedCommandsIT {
  /**
   * Runs a program on a terminal of its own, says what it shows, and presses keys: each argument
   * before {@code --} is a text to wait for, a tab, and what is to be done then: keys, or a signal.
   */
  private static final String ON_A_TERMINAL =
      """
      import fcntl, os, pty, select, signal, struct, sys, termios, time
      cut = sys.argv.index('--')
      steps = [a.split('\\t') for a in sys.argv[1:cut]]
      pid, terminal = pty.fork()
      if pid == 0:
          os.environ['TERM'] = 'xterm'
          os.environ.pop('NO_COLOR', None)
          os.execvp(sys.argv[cut + 1], sys.argv[cut + 1:])
      def size(rows, columns):
          fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
      size(24, 100)
      said, seen, end = '', 0, time.monotonic() + 20
      while time.monotonic() < end:
          if select.select([terminal], [], [], 0.1)[0]:
              try:
                  some = os.read(terminal, 65536)
              except OSError:
                  some = b''
              if not some:
                  break
              said += some.decode('utf-8', 'replace')
          while steps and steps[0][0] in said[seen:]:
              seen = len(said)
              what = steps.pop(0)[1]
              if what.startswith('SIG'):
                  os.kill(pid, getattr(signal, what))
              elif what.startswith('SIZE'):
                  size(*map(int, what.split()[1:]))
              else:
                  os.write(terminal, what.encode())
      flags = termios.tcgetattr(terminal)[3]
      isCooked = bool(flags & termios.ICANON) and bool(flags & termios.ECHO)
      status = os.waitpid(pid, 0)[1]
      sys.stdout.write(said)
      print('\\nEXIT', os.waitstatus_to_exitcode(status), 'COOKED', isCooked, 'LEFT', len(steps))
      """;

  /** Never answers; only one test asks it, as it is known for that then. */
  private static final String DEAD = "srv1";

  @TempDir static Path folder;
  @RegisterExtension final Programs programs = new Programs();
  private static SimulatedDaemon simulated;
  private static String mounted;

  @BeforeAll
  static void start() throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(12).rows(3),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "");
    mounted = simulated.daemon().path("").toString();
    SimulatedAgent silent = simulated.network().agent(DEAD);
    silent.faults(silent.faults().toBuilder().dead(true).build());
  }

  @AfterAll
  static void stop() throws Exception {
    if (simulated != null) {
      simulated.close();
    }
  }

  private static List<String> command(String name, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                name,
                "--mount",
                mounted));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Commands.Result aeiou(String name, String... arguments) {
    return Commands.run(command(name, arguments));
  }

  /** What a command shows on a terminal, and how it ended. */
  private String onATerminal(List<String> steps, List<String> command) throws Exception {
    String[] arguments =
        Stream.of(steps.stream(), Stream.of("--"), command.stream())
            .flatMap(each -> each)
            .toArray(String[]::new);
    return programs.python(ON_A_TERMINAL, arguments).await().good();
  }

  @Test
  void allPathsThatAPatternMatchesAreReadInOneCommand() {
    Commands.Result one = aeiou("get", "core1/system/sysName");
    assertThat(one.out()).isEqualTo("core1\n");
    assertThat(one.exit()).isZero();
    Commands.Result many =
        aeiou("get", "--json", mounted + "/core1/interfaces/*/{ifMtu,ifOperStatus}");
    assertThat(many.err()).isEmpty();
    assertThat(many.out().lines())
        .hasSize(6)
        .contains("{\"path\":\"core1/interfaces/eth0/ifMtu\",\"value\":1500}")
        .allMatch(line -> line.startsWith("{\"path\":\"core1/interfaces/"));
  }

  @Test
  void whatIsWrongIsSaidByPathAndInTheExitCode() {
    Commands.Result result =
        aeiou("get", "core1/system/sysNam", "core1/system", "nowhere*/x", "core1/system/sysName");
    assertThat(result.err())
        .isEqualTo(
            """
            aeiou: core1/system/sysNam: there is no 'sysNam'; did you mean 'sysName'?
            aeiou: core1/system: is a directory; use 'aeiou ls'
            aeiou: nowhere*/x: there is nothing that this matches
            """);
    assertThat(result.out()).isEqualTo("core1/system/sysName: core1\n");
    assertThat(result.exit()).isEqualTo(1);
  }

  @Test
  void aReaderThatGoesAwayIsNoNews() {
    String line =
        "set -o pipefail; "
            + String.join(
                " ", command("find", "core1").stream().map(word -> "'" + word + "'").toList())
            + " | head -1";
    Commands.Result result = Commands.shell(line);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("core1/");
    assertThat(result.exit()).isEqualTo(141);
  }

  @Test
  void twoSystemsAreComparedAsDiffDoes() {
    Commands.Result other = aeiou("diff", "core1/interfaces/eth0", "core1/interfaces/eth1");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out()).startsWith("--- core1/interfaces/eth0\n+++ core1/interfaces/eth1\n");
    Commands.Result none = aeiou("diff", "core1", "cord1");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("there is no 'cord1'; did you mean 'core1'?");
  }

  @Test
  void everyExampleOfTheDocumentationWorks() throws Exception {
    List<String> examples =
        Files.readAllLines(Path.of("docs/commands.md")).stream()
            .filter(line -> line.startsWith("$ aeiou "))
            .map(line -> line.substring("$ aeiou ".length()))
            .toList();
    assertThat(examples).hasSizeGreaterThan(10);
    String aeiou =
        command("$1").stream()
            .map(word -> word.equals("$1") ? "\"$1\"" : "'" + word + "'")
            .collect(Collectors.joining(" ", "aeiou() { ", " \"${@:2}\"; }\n"));
    for (String example : examples) {
      Commands.Result result = Commands.shell(aeiou + "aeiou " + example);
      assertThat(result.exit()).as(example).isEqualTo(example.endsWith("exits with 1") ? 1 : 0);
      assertThat(result.err()).as(example).isEmpty();
      assertThat(result.out()).as(example).doesNotContain("\033");
      if (example.startsWith("watch")) {
        assertThat(result.out()).hasLineCount(2).contains(" core1/system/sysName: core1\n");
      } else if (example.startsWith("top")) {
        assertThat(result.out()).startsWith("aeiou top - ").contains("SYSTEM ", "\ncore1 ");
      }
    }
  }

  @Test
  void onATerminalTopTakesKeysAndLeavesItAsItWas() throws Exception {
    String said =
        onATerminal(
            List.of("by trouble\tn", "by name\tSIZE 10 60", "by name\t/core1\r", "with 'core1'\tq"),
            command("top", "--interval", "300ms"));
    assertThat(said).contains("\033[?1049h", "EXIT 0 COOKED True LEFT 0");
    assertThat(said.lastIndexOf("\033[?1049l")).isGreaterThan(said.lastIndexOf("core1"));
  }

  @Test
  void aSignalEndsTopAndTheTerminalIsAsItWas() throws Exception {
    String interrupted = onATerminal(List.of("by trouble\t\003"), command("top"));
    assertThat(interrupted).contains("\033[?1049l", "EXIT 130 COOKED True LEFT 0");
    String killed = onATerminal(List.of("by trouble\tSIGTERM"), command("top"));
    assertThat(killed).contains("\033[?1049l", "EXIT 143 COOKED True LEFT 0");
  }

  @Test
  void onATerminalWhatTakesLongSaysHowFarItIsAndCtrlCEndsIt() throws Exception {
    String said =
        onATerminal(List.of("of 1 values\t\003"), command("get", DEAD + "/host/hrSystemUptime"));
    assertThat(said).contains("\r\033[K0 of 1 values", "EXIT 130 COOKED True LEFT 0");
    assertThat(said.substring(said.lastIndexOf("values"))).contains("\r\033[K");
  }

  @Test
  void theDaemonTellsHowAllSystemsAre() {
    assertThat(Commands.run("cat", mounted + "/core1/system/sysName").out()).isEqualTo("core1\n");
    Commands.Result cat =
        Commands.run("cat", mounted + "/.aeiou/systems", mounted + "/.aeiou/requesters");
    assertThat(cat.out())
        .contains("{\"system\":\"core1\",\"address\":\"127.", "\"state\":\"up\"")
        .contains("{\"requester\":\"user ");
  }
}
