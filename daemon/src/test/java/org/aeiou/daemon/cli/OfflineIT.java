package org.aeiou.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code aeiou get} and {@code aeiou ls}: what is read without a mount, and what is said else. */
class OfflineIT {
  @TempDir private static Path folder;
  private static SimulatedNetwork network;
  private static Path configuration;

  @BeforeAll
  static void start() throws Exception {
    network =
        SimulatedNetwork.start(SimulationOptions.builder().systems(1).rows(3).port(0).build());
    configuration = folder.resolve("net.yaml");
    Files.writeString(configuration, network.configuration());
  }

  @AfterAll
  static void stop() {
    network.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          get | core1/system/sysName           | core1
          get | core1/.oid/.1.3.6.1.2.1.1.5.0  | core1
          get | core1/.oid/sysName.0           | core1
          get | core1/interfaces/eth1/ifName   | eth1
          ls  | core1/interfaces               | eth0/
          """)
  void whatIsThereIsPrinted(String command, String path, String line) {
    Ran ran = Ran.aeiou(command, "-c", configuration, path);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().lines()).contains(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          get | core1/system/sysNam          | there is no 'sysNam'; did you mean 'sysName'?
          get | core/system/sysName          | there is no 'core'; did you mean 'core1'?
          get | core1/interfaces/eht1/ifName | there is no 'eht1'; did you mean 'eth1'?
          get | core1/system/frobnicate      | there is no 'frobnicate'
          get | core1/system                 | is a directory; use 'aeiou ls'
          get | core1/system/sysName/x       | there is nothing below 'sysName', which is a file
          get | core1/bridge/dot1dBaseType   | this system does not have it
          get | core1/.oid/1.3.6.1.2.1.1.99.0 | this system does not have it
          get | core1/.oid/sysNaim.0         | there is no 'sysNaim.0'
          ls  | core1/systm                  | there is no 'systm'; did you mean 'system'?
          ls  | core1/system/sysName         | is not a directory; use 'aeiou get'
          """)
  void whatIsNotThereIsNamedWithWhatMayHaveBeenMeant(String command, String path, String words) {
    Ran ran = Ran.aeiou(command, "-c", configuration, path);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).isEqualTo("aeiou: " + path + ": " + words + "\n");
  }
}
