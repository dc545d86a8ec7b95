package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon's own ups and downs. */
class LifeCycleIT {
  @TempDir Path folder;
  private SimulatedNetwork network;
  private Path configuration;
  private Path mountPoint;

  @BeforeEach
  void startNetwork() throws Exception {
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(4)
                .rows(4)
                .rtt(Duration.ofMillis(5))
                .port(0)
                .build());
    configuration = folder.resolve("net.yaml");
    Files.writeString(configuration, network.configuration());
    mountPoint = Files.createDirectory(folder.resolve("net"));
  }

  @AfterEach
  void stopNetwork() {
    network.close();
  }

  private SimulatedAgent agent() {
    return network.agents().iterator().next();
  }

  @Test
  void aKilledDaemonCanBeStartedAgainOnTheSameMountPoint() throws Exception {
    try (DaemonProcess first = DaemonProcess.mount(configuration, mountPoint)) {
      first.signal("KILL");
      first.awaitExit();
      assertThat(Commands.run("ls", mountPoint.toString()).err())
          .contains("Transport endpoint is not connected");

      try (DaemonProcess second = DaemonProcess.mount(configuration, mountPoint)) {
        Commands.Result name =
            Commands.run("cat", second.path(agent().name() + "/system/sysName").toString());
        assertThat(name.firstLine()).isEqualTo(agent().name());
      }
    }
  }

  @Test
  void terminatingEndsPendingReadsWithAnErrorAndUnmountsAndExitsWithZero() throws Exception {
    agent().faults(Faults.builder().dead(true).build());
    Files.writeString(
        configuration, SimulatedDaemon.asking(network.configuration(), "timeout: 30s, retries: 2"));
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      Process reader =
          new ProcessBuilder("cat", daemon.path(agent().name() + "/system/sysName").toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        awaitPending(daemon);

        daemon.signal("TERM");

        assertThat(daemon.awaitExit()).isZero();
        assertThat(reader.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.exitValue()).isNotZero();
        assertThat(DaemonProcess.isMounted(mountPoint)).isFalse();
        assertThat(Commands.run("ls", "-A", mountPoint.toString()).out()).isEmpty();
      } finally {
        reader.destroyForcibly();
      }
    }
  }

  /** Waits until the agent was asked: the reader is then waiting. */
  private void awaitPending(DaemonProcess daemon) throws Exception {
    long start = System.nanoTime();
    while (agent().counts().datagrams() == 0) {
      assertThat(System.nanoTime() - start).as(daemon.log()).isLessThan(20_000_000_000L);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void umountEndsTheDaemon() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      assertThat(Commands.run("umount", mountPoint.toString()).exit()).isZero();

      assertThat(daemon.awaitExit()).isZero();
    }
  }

  @Test
  void hangingUpReloadsTheSystemsWithoutUnmounting() throws Exception {
    String all = network.configuration();
    String gone =
        network.agents().stream()
            .map(SimulatedAgent::name)
            .skip(1)
            .filter(name -> !name.contains("/"))
            .findFirst()
            .orElseThrow();
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      assertThat(Commands.run("ls", mountPoint.toString()).out()).contains(gone);
      Files.writeString(configuration, without(all, gone));

      daemon.signal("HUP");

      awaitListing(gone, false);
      assertThat(
              Commands.run("cat", daemon.path(agent().name() + "/system/sysName").toString())
                  .firstLine())
          .isEqualTo(agent().name());
      Files.writeString(configuration, all);
      daemon.signal("HUP");
      awaitListing(gone, true);
    }
  }

  @Test
  void readingsStayWhenOnlyTimesAndLimitsChange() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      String name = agent().name() + "/system/sysName";
      assertThat(Commands.run("cat", daemon.path(name).toString()).exit()).isZero();
      Files.writeString(
          configuration,
          "ttl: {config: 4m}\nmount: {mode: \"0440\"}\n"
              + SimulatedDaemon.asking(
                  network.configuration(), "timeout: 1s, retries: 1, max-in-flight: 1"));

      daemon.signal("HUP");

      eventually("reloaded", () -> daemon.log().contains("4 asked in another way"));
      eventually(
          "what is ignored is said",
          () -> daemon.log().contains("what changed below 'mount' takes a new start"));
      Commands.Result cached = Commands.run("cat", daemon.path(".cached/" + name).toString());
      assertThat(cached.firstLine()).isEqualTo(agent().name());
    }
  }

  @Test
  void aThousandHangUpsAtOnceDoNoHarm() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      for (int i = 0; i < 1000; i++) {
        daemon.signal("HUP");
      }
      assertThat(
              Commands.run("cat", daemon.path(agent().name() + "/system/sysName").toString())
                  .firstLine())
          .isEqualTo(agent().name());
      assertThat(daemon.log()).doesNotContain("Exception", "ERROR");
    }
  }

  @Test
  void hangingUpThatIsIgnoredIsSaidAtTheStart() throws Exception {
    Path script = folder.resolve("ignoring");
    Files.writeString(script, "#!/bin/sh\ntrap '' HUP\nexec \"$@\"\n");
    script.toFile().setExecutable(true);
    try (DaemonProcess daemon =
        DaemonProcess.mount(
            List.of(script.toString()), List.of("-Xmx256m"), configuration, mountPoint)) {
      assertThat(daemon.log()).contains("SIGHUP is ignored").contains("aeiou reload");
    }
  }

  @Test
  void hangingUpWithABrokenConfigurationKeepsTheOldOneAndSaysSo() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      Files.writeString(configuration, "sistems: {}\n");

      daemon.signal("HUP");

      long start = System.nanoTime();
      while (!daemon.log().contains("sistems")) {
        assertThat(System.nanoTime() - start).as(daemon.log()).isLessThan(20_000_000_000L);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(
              Commands.run("cat", daemon.path(agent().name() + "/system/sysName").toString())
                  .exit())
          .isZero();
    }
  }

  private void awaitListing(String system, boolean listed) throws Exception {
    long start = System.nanoTime();
    while (Commands.run("ls", mountPoint.toString()).out().lines().anyMatch(system::equals)
        != listed) {
      assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** The configuration without the lines of one system. */
  private static String without(String configuration, String system) {
    StringBuilder rest = new StringBuilder();
    boolean skipping = false;
    for (String line : configuration.lines().toList()) {
      if (line.startsWith("  " + system + ":")) {
        skipping = true;
      } else if (!line.startsWith("    ")) {
        skipping = false;
      }
      rest.append(skipping ? "" : line + "\n");
    }
    return rest.toString();
  }
}
