package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.simulator.Arrival;
import org.aeiou.daemon.simulator.SimulatedAgent;
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

/** Two pollers and two mounts: mounts that ask no system read all that pollers can read. */
@Needs({Thing.FUSE, Thing.NATS_SERVER, Thing.PYTHON3, Thing.GETFATTR})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(60)
final class ClusterReadsIT {
  private static final Oid SYS_CONTACT = Oid.parse("1.3.6.1.2.1.1.4.0");
  private static final Oid IF_INDEX = Oid.parse("1.3.6.1.2.1.2.2.1.1");
  private static final String TRAPS = "127.67.9.1:11620";
  private static final int SYSTEMS = 48;

  @TempDir static Path folder;
  private static ClusterNetwork cluster;
  private static ClusterMember one;
  private static ClusterMember left;
  private static ClusterMember right;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        ClusterNetwork.start(
            folder,
            SimulationOptions.builder()
                .systems(SYSTEMS)
                .rows(2)
                .firstAddress("127.67.2.1")
                .writeCommunities("private"),
            "slots: 64, ttl: 2s",
            "timeout: 1s, retries: 1, max-in-flight: 2",
            """
            ttl: {static: 1h, config: 1h, state: 1h, counter: 1s}
            write: {allow: [system/sysLocation], snmp: {community: private}}
            """);
    one = cluster.poller("one");
    cluster.pollerWith("two", "traps: {listen: ['%s']}\n".formatted(TRAPS));
    left = cluster.mount("left", "read");
    right = cluster.mount("right", "read");
    cluster.awaitOwners(left, "one", "two");
    cluster.awaitOwners(right, "one", "two");
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static SimulatedAgent agent(int number) {
    return cluster.agents().agents().get(number);
  }

  private static String read(ClusterMember mount, String path) {
    Commands.Result read = mount.cat(path);
    assertThat(read.exit()).as(read.err() + cluster.logs()).isZero();
    return read.out().strip();
  }

  /** From how many sockets an agent was asked since then. */
  private static Set<SocketAddress> askedBy(SimulatedAgent agent, long since) {
    return cluster
        .arrivals()
        .between(since, System.nanoTime())
        .getOrDefault(agent.name(), List.of())
        .stream()
        .map(Arrival::from)
        .collect(Collectors.toSet());
  }

  @Test
  @Order(1)
  void aSystemOfAnotherMemberIsReadAsOneOfItsOwnIs() throws Exception {
    String name = agent(0).name();
    assertThat(read(left, name + "/system/sysName")).isEqualTo(name);
    assertThat(read(left, ".uncached/" + name + "/system/sysName")).isEqualTo(name);
    assertThat(read(left, ".cached/" + name + "/system/sysName")).isEqualTo(name);
    assertThat(read(left, name + "/.oid/1.3.6.1.2.1.1.5.0")).isEqualTo(name);
    List<String> rows =
        Commands.run("ls", left.path(name + "/interfaces").toString()).out().lines().toList();
    assertThat(rows).hasSize(2);
    assertThat(read(left, name + "/interfaces/" + rows.get(0) + "/ifName")).isEqualTo(rows.get(0));
    assertThat(read(left, name + "/interfaces/.table").lines()).hasSize(3);
    assertThat(read(left, name + "/interfaces/.json")).contains("\"" + rows.get(1) + "\"");
    assertThat(Long.parseLong(read(left, name + "/interfaces/" + rows.get(0) + "/ifInOctets")))
        .isNotNegative();
    assertThat(read(left, name + "/interfaces/" + rows.get(0) + "/ifInOctets.rate")).isNotEmpty();
    assertThat(left.cat(name + "/system/nope").err()).contains("No such file");
    assertThat(
            Commands.run("stat", "-c", "%s", left.path(name + "/system/sysName").toString()).out())
        .isEqualTo(name.length() + 1 + "\n");
    assertThat(
            Commands.run(
                    "getfattr",
                    "--only-values",
                    "-n",
                    "user.aeiou.oid",
                    left.path(name + "/system/sysName").toString())
                .out())
        .contains("1.3.6.1.2.1.1.5.0");
    // A slot may be given away once, as members join one after another.
    assertThat(askedBy(agent(0), 0)).as("sockets that asked: of pollers").hasSizeBetween(1, 2);
    assertThat(read(left, name + "/.health"))
        .contains("owner: ", "owner_since: ", "epoch: ", "distance_ms: ")
        .contains("state: up");
    assertThat(right.health(name, "owner")).isEqualTo(left.health(name, "owner"));
    assertThat(read(left, ".aeiou/cluster")).contains("one", "two", "left", "right");
  }

  @Test
  @Order(2)
  void whatSeveralMountsReadIsAskedForOnce() throws Exception {
    String path = agent(1).name() + "/system/sysDescr";
    long begin = System.nanoTime();
    String value = read(left, path);
    assertThat(read(right, path)).isEqualTo(value);
    assertThat(read(left, path)).isEqualTo(value);
    assertThat(cluster.arrivals().between(begin, System.nanoTime()).get(agent(1).name()))
        .hasSize(1);
  }

  @Test
  @Order(3)
  void whatOneMountWritesAllRead() throws Exception {
    String path = agent(2).name() + "/system/sysLocation";
    String before = read(right, path);
    Commands.Result written = left.echo("a rack in Łódź", path);
    assertThat(written.exit()).as(written.err()).isZero();
    assertThat(read(left, path)).isEqualTo("a rack in Łódź").isNotEqualTo(before);
    eventually("the other reads it", () -> read(right, path).equals("a rack in Łódź"));
    assertThat(cluster.arrivals().sets().values()).containsOnly(1L);
    Commands.Result refused = left.echo("x", agent(2).name() + "/system/sysName");
    assertThat(refused.exit()).isNotZero();
  }

  @Test
  @Order(4)
  void whatNoMemberWatchesCostsTheBrokerNothing() throws Exception {
    String path = ".uncached/" + agent(3).name() + "/system/sysUpTime";
    // That it answers is news, once.
    read(left, path);
    TimeUnit.MILLISECONDS.sleep(200);
    Map<String, AtomicLong> messages = new ConcurrentHashMap<>();
    Connection spy = Nats.connect(cluster.broker().url());
    try {
      spy.createDispatcher(
              message ->
                  messages
                      .computeIfAbsent(message.getSubject(), s -> new AtomicLong())
                      .incrementAndGet())
          .subscribe("aeiou.test.>");
      spy.flush(Duration.ofSeconds(2));
      for (int i = 0; i < 20; i++) {
        read(left, path);
      }
      eventually("members tell how they are", () -> messages.containsKey("aeiou.test.members"));
      // How the system is may be told once more; a message for each reading would be twenty.
      assertThat(
              messages.entrySet().stream()
                  .filter(entry -> entry.getKey().contains(".changes."))
                  .mapToLong(entry -> entry.getValue().get())
                  .sum())
          .isLessThanOrEqualTo(1);
      messages.clear();
      // As soon as another one is interested it is told.
      read(right, agent(3).name() + "/system/sysUpTime");
      read(left, path);
      eventually(
          "the change was published",
          () -> messages.keySet().stream().anyMatch(subject -> subject.contains(".changes.")));
    } finally {
      spy.close();
    }
  }

  @Test
  @Order(5)
  void aChangeIsSeenOnAnotherMountAtOnce() throws Exception {
    SimulatedAgent agent = agent(4);
    String path = agent.name() + "/system/sysContact";
    List<Long> millis = new ArrayList<>();
    try (Watching watching = new Watching(right, path)) {
      watching.next();
      for (int i = 0; i < 50; i++) {
        agent.set(SYS_CONTACT, new Value.Octets(OctetsType.OCTETS, ("c" + i).getBytes(UTF_8)));
        read(left, ".uncached/" + path);
        // What the command took to end counts against it: the owner had read it before.
        long begin = System.nanoTime();
        assertThat(watching.next()).isEqualTo("c" + i);
        millis.add((System.nanoTime() - begin) / 1_000_000);
      }
    }
    millis.sort(null);
    // The benchmark looks closer; here two processors are shared with other tests.
    assertThat(millis.get(45)).as("milliseconds, sorted: %s", millis).isLessThan(200);
  }

  /** Of one poller's systems and of the other one's: traps come to one of the two. */
  @Test
  @Order(6)
  void aTrapAtOnePollerIsSeenOnEveryMountWhicheverOwnsTheSystem() throws Exception {
    Map<String, String> owners = cluster.owners(right);
    for (String owner : List.of("one", "two")) {
      SimulatedAgent agent =
          cluster.agents().agents().stream()
              .filter(any -> owners.get(any.name()).equals(owner))
              .findFirst()
              .orElseThrow();
      int index =
          agent.objects().keySet().stream()
              .filter(oid -> oid.startsWith(IF_INDEX))
              .mapToInt(oid -> oid.get(oid.length() - 1))
              .findFirst()
              .orElseThrow();
      String name = read(left, agent.name() + "/.oid/1.3.6.1.2.1.31.1.1.1.1." + index);
      String path = agent.name() + "/interfaces/" + name + "/ifOperStatus";
      try (Watching watching = new Watching(right, path)) {
        String before = watching.next();
        agent.trapsTo(new InetSocketAddress("127.67.9.1", 11620), "public");
        agent.link(index, !before.equals("up"), true);
        assertThat(watching.next()).as(owner + cluster.logs()).isNotEqualTo(before);
      }
    }
  }

  @Test
  @Order(7)
  void aTakeOverAsksForNoMoreThanBefore() throws Exception {
    ClusterLoad reads = cluster.load(left, "read", 0.2, cluster.all("system/sysUpTime"));
    TimeUnit.SECONDS.sleep(2);
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(4);
    long killed = System.nanoTime();
    one.kill();
    TimeUnit.SECONDS.sleep(6);
    long end = System.nanoTime();
    assertThat(reads.end()).isZero();
    double before = cluster.arrivals().count(begin, killed) / 4.0;
    long mostBefore = cluster.arrivals().mostInASecond(begin, killed);
    long mostAfter = cluster.arrivals().mostInASecond(killed, end);
    if (Boolean.getBoolean("aeiou.cluster.report")) {
      System.out.printf(
          "take-over: %.1f a second before, most %d, then %.1f, most %d%n",
          before, mostBefore, cluster.arrivals().count(killed, end) / 6.0, mostAfter);
    }
    // The benchmark looks closer; a herd would be all systems of the poller at once.
    assertThat(mostAfter).isLessThanOrEqualTo(Math.round(mostBefore * 1.5));
    assertThat(reads.askedBetween(killed + TimeUnit.SECONDS.toNanos(4), end))
        .filteredOn(ended -> !ended.isGood())
        .isEmpty();
  }

  /**
   * A program that watches a file, and prints what it holds at the beginning and at each change.
   */
  private static final class Watching implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Watching(ClusterMember mount, String path) throws Exception {
      process =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  """
                  import os, select, sys
                  file = os.open(sys.argv[1], os.O_RDONLY)
                  last = None
                  poll = select.poll()
                  poll.register(file, select.POLLPRI)
                  while True:
                      now = os.pread(file, 100, 0)
                      if now != last:
                          poll.poll(0)
                          os.pread(file, 100, 0)
                          print(now.decode().strip(), flush=True)
                          last = now
                      poll.poll(10_000)
                  """,
                  mount.path(path).toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** What it prints next, in time. */
    String next() throws Exception {
      eventually("the program that watches tells of a change", lines::ready);
      return lines.readLine();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
