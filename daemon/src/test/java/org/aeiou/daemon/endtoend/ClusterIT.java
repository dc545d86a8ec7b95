package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members of a cluster as an operator starts, looks at, reloads, drains and ends them. */
@Needs({Thing.FUSE, Thing.NATS_SERVER})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
final class ClusterIT {
  private static final int SLOTS = 16;

  @TempDir static Path folder;
  private static ClusterNetwork cluster;
  private static ClusterMember one;
  private static ClusterMember web;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        ClusterNetwork.start(
            folder,
            SimulationOptions.builder()
                .systems(24)
                .rows(2)
                .firstAddress("127.66.2.1")
                .writeCommunities("private"),
            "slots: " + SLOTS + ", ttl: 2s",
            "timeout: 1s, retries: 1, max-in-flight: 2",
            """
            budget: {requests-per-second: 1000}
            write: {allow: [system/sysLocation], snmp: {community: private}}
            """);
    one = cluster.poller("one");
    web = cluster.mount("web", "read");
    cluster.awaitOwners(web, "one");
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String read(ClusterMember mount, String path) {
    Commands.Result read = mount.cat(path);
    assertThat(read.exit()).as(read.err() + cluster.logs()).isZero();
    return read.out();
  }

  private static Commands.Result aeiou(String... arguments) {
    return ClusterMember.aeiou(arguments);
  }

  @Test
  @Order(1)
  void aMountThatOnlyReadsShowsWhatAPollerReads() throws Exception {
    String system = cluster.systems().get(0);
    assertThat(read(web, system + "/system/sysName")).isEqualTo(system + "\n");
    assertThat(read(web, ".uncached/" + system + "/system/sysName")).isEqualTo(system + "\n");
    assertThat(Commands.run("ls", "-l", web.path(system + "/system").toString()).out())
        .contains("sysName");
    eventually("its owner told", () -> web.health(system, "state").equals("up"));
    assertThat(read(web, system + "/.health"))
        .contains("owner: one\n", "\nowner_since: 20", "\nepoch: ")
        .containsPattern("\ndistance_ms: \\d+\\.\\d\n");
    assertThat(web.echo("here", system + "/system/sysLocation").exit()).isZero();
    assertThat(read(web, system + "/system/sysLocation")).isEqualTo("here\n");
  }

  @Test
  @Order(2)
  void peopleAndProgramsSeeHowTheClusterIs() throws Exception {
    eventually("heard of", () -> read(web, ".aeiou/cluster").contains("all with an owner"));
    assertThat(read(web, ".aeiou/cluster"))
        .contains("cluster: test\n", "member: web\n", "broker: connected")
        .containsPattern("one +poll +- +\\S+ +fine +16 ")
        .containsPattern("web \\* +read +- +\\S+ +fine +0 ");
    assertThat(read(web, ".aeiou/members").lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("\"member\":\"one\"") && line.contains("\"slots\":16"));
    assertThat(read(web, ".aeiou/systems").lines())
        .hasSize(24)
        .allMatch(line -> line.contains("\"owner\":\"one\""));
    assertThat(aeiou("status", web.path("").toString()).out())
        .contains("cluster")
        .contains("test: 2 members, 1 of them poll; all slots have an owner; broker connected");
    assertThat(read(web, ".aeiou/config")).contains("name: test");
  }

  @Test
  @Order(3)
  void aPollerWithAnotherConfigurationTakesNothingAndSaysSo() throws Exception {
    ClusterMember other =
        cluster.pollerWith("other", "budgets: {spare: {requests-per-second: 5}}\n");
    eventually(
        "the others see that it differs",
        () ->
            read(web, ".aeiou/cluster")
                .contains("differs: other has another configuration than most pollers"));
    assertThat(read(web, ".aeiou/members").lines())
        .anyMatch(line -> line.contains("\"other\"") && line.contains("\"campaigns\":false"));
    eventually("it says so", () -> other.log().contains("is not that of most pollers (one)"));
    assertThat(cluster.owners(web).values()).containsOnly("one");
    other.close();
    eventually("it has left", () -> !read(web, ".aeiou/members").contains("\"other\""));
    assertThat(read(web, ".aeiou/events")).contains("\"what\":\"left\",\"member\":\"other\"");
  }

  @Test
  @Order(4)
  void systemsComeAndGoAtAReload() throws Exception {
    String last = cluster.systems().get(23);
    reload(text -> text.replaceFirst("(?m)^  \"?" + last + "\"?:", "  renamed:"));
    eventually("it is gone", () -> web.cat(last + "/.health").exit() != 0);
    assertThat(read(web, "renamed/system/sysName")).isEqualTo(last + "\n");
    assertThat(read(web, "renamed/.health")).contains("owner: one\n");
    reload(text -> text.replaceFirst("(?m)^  renamed:", "  " + last + ":"));
    eventually("it is back", () -> web.cat(last + "/system/sysName").exit() == 0);
  }

  /** Changes the configuration of each member, and has it read again. */
  private static void reload(UnaryOperator<String> change) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        Files.writeString(file, change.apply(Files.readString(file, UTF_8)), UTF_8);
      }
    }
    Commands.Result reloaded = aeiou("reload", "--pid", Long.toString(one.pid()));
    assertThat(reloaded.out()).as(reloaded.err()).contains("24 systems: ");
    web.signal("HUP");
  }

  @Test
  @Order(5)
  void aDrainedPollerHasGivenAllAwayAndNoReadFailed() throws Exception {
    cluster.poller("two");
    eventually("they share", () -> cluster.owners(web).containsValue("two"));
    List<String> paths = cluster.all("system/sysUpTime");
    ClusterLoad reads =
        cluster.load(web, "read", 0.2, paths.stream().map(".uncached/"::concat).toList());
    Commands.Result drained = one.drain();
    assertThat(drained.exit()).as(drained.err() + cluster.logs()).isZero();
    assertThat(drained.out()).matches("drained: \\d+ of 16 slots were given away\n");
    cluster.awaitOwners(web, "two");
    assertThat(read(web, ".aeiou/cluster")).containsPattern("one +poll +- +\\S+ +draining +0 ");
    assertThat(reads.end()).isZero();
    assertThat(reads.soFar()).isNotEmpty().allMatch(ClusterLoad.Ended::isGood);
    String pid = Long.toString(one.pid());
    assertThat(aeiou("status", "--pid", pid).out())
        .startsWith("process " + pid + ": fine\n")
        .containsPattern("(?m)^  systems +24: ")
        .containsPattern("(?m)^  cluster +test: ");
    one.signal("TERM");
    long begin = System.nanoTime();
    assertThat(one.awaitExit()).isZero();
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(3));
    assertThat(aeiou("drain", "--pid", Long.toString(one.pid())).err())
        .contains("process " + one.pid() + ": there is no such process");
    Commands.Result gone = aeiou("status", "--pid", pid);
    assertThat(gone.exit()).isEqualTo(5);
    assertThat(gone.out()).isEqualTo("process " + pid + ": dead; there is no such process\n");
  }

  @Test
  @Order(6)
  void aPollerThatEndsGivesItsLeasesBackAtOnce() throws Exception {
    ClusterMember three = cluster.poller("three");
    eventually("it has some", () -> cluster.owners(web).containsValue("three"));
    three.signal("TERM");
    assertThat(three.awaitExit()).isZero();
    // Less than the time to live would take: nothing waits for a lease to end.
    cluster.awaitOwners(web, "two");
    assertThat(three.log()).contains("left test").doesNotContain("unreachable", "Exception");
    Commands.Result ofReader = aeiou("drain", web.path("").toString());
    assertThat(ofReader.exit()).isEqualTo(1);
    assertThat(ofReader.err())
        .isEqualTo(
            "aeiou: not drained: this member only reads, and has no systems to give away; end it,"
                + " if it is to go\n");
  }
}
