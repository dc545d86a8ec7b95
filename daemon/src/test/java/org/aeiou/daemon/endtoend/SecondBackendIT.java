package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.cli.WithFiles;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system that is asked by another back end than SNMP, beside one that is not. */
@Needs(Needs.Thing.FUSE)
final class SecondBackendIT {
  private static final String VALUES =
      """
      1.3.6.1.2.1.1.3.0 = time 4711
      1.3.6.1.2.1.1.6.0 = text Hall 3, Größe M
      1.3.6.1.2.1.2.2.1.2.7 = text valve
      1.3.6.1.2.1.2.2.1.2.12 = text pump
      1.3.6.1.2.1.2.2.1.8.7 = integer 2
      1.3.6.1.2.1.2.2.1.8.12 = integer 1
      1.3.6.1.2.1.31.1.1.1.1.7 = text valve
      1.3.6.1.2.1.31.1.1.1.1.12 = text pump
      1.3.6.1.2.1.31.1.1.1.6.12 = counter 18446744073709551615
      1.3.6.1.4.1.99999.1.0 = address 10.0.0.1
      """;

  @TempDir Path folder;
  private SimulatedNetwork network;
  private DaemonProcess daemon;
  private Path values;

  @BeforeEach
  void mount() throws Exception {
    network = SimulatedNetwork.start(SimulationOptions.builder().systems(1).port(0).build());
    values = Files.writeString(folder.resolve("plant.values"), VALUES);
    Path configuration =
        Files.writeString(
            folder.resolve("net.yaml"),
            "ttl: {config: 200ms, state: 200ms, directory: 200ms, grace: 0}\n"
                + network.configuration()
                + "  plant:\n    address: "
                + values
                + "\n    file: {retries: 1}\n");
    daemon =
        DaemonProcess.mount(
            WithFiles.class,
            List.of(),
            List.of("-Xmx256m"),
            configuration,
            Files.createDirectory(folder.resolve("net")));
  }

  @AfterEach
  void stop() throws IOException {
    try {
      if (daemon != null) {
        daemon.close();
      }
    } finally {
      network.close();
    }
  }

  private String path(String inside) {
    return daemon.path(inside).toString();
  }

  private String cat(String inside) {
    return Commands.run("cat", path(inside)).out();
  }

  @Test
  void aValueIsReadAndReadAgainWhenItChanged() throws Exception {
    assertThat(cat("plant/system/sysLocation")).isEqualTo("Hall 3, Größe M\n");
    assertThat(Commands.run("stat", "-c", "%s %F", path("plant/system/sysLocation")).out())
        .isEqualTo("18 regular file\n");

    Files.writeString(values, VALUES.replace("Hall 3, Größe M", "Hall 4"));

    eventually("the new value", () -> cat("plant/system/sysLocation").equals("Hall 4\n"));
    assertThat(Commands.run("stat", "-c", "%s", path("plant/system/sysLocation")).out())
        .isEqualTo("7\n");
  }

  @Test
  void aTableHasItsRowsByNameAndFollowsTheirComingAndGoing() throws Exception {
    assertThat(Commands.run("ls", path("plant/interfaces")).out()).isEqualTo("pump\nvalve\n");
    assertThat(cat("plant/interfaces/pump/ifOperStatus")).isEqualTo("up\n");
    assertThat(cat("plant/interfaces/valve/ifOperStatus")).isEqualTo("down\n");
    assertThat(cat("plant/interfaces/pump/ifHCInOctets")).isEqualTo("18446744073709551615\n");

    Files.writeString(values, VALUES.replaceAll("(?m)^.*\\.7 = .*\n", ""));

    eventually(
        "one row less", () -> Commands.run("ls", path("plant/interfaces")).out().equals("pump\n"));
  }

  @Test
  void whatElseIsKnownOfAValueReadsAsItDoesWithSnmp() {
    assertThat(cat("plant/.oid/1.3.6.1.4.1.99999.1.0")).isEqualTo("10.0.0.1\n");
    assertThat(cat("plant/interfaces/pump/ifOperStatus")).isEqualTo("up\n");
    assertThat(
            Commands.run(
                    "getfattr",
                    "--only-values",
                    "-n",
                    "user.aeiou.raw",
                    path("plant/interfaces/pump/ifOperStatus"))
                .out())
        .isEqualTo("1");
    Commands.Result absent = Commands.run("cat", path("plant/system/sysContact"));
    assertThat(absent.err()).contains("No data available");
  }

  @Test
  void aFileThatIsGoneIsUnreachableAndTheOtherSystemIsNot() throws Exception {
    Files.delete(values);
    Commands.Result gone = Commands.run("cat", path("plant/system/sysLocation"));
    assertThat(gone.err()).contains("No route to host");
    assertThat(cat("plant/.health")).contains(values + " cannot be read");

    String other = network.agents().iterator().next().name();
    assertThat(Commands.run("cat", path(other + "/system/sysLocation")).exit()).isZero();
    assertThat(cat(".aeiou/stats"))
        .containsPattern("backend.file.exchanges: [1-9]")
        .containsPattern("backend.snmp.exchanges: [1-9]");
    assertThat(cat(".aeiou/config"))
        .contains("address: \"" + values + "\"\n    file: {timeout: 2s, retries: 1, ");
  }
}
