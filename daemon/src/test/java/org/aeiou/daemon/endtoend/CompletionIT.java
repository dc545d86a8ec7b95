package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Eventually;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manual pages and completion as they are packaged, and the shells that use them on a mount. */
@Needs({
  Needs.Thing.FUSE,
  Needs.Thing.PYTHON3,
  Needs.Thing.MANDOC,
  Needs.Thing.BASH_COMPLETION,
  Needs.Thing.ZSH
})
final class CompletionIT {
  private static final Path TREE = Path.of("..").toAbsolutePath().normalize();
  private static final Path MANUAL = TREE.resolve("mount-scripts/packaging/manual");
  private static final Path DRIVERS = Path.of("src/test/resources/completion").toAbsolutePath();

  @TempDir private static Path folder;
  private static Path made;
  private static SimulatedDaemon simulated;
  private static String net;

  @BeforeAll
  static void makeAndMount() throws Exception {
    made = folder.resolve("made");
    Path model = folder.resolve("model.json");
    Commands.Result described =
        Commands.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            MANUAL.resolve("Model.java").toString());
    assertThat(described.exit()).as(described.err()).isZero();
    Files.writeString(model, described.out());
    Commands.Result making =
        Commands.run(
            "python3",
            "-B",
            MANUAL.resolve("make.py").toString(),
            TREE.toString(),
            model.toString(),
            "1.0",
            made.toString());
    assertThat(making.exit()).as(making.err()).isZero();
    simulated =
        SimulatedDaemon.start(
            Files.createDirectory(folder.resolve("run")),
            SimulationOptions.builder().systems(3).rows(2),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "");
    net = simulated.daemon().path("").toString();
  }

  @AfterAll
  static void unmount() throws IOException {
    if (simulated != null) {
      simulated.close();
    }
  }

  private static String page(String name) throws IOException {
    return Files.readString(made.resolve("man/man" + name.charAt(name.length() - 1)).resolve(name));
  }

  /** What bash completes at the end of a line. */
  private static List<String> bash(String line) {
    Commands.Result completed =
        Commands.run(
            "bash",
            DRIVERS.resolve("complete.bash").toString(),
            made.resolve("bash-completion/completions/aeiou").toString(),
            line);
    assertThat(completed.err()).isEmpty();
    return words(completed.out());
  }

  /** What zsh completes at the end of each line. */
  private static List<List<String>> zsh(String... lines) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("zsh", "-f", DRIVERS.resolve("complete.zsh").toString()));
    command.add(made.resolve("zsh/vendor-completions").toString());
    command.addAll(List.of(lines));
    Commands.Result completed = Commands.run(command);
    assertThat(completed.exit()).as(completed.err()).isZero();
    return completed.out().lines().map(CompletionIT::words).toList();
  }

  private static List<String> words(String line) {
    return line.isBlank() ? List.of() : List.of(line.strip().split(" ", -1));
  }

  @Test
  void everyPageIsReadWithoutAWarning() {
    Commands.Result read =
        Commands.shell("mandoc -T lint -W warning " + made.resolve("man") + "/man*/*");

    assertThat(read.out() + read.err()).isEmpty();
    assertThat(read.exit()).isZero();
  }

  @Test
  void everyCommandHasAPageAndIsNamedOnThatOfTheProgram() throws IOException {
    for (String command : bash("aeiou ")) {
      if (!command.equals("help")) {
        assertThat(List.of(1, 8))
            .as(command)
            .anyMatch(
                section ->
                    Files.exists(
                        made.resolve(
                            "man/man%d/aeiou-%s.%d".formatted(section, command, section))));
        assertThat(page("aeiou.1")).contains("\\fBaeiou\\-" + command + "\\fR(");
      }
    }
    assertThat(page("aeiou-mount.8")).contains("\\fB\\-\\-channel\\fR=\\fIKIND\\fR");
    assertThat(page("aeiou-mib-import.1")).contains("\\fB\\-s\\fR, \\fB\\-\\-subtree\\fR");
  }

  @Test
  void pagesOfTheConfigurationAndTheHeaderLeaveNothingOut() throws IOException {
    String configuration = Files.readString(TREE.resolve("daemon/docs/configuration.md"), UTF_8);
    String page = page("aeiou.yaml.5");
    Matcher keys = Pattern.compile("^\\| `([a-z-]+)`", Pattern.MULTILINE).matcher(configuration);
    while (keys.find()) {
      assertThat(page).contains("\n\\fB" + keys.group(1).replace("-", "\\-") + "\\fR");
    }

    String header = Files.readString(TREE.resolve("closures/src/main/c/aeiou.h"), UTF_8);
    String calls = header.substring(0, header.indexOf("/* ======== How"));
    Matcher names =
        Pattern.compile("^static inline .*?\\*?(aeiou_\\w+)\\(", Pattern.MULTILINE).matcher(calls);
    page = page("aeiou.h.3");
    int found = 0;
    while (names.find()) {
      assertThat(page).contains(names.group(1) + "(");
      found++;
    }
    assertThat(found).isGreaterThan(30);
  }

  @Test
  void bashCompletesCommandsOptionsAndWords() {
    assertThat(bash("aeiou mo")).containsExactly("mount");
    assertThat(bash("aeiou mib ")).containsExactly("import");
    assertThat(bash("aeiou mount --ch")).containsExactly("--channel=");
    assertThat(bash("aeiou mount --channel=")).containsExactly("kernel", "jnr-fuse", "auto");
    assertThat(bash("aeiou mount --channel k")).containsExactly("kernel");
    assertThat(bash("aeiou check " + folder + "/run/n")).contains(folder + "/run/net.yaml");
    assertThat(bash("aeiou nonsense ")).isEmpty();
  }

  @Test
  void bashCompletesMountPointsSystemsAndAttributes() {
    assertThat(bash("aeiou reload " + net.substring(0, net.length() - 1))).containsExactly(net);
    assertThat(bash("aeiou forget --mount=" + net + " co")).containsExactly("core1");
    assertThat(bash("aeiou forget --mount " + net + " lon/e")).containsExactly("lon/edge1");
    String set = "aeiou set --mount " + net + " ";
    assertThat(Commands.run("ls", net + "/core1", net + "/core1/interfaces").exit()).isZero();
    assertThat(bash(set + "core1/inter")).containsExactly("core1/interfaces/");
    assertThat(bash(set + "core1/system/sysLo")).containsExactly("core1/system/sysLocation=");
    assertThat(bash(set + "core1/system/sysLocation=R")).isEmpty();
    assertThat(bash(set + net + "/core1/interfaces/l"))
        .containsExactly(net + "/core1/interfaces/lo/");
  }

  @Test
  void zshCompletesTheSame() {
    assertThat(Commands.run("ls", net + "/core1", net + "/core1/interfaces").exit()).isZero();
    String set = "aeiou set --mount " + net + " ";

    assertThat(
            zsh(
                "aeiou mo",
                "aeiou mib i",
                "aeiou mount --channel=j",
                "aeiou forget --mount=" + net + " co",
                set + "core1/inter",
                set + "core1/system/sysLo",
                set + "core1/interfaces/l"))
        .containsExactly(
            List.of("mount"),
            List.of("import"),
            List.of("jnr-fuse"),
            List.of("core1"),
            List.of("interfaces"),
            List.of("sysLocation"),
            List.of("lo"));
  }

  /** What is not known is listed meanwhile, and nothing below it. */
  @Test
  void unknownNamesAreThereTheNextTime() throws Exception {
    String line = "aeiou set --mount " + net + " sw2/inter";

    assertThat(bash(line)).isEmpty();
    Eventually.eventually(
        "listed",
        () ->
            Commands.run("sleep", "0.5").exit() == 0
                && bash(line).equals(List.of("sw2/interfaces/")));
    assertThat(Commands.run("ls", net + "/.cached/sw2/interfaces").exit()).isNotZero();
  }

  @Test
  void daemonThatHangsDoesNotHangTheShell() {
    simulated.daemon().signal("STOP");
    try {
      Commands.Result completed =
          Commands.run(
              "timeout",
              "20",
              "bash",
              DRIVERS.resolve("complete.bash").toString(),
              made.resolve("bash-completion/completions/aeiou").toString(),
              "aeiou set --mount " + net + " lon/edge1/sys");
      assertThat(completed.exit()).isZero();
      assertThat(completed.out()).isBlank();
    } finally {
      simulated.daemon().signal("CONT");
    }
  }
}
