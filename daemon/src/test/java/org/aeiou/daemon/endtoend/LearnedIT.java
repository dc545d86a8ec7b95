package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon learned of a system is there in the next one, until it is told to forget it. */
@Needs(Needs.Thing.FUSE)
final class LearnedIT {
  @TempDir private Path folder;

  @Test
  void whatIsLearnedOutlivesTheDaemonUntilItIsForgotten() throws Exception {
    Path state = folder.resolve("kept");
    Path mountPoint = Files.createDirectory(folder.resolve("net"));
    Path configuration = folder.resolve("net.yaml");
    try (SimulatedNetwork network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(1)
                .firstAddress("127.47.4.1")
                .rtt(Duration.ofMillis(1))
                .port(0)
                .build())) {
      SimulatedAgent agent = network.agents().get(0);
      agent.faults(Faults.builder().tooBigAbove(5).build());
      network.writeConfiguration(configuration);
      Files.writeString(configuration, Files.readString(configuration) + "state: " + state + "\n");
      Path health = mountPoint.resolve(agent.name()).resolve(".health");
      String learned;
      try (DaemonProcess daemon = DaemonProcess.mount("256m", configuration, mountPoint)) {
        Commands.shell("find " + health.getParent() + " -type f | xargs cat > /dev/null 2>&1");
        learned = line(health, "batch_limit");
        assertThat(learned).isNotEqualTo("batch_limit: 28");
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).isZero();
      }
      assertThat(state.resolve("learned")).content().contains(agent.name(), "batch=");
      try (DaemonProcess daemon = DaemonProcess.mount("256m", configuration, mountPoint)) {
        Commands.run("cat", health.resolveSibling("system/sysName").toString());
        assertThat(line(health, "batch_limit")).isEqualTo(learned);

        Commands.Result unknown = forget("nobody", mountPoint);
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err())
            .isEqualTo("aeiou: nobody: no such system; 'ls " + mountPoint + "' lists them\n");

        Commands.Result forgotten = forget(agent.name(), mountPoint);
        assertThat(forgotten.err()).isEmpty();
        assertThat(forgotten.out())
            .isEqualTo(agent.name() + ": what was learned of it is forgotten\n");
        assertThat(forgotten.exit()).isZero();
        assertThat(line(health, "batch_limit")).isEqualTo("batch_limit: 28");
        assertThat(state.resolve("learned")).content().doesNotContain("batch=");
        assertThat(daemon.log()).contains("what was learned of it is forgotten, by order");
      }
    }
  }

  private static String line(Path health, String key) throws Exception {
    return Files.readAllLines(health).stream()
        .filter(line -> line.startsWith(key + ":"))
        .findFirst()
        .orElseThrow();
  }

  private static Commands.Result forget(String system, Path mountPoint) {
    return Commands.run(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "forget",
        system,
        "--mount",
        mountPoint.toString());
  }
}
