package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor's MIB files and an agent that has the objects, read through a mount. */
@Needs(Thing.FUSE)
class MibsIT {
  private static final Path MIBS = Path.of("src/test/resources/mibs").toAbsolutePath();
  private static final String ACME = "1.3.6.1.4.1.54321";

  @TempDir static Path folder;
  private static SimulatedDaemon simulated;
  private static SimulatedAgent agent;
  private static String ups;

  @BeforeAll
  static void mount() throws Exception {
    SimulationOptions.Builder options =
        SimulationOptions.builder()
            .systems(0)
            .firstAddress("127.46.1.1")
            .recordings(MIBS.resolve("acme-ups.snmprec"));
    String usual = "timeout: 2s, retries: 2, max-in-flight: 2";
    String mibs = "mibs: [" + MIBS.resolve("acme") + "]\nstate: state\n";
    simulated = SimulatedDaemon.start(folder, options, usual, mibs);
    agent = simulated.network().agents().get(0);
    ups = simulated.daemon().path(agent.name()).toString();
  }

  @AfterAll
  static void unmount() throws Exception {
    simulated.close();
  }

  private static String shell(String command) throws Exception {
    return Commands.shell("cd " + ups + " && " + command).out();
  }

  @Test
  void attributesOfTheMibAreFilesWithItsNamesLabelsHintsAndSentences() throws Exception {
    assertThat(shell("ls").lines()).contains("acmeUps", "acmeOutletTable", "system");
    assertThat(shell("cat acmeUps/acmeUpsMode acmeUps/acmeUpsTemperature"))
        .isEqualTo("battery\n23.1\n");
    assertThat(shell("getfattr --only-values -n user.aeiou.description acmeUps/acmeUpsModel"))
        .isEqualTo("The model, as it stands on the front.");
    assertThat(shell("getfattr --only-values -n user.aeiou.type acmeUps/acmeUpsMode"))
        .isEqualTo("AcmeMode");
    assertThat(shell("ls acmeOutletTable").lines()).hasSize(16).contains("left outlet 3");
    assertThat(shell("cat acmeOutletTable/*3/acmeOutletOn")).isEqualTo("false\nfalse\n");
    assertThat(shell("ls acmeLampTable acmeSlotTable")).contains("3.1", "4.0.9");
    List<Tree.File> files = Tree.read(simulated.daemon().path(agent.name()));
    assertThat(
            files.stream()
                .filter(file -> file.oid() != null && file.oid().toString().startsWith(ACME)))
        .as("thirty attributes of a vendor's MIB, readable")
        .hasSizeGreaterThan(30)
        .allSatisfy(
            file -> {
              assertThat(file.error()).as(file.path()).isZero();
              assertThat(file.raw()).isEqualTo(Tree.raw(agent.objects().get(file.oid())));
            });
  }

  @Test
  void objectsAreFoundByNameAndPartsOfTheTreeAreDirectories() throws Exception {
    assertThat(shell("cat .oid/acmeUpsModel.0 .oid/ACME_UPS-MIB::acmeOutletName.2.8"))
        .isEqualTo("ACME 3000\nright outlet 8\n");
    assertThat(shell("cat .oid/sysName.0 .oid/" + ACME + ".2.1.4.0")).isEqualTo("ups1\n37\n");
    assertThat(shell("ls .oid/acmeSlotTable .oid/acmeUpsMode"))
        .isEqualTo(".oid/acmeSlotTable:\n1.1.4.0.9\n\n.oid/acmeUpsMode:\n0\n");
    assertThat(shell("cat .oid/acmeUps/4.0")).isEqualTo("37\n");
    assertThat(shell("ls .oid/acmeUsp .oid/1.3.6.1.4.1.54322 .oid/acmeUps/4.1 2>&1 || true"))
        .contains("acmeUsp': No such file", "54322': No such file", "4.1': No such file");
  }

  @Test
  void readingAllOfAnUnknownPartOfTheTreeCostsAboutABulkWalk() throws Exception {
    String unknown = ".oid/" + ACME;
    long objects =
        agent.objects().keySet().stream().filter(oid -> oid.toString().startsWith(ACME)).count();
    shell("ls " + unknown); // and so it is known that the system answers
    long before = agent.counts().datagrams();
    String again = ".oid/" + ACME + ".2";
    String read = shell("find " + again + " -type f | xargs cat | wc -l");
    assertThat(read.strip()).isEqualTo(String.valueOf(objects));
    assertThat(agent.counts().datagrams() - before).isLessThanOrEqualTo(objects / 20 + 5);
  }
}
