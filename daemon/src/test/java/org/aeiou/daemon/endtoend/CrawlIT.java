package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes through all names of a machine, as updatedb does every night, does not ask the network
 * for values, and with the package's line in {@code /etc/updatedb.conf} for nothing at all.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.PLOCATE})
final class CrawlIT {
  private static final Path PRUNE =
      Path.of("../mount-scripts/prune-updatedb").toAbsolutePath().normalize();

  @TempDir static Path folder;
  private static SimulatedDaemon simulated;

  @BeforeAll
  static void mount() throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(3).rows(8),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "ttl: {directory: 10m}\n");
  }

  @AfterAll
  static void unmount() throws Exception {
    if (simulated != null) {
      simulated.close();
    }
  }

  private static long asked() {
    return simulated.network().agents().stream()
        .mapToLong(agent -> agent.counts().datagrams())
        .sum();
  }

  /** Runs updatedb with a configuration in place of the machine's; returns what locate finds. */
  private static String located(Path configuration) {
    Commands.Result result =
        Commands.run(
            "unshare",
            "--mount",
            "bash",
            "-c",
            "set -e; mount --bind \"$1\" /etc/updatedb.conf; updatedb.plocate -l no -U \"$2\" -o"
                + " \"$2/db\"; plocate -d \"$2/db\" sysUpTime || true",
            "bash",
            configuration.toString(),
            folder.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    return result.out();
  }

  @Test
  void crawlAsksForNoValuesAndAsksForNamesOnce() throws Exception {
    assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root");
    String types = "PRUNEFS=\"NFS proc sysfs\"\n";
    Path configuration = Files.writeString(folder.resolve("updatedb.conf"), types);
    Path net = simulated.daemon().path("");
    assertThat(Commands.run(PRUNE.toString(), "add", configuration.toString()).err()).isEmpty();

    assertThat(located(configuration)).isEmpty();
    assertThat(asked()).isZero();

    // Without that line it goes through all of it: this is what a crawl costs at first.
    assertThat(Commands.run(PRUNE.toString(), "remove", configuration.toString()).err()).isEmpty();
    assertThat(configuration).hasContent(types);
    assertThat(located(configuration)).hasLineCount(3);
    long names = asked();
    assertThat(names).isPositive();

    for (String crawl :
        new String[] {"ls -lR %s", "du -a %s", "find %s -ls", "find %s -type f -size +1G"}) {
      assertThat(Commands.shell(crawl.formatted(net) + " > /dev/null").exit()).as(crawl).isZero();
    }
    assertThat(located(configuration)).hasLineCount(3);
    assertThat(asked()).isEqualTo(names);
    for (SimulatedAgent agent : simulated.network().agents()) {
      // Nor did values get into the cache beside the names, but for the first of a table, which
      // told that there is one.
      assertThat(
              Commands.shell(
                      "cat " + net + "/.cached/" + agent.name() + "/interfaces/eth*/ifInOctets")
                  .out()
                  .lines())
          .hasSizeLessThan(2);
    }
  }

  @Test
  void lineOfTheConfigurationIsAddedOnceAndTakenOutAgain() throws Exception {
    for (String before :
        new String[] {
          "PRUNE_BIND_MOUNTS=\"yes\"\nPRUNEFS=\"NFS afs\"\nPRUNEPATHS=\"/tmp\"\n",
          "# PRUNEFS=\"x\"\nPRUNEFS=\"*\"\n"
        }) {
      Path file = Files.writeString(folder.resolve("some.conf"), before);
      prune("add", file);
      String added = Files.readString(file);
      assertThat(added).isEqualTo(before.replaceFirst("(?m)(^PRUNEFS=.*)\"$", "$1 fuse.aeiou\""));
      prune("add", file);
      assertThat(file).hasContent(added);
      prune("remove", file);
      assertThat(file).hasContent(before);
      prune("remove", file);
      assertThat(file).hasContent(before);
    }
    Path empty = Files.writeString(folder.resolve("empty.conf"), "PRUNENAMES=\".git\"");
    prune("add", empty);
    assertThat(empty).hasContent("PRUNENAMES=\".git\"\nPRUNEFS=\"fuse.aeiou\"\n");
    prune("add", folder.resolve("none.conf"));
    assertThat(folder.resolve("none.conf")).doesNotExist();
  }

  private static void prune(String action, Path file) {
    Commands.Result result = Commands.run(PRUNE.toString(), action, file.toString());
    assertThat(result.out() + result.err()).isEmpty();
    assertThat(result.exit()).isZero();
  }
}
