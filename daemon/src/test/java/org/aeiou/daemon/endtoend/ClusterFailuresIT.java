package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.aeiou.daemon.endtoend.ClusterLoad.Ended;
import org.aeiou.daemon.simulator.Arrival;
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
 * What happens to a cluster, one thing after another, while programs ask for more than the agents
 * may be asked for: what arrives at the agents, and what the programs are told.
 *
 * <p>One cluster is for all of it: two pollers, a mount that polls as well and has a line of its
 * own to the broker, and one that only reads. Each test leaves it whole.
 */
@Needs({Thing.FAKETIME, Thing.FUSE, Thing.NATS_SERVER, Thing.PYTHON3})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(60)
final class ClusterFailuresIT {
  private static final long TTL_MILLIS = 2_000;

  /** How often an agent may be asked in a second; two owners would ask it twice as often. */
  private static final int PER_SECOND = 10;

  /** By how much arrivals may be off, as agents and members share two processors with others. */
  private static final int TOLERATED = 15;

  /** What takes longer than any deadline is a hang. */
  private static final long HANGS_MILLIS = 5_000;

  /** What says at once that it cannot be done. */
  private static final long AT_ONCE_MILLIS = 700;

  /** Shifts the wall clock of a member. */
  private static final String[] THREE_HOURS_AHEAD = faked("+3h");

  private static final String[] A_DAY_BEHIND = faked("-1d");

  @TempDir static Path folder;
  private static ClusterNetwork cluster;
  private static ClusterMember one;
  private static ClusterMember polling;
  private static ClusterMember reading;
  private static ClusterLoad fetches;
  private static ClusterLoad reads;
  private static ClusterLoad writes;

  /** What measures durations, and not the time of day, stays as it is. */
  private static String[] faked(String offset) {
    return new String[] {
      "env",
      // The dynamic loader knows where libraries are on this machine.
      "LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1",
      "DONT_FAKE_MONOTONIC=1",
      "FAKETIME_FORCE_MONOTONIC_FIX=0",
      "FAKETIME=" + offset
    };
  }

  @BeforeAll
  static void start() throws Exception {
    cluster =
        ClusterNetwork.start(
            folder,
            SimulationOptions.builder()
                // Of twelve a third owner has none once in a hundred times: who owns what is
                // chance.
                .systems(24)
                .rows(2)
                .rtt(Duration.ofMillis(3))
                .firstAddress("127.67.1.1")
                .writeCommunities("private"),
            "slots: 256, ttl: 2s",
            "timeout: 1s, retries: 0, max-in-flight: 1, requests-per-second: " + PER_SECOND,
            """
            ttl: {static: 1s, config: 1s, state: 1s, counter: 1s}
            write: {allow: [system/sysLocation], snmp: {community: private}}
            """);
    one = cluster.poller("one");
    cluster.poller("two");
    polling = cluster.linkedMount("polling", "poll,read");
    reading = cluster.mount("reading", "read");
    cluster.awaitOwners(polling, "one", "two", "polling");
    cluster.awaitOwners(reading, "one", "two", "polling");
    fetches = cluster.load(polling, "fetch", 0.01, cluster.all("system/sysUpTime"));
    reads = cluster.load(reading, "read", 0.1, cluster.all("system/sysName"));
    writes = cluster.load(reading, "write", 0.3, cluster.all("system/sysLocation"));
    TimeUnit.SECONDS.sleep(1);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** What happens, and what is back to normal when it returns. */
  private interface Happening {
    void run() throws Exception;
  }

  /** What agents and programs saw of it. */
  private record Seen(long begin, long end, Map<String, List<Arrival>> arrivals) {
    /** What all programs asked for meanwhile. */
    List<Ended> asked() throws Exception {
      List<Ended> all = new ArrayList<>(fetches.askedBetween(begin, end));
      all.addAll(reads.askedBetween(begin, end));
      return all;
    }

    long millis() {
      return (end - begin) / 1_000_000;
    }
  }

  /** Lets something happen, and checks what must hold whatever happens. */
  private static Seen during(String what, Happening happening) throws Exception {
    // What happened before is over.
    eventually("nothing fails for a second", ClusterFailuresIT::isCalm);
    long begin = System.nanoTime();
    happening.run();
    // What was asked meanwhile has its outcome, and agents were asked by their new owners.
    TimeUnit.MILLISECONDS.sleep(700);
    long end = System.nanoTime();
    Seen seen = new Seen(begin, end, cluster.arrivals().between(begin, end));
    List<Ended> asked = seen.asked();
    report(what, seen, asked);
    assertThat(Arrivals.askedInTurnsMillis(seen.arrivals(), 1_000))
        .as("%s: milliseconds in which an agent had two owners%s", what, cluster.logs())
        .isLessThanOrEqualTo(TTL_MILLIS);
    assertThat(Arrivals.tooOftenMillis(seen.arrivals(), TOLERATED))
        .as("%s: milliseconds in which an agent was asked too often%s", what, cluster.logs())
        .isLessThanOrEqualTo(TTL_MILLIS);
    assertThat(asked).filteredOn(e -> e.millis() > HANGS_MILLIS).as("%s: hangs", what).isEmpty();
    assertThat(cluster.systems())
        .as("%s: all are read again%s", what, cluster.logs())
        .allMatch(system -> isReadLately(asked, system, end));
    return seen;
  }

  private static boolean isReadLately(List<Ended> asked, String system, long end) {
    return asked.stream()
        .anyMatch(
            e ->
                e.reason().equals("ok")
                    && e.system().equals(system)
                    && e.ended() > end - TimeUnit.SECONDS.toNanos(2));
  }

  private static boolean isCalm() throws Exception {
    TimeUnit.MILLISECONDS.sleep(100);
    long now = System.nanoTime();
    long before = now - TimeUnit.SECONDS.toNanos(1);
    return failed(fetches.askedBetween(before, now)).isEmpty()
        && failed(reads.askedBetween(before, now)).isEmpty();
  }

  private static void report(String what, Seen seen, List<Ended> asked) {
    if (Boolean.getBoolean("aeiou.cluster.report")) {
      System.out.printf(
          "%s: %d ms, in turns %d ms, too often %d ms, at once %d, slowest %d ms, %s%n",
          what,
          seen.millis(),
          Arrivals.askedInTurnsMillis(seen.arrivals(), 1_000),
          Arrivals.tooOftenMillis(seen.arrivals(), TOLERATED),
          Arrivals.mostAtOnce(seen.arrivals()),
          asked.stream().mapToLong(Ended::millis).max().orElse(0),
          asked.stream().collect(Collectors.groupingBy(Ended::reason, Collectors.counting())));
    }
  }

  private static List<Ended> failed(List<Ended> asked) {
    return asked.stream().filter(e -> !e.isGood()).toList();
  }

  private static void awaitItsShare(String member) throws Exception {
    try {
      eventually(
          member + " owns some systems", () -> !cluster.systemsOf(member, reading).isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError(reading.cat(".aeiou/cluster").out() + cluster.logs(), e);
    }
  }

  /** When the last of what failed was asked, in milliseconds from the beginning. */
  private static long failedFor(Seen seen, List<Ended> asked) {
    return failed(asked).stream()
        .mapToLong(e -> (e.sent() - seen.begin()) / 1_000_000)
        .max()
        .orElse(0);
  }

  /** All that failed did so as it must: at once, or by the deadline that an exchange has. */
  private static void failsAtOnce(List<Ended> asked, long afterNanos) {
    assertThat(failed(asked))
        .filteredOn(e -> e.sent() - afterNanos > 0)
        .filteredOn(e -> !e.reason().equals("unreachable") || e.millis() > AT_ONCE_MILLIS)
        .isEmpty();
  }

  @Test
  @Order(1)
  void anOwnerThatIsKilledHasSuccessorsASecondAfterItsLeaseAtTheLatest() throws Exception {
    List<String> its = cluster.systemsOf("one", reading);
    assertThat(its).isNotEmpty();
    Seen seen =
        during(
            "kill -9 of an owner",
            () -> {
              one.kill();
              cluster.awaitOwners(reading, "two", "polling");
            });
    assertThat(failedFor(seen, seen.asked())).isLessThanOrEqualTo(TTL_MILLIS + 1_000);
    assertThat(seen.asked()).filteredOn(e -> !e.isGood()).allMatch(e -> its.contains(e.system()));
    during(
        "a member joins whose clock is three hours ahead",
        () -> {
          one = cluster.poller("one", THREE_HOURS_AHEAD);
          awaitItsShare("one");
        });
  }

  @Test
  @Order(2)
  void anOwnerThatStoodStillAsksNothingWhenItGoesOn() throws Exception {
    awaitItsShare("one");
    Seen seen =
        during(
            "SIGSTOP of an owner past its lease, and SIGCONT",
            () -> {
              one.signal("STOP");
              cluster.awaitOwners(reading, "two", "polling");
              TimeUnit.SECONDS.sleep(1);
              one.signal("CONT");
              TimeUnit.MILLISECONDS.sleep(TTL_MILLIS);
              cluster.awaitOwners(reading, "one", "two", "polling");
            });
    // Two seconds later it is known that nothing is heard of it.
    failsAtOnce(
        reads.askedBetween(seen.begin(), seen.end()),
        seen.begin() + TimeUnit.MILLISECONDS.toNanos(2_500));
  }

  @Test
  @Order(5)
  void anOwnerWhoseLineIsSilentStopsWithItsLease() throws Exception {
    awaitItsShare("polling");
    Seen seen =
        during(
            "the broker is silent to one owner, which is asked through its mount",
            () -> {
              cluster.link("polling").goSilent();
              cluster.awaitOwners(reading, "one", "two");
              TimeUnit.MILLISECONDS.sleep(TTL_MILLIS + 1_000);
              cluster.link("polling").work();
              awaitItsShare("polling");
            });
    assertThat(failedFor(seen, reads.askedBetween(seen.begin(), seen.end())))
        .isLessThanOrEqualTo(TTL_MILLIS + 1_000);
  }

  @Test
  @Order(6)
  void whileTheBrokerIsGoneOwnSystemsGoOnAndOthersAreUnreachable() throws Exception {
    awaitItsShare("polling");
    Map<String, String> before = cluster.owners(polling);
    long[] back = new long[1];
    Seen seen =
        during(
            "the broker is killed, and back",
            () -> {
              // What has a line of its own is refused by it, as it is by the machine.
              cluster.link("polling").refuse();
              cluster.broker().kill();
              TimeUnit.MILLISECONDS.sleep(3 * TTL_MILLIS);
              back[0] = System.nanoTime();
              cluster.broker().restart();
              cluster.link("polling").work();
              TimeUnit.MILLISECONDS.sleep(3_000);
            });
    List<Ended> own =
        fetches.askedBetween(seen.begin(), back[0]).stream()
            .filter(e -> before.get(e.system()).equals("polling"))
            .toList();
    assertThat(own).hasSizeGreaterThan(20);
    assertThat(failed(own)).isEmpty();
    List<Ended> read = reads.askedBetween(seen.begin(), back[0]);
    // A TTL of a second, and a grace of another.
    assertThat(read)
        .filteredOn(e -> !e.isGood())
        .filteredOn(e -> e.sent() - seen.begin() < TimeUnit.MILLISECONDS.toNanos(800))
        .isEmpty();
    assertThat(read)
        .filteredOn(e -> e.sent() - seen.begin() > TimeUnit.MILLISECONDS.toNanos(2_300))
        .hasSizeGreaterThan(20)
        .filteredOn(e -> !e.reason().equals("unreachable"))
        .isEmpty();
    failsAtOnce(read, seen.begin());
    // Back within three seconds: nothing that was asked later has failed.
    List<Ended> late = reads.askedBetween(back[0] + TimeUnit.SECONDS.toNanos(3), seen.end());
    assertThat(late).hasSizeGreaterThan(3);
    assertThat(failed(late)).isEmpty();
  }

  @Test
  @Order(7)
  void whileTheBrokerIsSilentToAllEveryOwnerStopsWithItsLease() throws Exception {
    long[] silent = new long[2];
    Seen seen =
        during(
            "the broker stands still, and goes on",
            () -> {
              silent[0] = System.nanoTime();
              cluster.broker().pause();
              TimeUnit.MILLISECONDS.sleep(3 * TTL_MILLIS);
              silent[1] = System.nanoTime();
              cluster.broker().resume();
              TimeUnit.MILLISECONDS.sleep(TTL_MILLIS);
              cluster.awaitOwners(reading, "one", "two", "polling");
            });
    long late = silent[0] + TimeUnit.MILLISECONDS.toNanos(TTL_MILLIS + 1_000);
    assertThat(cluster.arrivals().count(late, silent[1])).isZero();
    failsAtOnce(reads.askedBetween(late, silent[1]), seen.begin());
  }

  @Test
  @Order(3)
  void membersThatJoinAndLeaveFailNoRead() throws Exception {
    Seen seen =
        during(
            "members join and leave",
            () -> {
              ClusterMember four = cluster.poller("four", A_DAY_BEHIND);
              awaitItsShare("four");
              one.signal("TERM");
              assertThat(one.awaitExit()).isZero();
              cluster.awaitOwners(reading, "two", "four", "polling");
              one = cluster.poller("one");
              awaitItsShare("one");
              four.signal("TERM");
              assertThat(four.awaitExit()).isZero();
              cluster.awaitOwners(reading, "one", "two", "polling");
            });
    assertThat(failed(seen.asked())).isEmpty();
  }

  @Test
  @Order(4)
  void aDrainOf256SlotsTakesTwoSecondsAndFailsNoRead() throws Exception {
    long[] took = new long[1];
    Seen seen =
        during(
            "drain",
            () -> {
              long begin = System.nanoTime();
              Commands.Result drain = one.drain();
              assertThat(drain.exit()).as(drain.out() + drain.err() + one.log()).isZero();
              took[0] = (System.nanoTime() - begin) / 1_000_000;
              cluster.awaitOwners(reading, "two", "polling");
            });
    assertThat(failed(seen.asked())).isEmpty();
    assertThat(took[0]).isLessThan(4_000);
    one.close();
    one = cluster.poller("one");
    cluster.awaitOwners(reading, "one", "two", "polling");
  }

  @Test
  @Order(9)
  void aCloneOfAMemberIsAMemberLikeAnother() throws Exception {
    during(
        "a cloned configuration",
        () -> {
          ClusterMember clone = cluster.poller("one");
          TimeUnit.MILLISECONDS.sleep(2 * TTL_MILLIS);
          assertThat(clone.isAlive()).isTrue();
          clone.close();
          cluster.awaitOwners(reading, "one", "two", "polling");
        });
  }

  @Test
  @Order(10)
  void aMemberWithAnotherConfigurationOwnsNothingAndSaysSo() throws Exception {
    during(
        "another configuration",
        () -> {
          ClusterMember other = cluster.pollerWith("other", "budget: {requests-per-second: 7}\n");
          eventually("it is there", () -> reading.cat(".aeiou/cluster").out().contains("other"));
          TimeUnit.MILLISECONDS.sleep(TTL_MILLIS + 500);
          assertThat(cluster.systemsOf("other", reading)).isEmpty();
          assertThat(other.log()).contains("configuration is not that of most pollers");
          assertThat(reading.cat(".aeiou/cluster").out()).containsPattern("other.*configuration");
          other.close();
        });
  }

  @Test
  @Order(11)
  void everyRequestHadOneOutcomeAndEveryWriteWasDoneOnceAtTheMost() throws Exception {
    for (ClusterLoad load : List.of(fetches, reads, writes)) {
      assertThat(load.end()).as("requests without an outcome").isZero();
      List<Ended> all = load.soFar();
      List<Long> numbers = all.stream().map(Ended::number).toList();
      assertThat(new HashSet<>(numbers)).as("requests with two outcomes").hasSameSizeAs(numbers);
      assertThat(numbers).as("requests").contains(1L, (long) numbers.size());
    }
    Map<String, Long> sets = cluster.arrivals().sets();
    assertThat(sets.values()).as("how often each write arrived").allMatch(times -> times == 1);
    List<Ended> all = writes.soFar();
    assertThat(all).filteredOn(Ended::isGood).allMatch(e -> sets.containsKey(e.value()));
    // What fails as unreachable, or as not owned, was surely not done.
    assertThat(all)
        .filteredOn(e -> !e.isGood() && !Arrays.asList("timeout", "cancelled").contains(e.reason()))
        .noneMatch(e -> sets.containsKey(e.value()));
    if (Boolean.getBoolean("aeiou.cluster.report")) {
      System.out.println(
          "writes: "
              + all.stream().collect(Collectors.groupingBy(Ended::reason, Collectors.counting())));
    }
  }
}
