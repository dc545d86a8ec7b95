package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

/**
 * A cluster of two sites: in London are the systems whose names begin as {@code core}, in Tokyo all
 * others. Each has a poller; a mount of neither reads.
 */
@Needs({Thing.FUSE, Thing.NATS_SERVER, Thing.PYTHON3})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
final class ClusterSitesIT {
  private static final String SITES = "sites: {lon: ['core*'], tok: '*'}";

  @TempDir static Path folder;
  private static ClusterNetwork cluster;
  private static ClusterMember lon;
  private static ClusterMember web;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        ClusterNetwork.start(
            folder,
            SimulationOptions.builder().systems(12).rows(2).firstAddress("127.66.3.1"),
            "slots: 24, ttl: 2s, " + SITES,
            "timeout: 1s, retries: 1, max-in-flight: 2",
            "");
    lon = cluster.pollerAt("lon-1", "lon");
    cluster.pollerAt("tok-1", "tok");
    web = cluster.mount("web", "read");
    cluster.awaitOwners(web, "lon-1", "tok-1");
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static boolean isInLondon(String system) {
    return system.startsWith("core");
  }

  /** Waits until the systems of London are owned by one member, and those of Tokyo by another. */
  private static void awaitOwners(String ofLondon, String ofTokyo) throws Exception {
    eventually(
        "systems of London are owned by " + ofLondon + ", the others by " + ofTokyo,
        () ->
            cluster.owners(web).entrySet().stream()
                .allMatch(
                    owner ->
                        owner.getValue().equals(isInLondon(owner.getKey()) ? ofLondon : ofTokyo)));
  }

  private static String read(ClusterMember mount, String path) {
    Commands.Result read = mount.cat(path);
    assertThat(read.exit()).as(read.err() + cluster.logs()).isZero();
    return read.out();
  }

  private static void awaitShown(String lines) throws Exception {
    eventually(lines, () -> read(web, ".aeiou/cluster").contains(lines));
  }

  @Test
  @Order(1)
  void eachPollerOwnsTheSystemsOfItsSite() throws Exception {
    awaitOwners("lon-1", "tok-1");
    Map<Boolean, List<String>> bySite =
        cluster.systems().stream().collect(Collectors.partitioningBy(ClusterSitesIT::isInLondon));
    assertThat(bySite.get(true)).isNotEmpty();
    assertThat(bySite.get(false)).isNotEmpty();
    for (String system : cluster.systems()) {
      assertThat(read(web, system + "/system/sysName")).isEqualTo(system + "\n");
      assertThat(web.health(system, "site")).isEqualTo(isInLondon(system) ? "lon" : "tok");
    }
    awaitShown(
        """
        sites: lon has 8 slots, all owned there
        sites: tok has 8 slots, all owned there
        """);
    assertThat(read(web, ".aeiou/cluster"))
        .containsPattern("lon-1 +poll +lon +\\S+ +fine ")
        .containsPattern("tok-1 +poll +tok +\\S+ +fine ")
        .doesNotContain("differs:");
    assertThat(web.counter("cluster.far")).isZero();
    assertThat(read(web, ".aeiou/config")).contains("sites: {lon: [\"core*\"], tok: [\"*\"]}");
  }

  @Test
  @Order(2)
  void theOtherSiteTakesOverWhenAPollerIsKilled() throws Exception {
    lon.kill();
    eventually("its systems are taken over", () -> ownedByTokyo());
    for (String system : cluster.systems()) {
      assertThat(read(web, ".uncached/" + system + "/system/sysName")).isEqualTo(system + "\n");
    }
    // Slots without systems, too.
    awaitShown("sites: lon has 8 slots, 0 of them owned there, 8 elsewhere\n");
    assertThat(web.counter("cluster.far")).isEqualTo(8);
  }

  private static boolean ownedByTokyo() {
    return cluster.owners(web).values().stream().allMatch("tok-1"::equals);
  }

  @Test
  @Order(3)
  void aPollerThatComesToItsSiteIsGivenItsSystemsAndNoReadFails() throws Exception {
    List<String> paths = cluster.all("system/sysUpTime");
    ClusterLoad reads =
        cluster.load(web, "read", 0.2, paths.stream().map(".uncached/"::concat).toList());
    lon = cluster.pollerAt("lon-2", "lon");
    awaitOwners("lon-2", "tok-1");
    TimeUnit.MILLISECONDS.sleep(500); // what was asked meanwhile has its outcome
    assertThat(reads.end()).isZero();
    assertThat(reads.soFar()).isNotEmpty().allMatch(ClusterLoad.Ended::isGood);
    awaitShown("sites: lon has 8 slots, all owned there\n");
  }

  @Test
  @Order(4)
  void aReaderThatPutsSystemsIntoOtherSlotsFailsAtOnceAndSaysWhy() throws Exception {
    ClusterMember astray =
        cluster.mountChanged("astray", "read", text -> text.replace(SITES, "sites: {}"));
    String system = cluster.systems().get(0);
    eventually("it answers", () -> astray.answers());
    eventually(
        "it has heard of them", () -> read(astray, ".aeiou/cluster").contains("differs: astray"));
    long begin = System.nanoTime();
    Commands.Result read = astray.cat(system + "/system/sysName");
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(1));
    assertThat(read.exit()).isNotZero();
    assertThat(read.err()).contains("No route to host");
    assertThat(astray.health(system, "owner")).isEqualTo("none");
    assertThat(astray.health(system, "owner_problem")).contains("puts systems into other slots");
    awaitShown("differs: astray puts systems into other slots than most pollers");
    assertThat(astray.log().lines())
        .filteredOn(line -> line.contains("puts systems into other slots than most pollers"))
        .hasSize(1);
    assertThat(read(web, system + "/system/sysName")).isEqualTo(system + "\n");
    astray.close();
  }
}
