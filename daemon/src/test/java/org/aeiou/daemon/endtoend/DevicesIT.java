package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What devices answer that do not do what the MIB's authors had in mind, as a person sees it. */
class DevicesIT {
  /**
   * A switch with names in GBK, a date that is text, parts of one name, half a forwarding table.
   */
  private static final String SWITCH =
      """
      1.3.6.1.2.1.1.1.0|4|Switch
      1.3.6.1.2.1.1.5.0|4x|bbfab7bf31
      1.3.6.1.2.1.2.2.1.2.101|4|GigabitEthernet0/1
      1.3.6.1.2.1.2.2.1.2.102|4|GigabitEthernet0/2
      1.3.6.1.2.1.17.1.4.1.2.1|2|101
      1.3.6.1.2.1.17.1.4.1.2.2|2|102
      1.3.6.1.2.1.17.4.3.1.2.0.17.34.51.68.1|2|1
      1.3.6.1.2.1.17.4.3.1.3.0.17.34.51.68.1|2|3
      1.3.6.1.2.1.17.4.3.1.3.0.17.34.51.68.2|2|4
      1.3.6.1.2.1.25.1.2.0|4|2019-10-1,4:52:5.0,-4:0
      1.3.6.1.2.1.31.1.1.1.1.101|4x|c9cfc1aa
      1.3.6.1.2.1.31.1.1.1.1.102|4|Gi0/2
      1.3.6.1.2.1.47.1.1.1.1.2.1|4|PEM, left
      1.3.6.1.2.1.47.1.1.1.1.2.2|4|PEM, right
      1.3.6.1.2.1.47.1.1.1.1.7.1|4|PEM
      1.3.6.1.2.1.47.1.1.1.1.7.2|4|PEM
      """;

  /** A router with ports that are known by the numbers of their interfaces, as on Junos. */
  private static final String ROUTER =
      """
      1.0.8802.1.1.2.1.3.7.1.2.606|2|7
      1.0.8802.1.1.2.1.3.7.1.2.607|2|7
      1.0.8802.1.1.2.1.3.7.1.3.606|4|606
      1.0.8802.1.1.2.1.3.7.1.3.607|4|607
      1.0.8802.1.1.2.1.3.7.1.4.606|4|left
      1.0.8802.1.1.2.1.3.7.1.4.607|4|right
      1.0.8802.1.1.2.1.4.1.1.9.0.606.1|4|core2
      1.0.8802.1.1.2.1.4.1.1.9.0.607.1|4|core2
      1.3.6.1.2.1.1.5.0|4|core1
      1.3.6.1.2.1.31.1.1.1.1.606|4|ge-0/1/0
      1.3.6.1.2.1.31.1.1.1.1.607|4|ge-0/1/1
      """;

  @TempDir private static Path folder;
  private static SimulatedNetwork network;
  private static DaemonProcess daemon;

  @BeforeAll
  static void mount() throws Exception {
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    Files.writeString(recordings.resolve("switch.snmprec"), SWITCH);
    Files.writeString(recordings.resolve("router.snmprec"), ROUTER);
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder().systems(0).recordings(recordings).port(0).build());
    StringBuilder systems = new StringBuilder("defaults: {charset: GBK}\nsystems:\n");
    network
        .agents()
        .forEach(
            agent ->
                systems.append(
                    "  %s: %s:%d\n"
                        .formatted(
                            agent.name(),
                            agent.address().getAddress().getHostAddress(),
                            agent.address().getPort())));
    Path configuration = Files.writeString(folder.resolve("net.yaml"), systems);
    daemon = DaemonProcess.mount(configuration, Files.createDirectory(folder.resolve("net")));
  }

  @AfterAll
  static void unmount() throws Exception {
    SimulatedNetwork agents = network;
    try (agents) {
      daemon.close();
    }
  }

  /** What a line of shell prints that is typed at the mount point. */
  private static String typed(String line) {
    Commands.Result result =
        Commands.shell("export LC_ALL=C.UTF-8; cd '" + daemon.path("") + "' && " + line);
    return result.out() + result.err();
  }

  @Test
  void textInTheCharacterSetOfTheSystemReadsAsItIsMeantAlsoInNames() {
    assertThat(typed("cat switch/system/sysName")).isEqualTo("机房1\n");
    assertThat(typed("cat .aeiou/config")).contains("charset: GBK\n");
    assertThat(typed("ls switch/interfaces")).isEqualTo("Gi0∕2\n上联\n");
    assertThat(typed("cat switch/interfaces/[!G]*/ifDescr")).isEqualTo("GigabitEthernet0/1\n");
  }

  @Test
  void aDateThatIsTextReadsAsThatText() {
    assertThat(typed("cat switch/host/hrSystemDate")).isEqualTo("2019-10-1,4:52:5.0,-4:0\n");
  }

  @Test
  void aRowIsThereThatLacksTheFirstColumn() {
    assertThat(typed("ls switch/forwarding")).isEqualTo("00:11:22:33:44:01\n00:11:22:33:44:02\n");
    assertThat(typed("cat switch/forwarding/00:11:22:33:44:02/dot1dTpFdbStatus"))
        .isEqualTo("self\n");
  }

  @Test
  void anAddressSaysTheInterfaceThatItIsBehindByItsName() {
    assertThat(typed("cat switch/forwarding/00:11:22:33:44:01/ifName")).isEqualTo("上联\n");
    assertThat(typed("cat switch/forwarding/00:11:22:33:44:02/ifName"))
        .contains("No data available");
  }

  @Test
  void partsOfOneNameAreToldApartByTheirDescriptions() {
    assertThat(typed("ls switch/physical")).isEqualTo("PEM~PEM, left\nPEM~PEM, right\n");
    assertThat(typed("cat 'switch/physical/PEM~PEM, right/entPhysicalName'")).isEqualTo("PEM\n");
  }

  @Test
  void aNeighbourSaysTheLocalPortByItsName() {
    assertThat(typed("ls router/lldp-neighbours")).isEqualTo("core2~left\ncore2~right\n");
    assertThat(typed("cat router/lldp-neighbours/core2~right/ifName")).isEqualTo("ge-0/1/1\n");
    assertThat(typed("cat router/lldp-neighbours/core2~left/lldpLocPortDesc")).isEqualTo("left\n");
  }

  @Test
  void anObjectIsFoundByItsNumberWithADotOrWithoutIfItIsThere() {
    assertThat(typed("cat router/.oid/.1.3.6.1.2.1.1.5.0 router/.oid/1.3.6.1.2.1.1.5.0"))
        .isEqualTo("core1\ncore1\n");
    assertThat(typed("ls router/.oid/1.3.6.1.2.1.1.99.0 2>&1"))
        .contains("No such file or directory");
    assertThat(typed("cat router/.oid/.1.3.6.1.2.1.1.99.0 2>&1"))
        .contains("No such file or directory");
  }
}
