package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs that read all of a system, of which nothing was read before: they end without an error,
 * as what the system does not have is not listed, and sizes are right before they are used. Of
 * recorded devices, too, where AEIOU_RECORDINGS names a folder of them.
 */
@Needs(Needs.Thing.FUSE)
final class FirstPassIT {
  /** Nothing expires in between, and what is simulated changes meanwhile. */
  private static final String LONG_LIVED =
      "ttl: {static: 10m, counter: 10m, config: 10m, state: 10m, directory: 10m}\n";

  /** A program; {@code $1} is the system's directory and {@code $2} an empty one. */
  enum Tool {
    COPY("cp -r \"$1\" \"$2\""),
    SYNCHRONIZE("rsync -a \"$1\" \"$2\""),
    SEARCH("grep -r . \"$1\" > \"$2/found\""),
    CONCATENATE("find \"$1\" -type f -print0 | xargs -0 cat > \"$2/all\""),
    ARCHIVE_TWICE("tar cf \"$2/1.tar\" \"$1\"; tar cf \"$2/2.tar\" \"$1\"");

    private final String line;

    Tool(String line) {
      this.line = line;
    }
  }

  @TempDir static Path folder;
  private static final Set<String> SIMULATED = new HashSet<>();

  /** Of each system, a copy to compare with. */
  private static Path copies;

  @BeforeAll
  static void copyAll() throws Exception {
    copies = Files.createDirectory(folder.resolve("copies"));
    try (SimulatedDaemon simulated = start("for-copies")) {
      for (SimulatedAgent agent : simulated.network().agents()) {
        run("cp -r \"$1\" \"$2\"", simulated, agent, copies);
      }
    }
  }

  @AfterAll
  static void makeDeletable() {
    // A directory of the mount cannot be written to, nor can its copy.
    Commands.run("chmod", "-R", "u+w", folder.toString());
  }

  /** A network of one simulated system, and the recorded ones; never asked before. */
  private static SimulatedDaemon start(String name) throws IOException, InterruptedException {
    String recordings = System.getenv("AEIOU_RECORDINGS");
    SimulationOptions.Builder options = SimulationOptions.builder().systems(1).rows(12);
    if (recordings != null) {
      options.recordings(Path.of(recordings));
    }
    SimulatedDaemon simulated =
        SimulatedDaemon.start(
            Files.createDirectory(folder.resolve(name)),
            options,
            "timeout: 5s, retries: 2",
            LONG_LIVED);
    if (recordings == null) {
      simulated.network().agents().forEach(agent -> SIMULATED.add(agent.name()));
    } else {
      SIMULATED.add("core1");
    }
    return simulated;
  }

  private static Commands.Result run(
      String line, SimulatedDaemon simulated, SimulatedAgent agent, Path into) {
    String path = simulated.daemon().path(agent.name()).toString();
    return Commands.run("bash", "-c", "set -o pipefail; " + line, "a test", path, into.toString());
  }

  /**
   * The systems that a tool is tried with: all are copied; each of the other tools has every second
   * recording, so that each recording has half of the tools.
   */
  private static List<SimulatedAgent> tried(Tool tool, SimulatedDaemon simulated) {
    List<SimulatedAgent> agents = simulated.network().agents();
    List<Tool> tools = List.of(Tool.values());
    return agents.stream()
        .filter(
            agent ->
                tool == Tool.COPY
                    || SIMULATED.contains(agent.name())
                    || (agents.indexOf(agent) + tools.indexOf(tool)) % 2 == 0)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void endsWithoutAnError(Tool tool) throws Exception {
    List<String> wrong = new ArrayList<>();
    try (SimulatedDaemon simulated = start(tool.name())) {
      for (SimulatedAgent agent : tried(tool, simulated)) {
        Path into = Files.createDirectory(folder.resolve(tool.name() + "-" + agent.name()));
        Commands.Result result = run(tool.line, simulated, agent, into);
        if (result.exit() != 0) {
          wrong.add(agent.name() + ": " + result.exit() + ", " + result.err().lines().toList());
        }
      }
    }
    assertThat(wrong).as(tool.line).isEmpty();
  }

  /** The values of a recording stay; those that are simulated do not. */
  @Test
  void aDeviceDoesNotDifferFromItsCopy() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (SimulatedDaemon simulated = start("to-compare")) {
      for (SimulatedAgent agent : simulated.network().agents()) {
        Path copy = copies.resolve(agent.name());
        Commands.Result result = run("diff -r -x .health \"$1\" \"$2\"", simulated, agent, copy);
        boolean changes = SIMULATED.contains(agent.name());
        if (result.exit() > (changes ? 1 : 0) || !result.err().isEmpty()) {
          wrong.add(agent.name() + ": " + result.exit() + ", " + result.err().lines().toList());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
