package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.NatsServer;

/**
 * A cluster on this machine: a {@code nats-server}, agents in this process that write down what
 * arrives, and pollers and mounts in processes of their own, any of which may be behind a line that
 * can be cut.
 */
final class ClusterNetwork implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final String LINKS = "127.68.0.1";

  private final Path folder;
  private final String settings;
  private final SimulatedNetwork agents;
  private final Arrivals arrivals;
  private final NatsServer broker;
  private final Map<String, ClusterMember> members = new LinkedHashMap<>();
  private final Map<String, BrokerLink> links = new HashMap<>();
  private final List<ClusterLoad> loads = new ArrayList<>();
  private int files;

  private ClusterNetwork(Path folder, String settings, SimulatedNetwork agents, NatsServer broker) {
    this.folder = folder;
    this.settings = settings;
    this.agents = agents;
    this.arrivals = new Arrivals(agents);
    this.broker = broker;
  }

  /**
   * Starts the broker and the agents, and no member.
   *
   * @param options of the agents
   * @param cluster what the section {@code cluster} says beside its servers and name: {@code slots:
   *     16, ttl: 2s}
   * @param snmp how agents are asked: {@code timeout: 1s, retries: 0, max-in-flight: 1}
   * @param more lines of configuration
   */
  static ClusterNetwork start(
      Path folder, SimulationOptions.Builder options, String cluster, String snmp, String more)
      throws Exception {
    SimulatedNetwork agents = SimulatedNetwork.start(options.port(0).build());
    try {
      String settings =
          "cluster: {servers: ['BROKER'], name: test, %s}\n".formatted(cluster)
              + more
              // One member at the most can listen for traps here.
              + SimulatedDaemon.asking(agents.configuration(), snmp)
                  .replaceAll("(?m)^traps:.*\\n", "");
      NatsServer broker = NatsServer.start(LINKS, "");
      return new ClusterNetwork(folder, settings, agents, broker);
    } catch (Throwable t) {
      agents.close();
      throw t;
    }
  }

  /** Starts a poller; does not wait. */
  ClusterMember poller(String name, String... prefix) throws IOException {
    return started(name, configuration(broker.url(), ""), List.of(prefix), null);
  }

  /** Starts a poller of a site. */
  ClusterMember pollerAt(String name, String site) throws IOException {
    return started(name, configuration(broker.url(), ""), List.of(), null, site);
  }

  /** Starts a poller whose configuration has this before the rest. */
  ClusterMember pollerWith(String name, String more) throws IOException {
    return started(name, configuration(broker.url(), more), List.of(), null);
  }

  /** Starts a poller with a line of its own to the broker. */
  ClusterMember linkedPoller(String name) throws IOException {
    return started(name, configuration(link(name).url(), ""), List.of(), null);
  }

  /** Starts a mount; does not wait. */
  ClusterMember mount(String name, String role) throws IOException {
    return started(name, configuration(broker.url(), ""), List.of(), role);
  }

  /** Starts a mount whose configuration has this before the rest. */
  ClusterMember mountWith(String name, String role, String more) throws IOException {
    return started(name, configuration(broker.url(), more), List.of(), role);
  }

  /** Starts a mount whose configuration is changed in this way. */
  ClusterMember mountChanged(String name, String role, UnaryOperator<String> change)
      throws IOException {
    Path file = configuration(broker.url(), "");
    Files.writeString(file, change.apply(Files.readString(file)));
    return started(name, file, List.of(), role);
  }

  /** Starts a mount with a line of its own to the broker. */
  ClusterMember linkedMount(String name, String role) throws IOException {
    return started(name, configuration(link(name).url(), ""), List.of(), role);
  }

  private ClusterMember started(String name, Path configuration, List<String> prefix, String role)
      throws IOException {
    return started(name, configuration, prefix, role, "");
  }

  private ClusterMember started(
      String name, Path configuration, List<String> prefix, String role, String site)
      throws IOException {
    int start = ++files;
    Path own = folder.resolve(name + "-" + start);
    ClusterMember member = ClusterMember.start(name, own, configuration, prefix, role, site);
    ClusterMember old = members.put(name + "-" + start, member);
    assertThat(old).isNull();
    return member;
  }

  private Path configuration(String url, String more) throws IOException {
    Path file = folder.resolve("net-" + ++files + ".yaml");
    return Files.writeString(file, more + settings.replace("BROKER", url));
  }

  /** The line of a member to the broker. */
  BrokerLink link(String name) throws IOException {
    BrokerLink link = links.get(name);
    if (link == null) {
      link = new BrokerLink(LINKS, new InetSocketAddress(broker.host(), broker.port()));
      links.put(name, link);
    }
    return link;
  }

  SimulatedNetwork agents() {
    return agents;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  NatsServer broker() {
    return broker;
  }

  /** The names of all systems. */
  List<String> systems() {
    return agents.agents().stream().map(SimulatedAgent::name).sorted().toList();
  }

  /** The path of an attribute of every system. */
  List<String> all(String attribute) {
    return systems().stream().map(system -> system + "/" + attribute).toList();
  }

  /** Which member owns each system, as a mount knows. */
  Map<String, String> owners(ClusterMember mount) {
    return systems().stream()
        .collect(Collectors.toMap(system -> system, system -> owner(mount, system)));
  }

  private static String owner(ClusterMember mount, String system) {
    return mount.health(system, "owner").split(" ", 2)[0];
  }

  /** The systems of a member, as a mount knows. */
  List<String> systemsOf(String member, ClusterMember mount) {
    return systems().stream().filter(system -> owner(mount, system).equals(member)).toList();
  }

  /** Waits until a mount answers and every system is owned by one of these; tells owners. */
  Map<String, String> awaitOwners(ClusterMember mount, String... names) throws Exception {
    long begin = System.nanoTime();
    while (!mount.answers()) {
      if (!mount.isAlive() || System.nanoTime() - begin > LIMIT_NANOS) {
        throw new AssertionError(mount.name() + " does not answer" + logs());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    List<String> expected = List.of(names);
    Map<String, String> owners = owners(mount);
    while (!expected.containsAll(owners.values())) {
      if (System.nanoTime() - begin > LIMIT_NANOS) {
        throw new AssertionError("owned by " + owners + ", expected " + expected + logs());
      }
      owners = owners(mount);
    }
    return owners;
  }

  /** Has a program ask through a mount; see {@link ClusterLoad#start}. */
  ClusterLoad load(ClusterMember mount, String task, double period, List<String> paths)
      throws IOException {
    ClusterLoad load =
        ClusterLoad.start(mount, folder.resolve("load-" + ++files), task, period, paths);
    loads.add(load);
    return load;
  }

  /** The end of what every member and the broker have logged. */
  String logs() {
    StringBuilder all = new StringBuilder();
    try {
      all.append("\n== broker: ").append(broker.told());
      for (ClusterMember member : members.values()) {
        List<String> lines =
            member.log().lines().filter(line -> !line.contains(" wrote ")).toList();
        all.append("\n== ").append(member.name()).append(member.isAlive() ? "\n" : " (ended)\n");
        Stream<String> last = lines.stream().skip(Math.max(0, lines.size() - 15));
        all.append(last.collect(Collectors.joining("\n")));
      }
    } catch (IOException e) {
      all.append(e);
    }
    return all.toString();
  }

  @Override
  public void close() throws IOException {
    loads.forEach(ClusterLoad::close);
    // Side by side: each takes a moment.
    members.values().parallelStream()
        .forEach(
            member -> {
              try {
                member.close();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    for (BrokerLink link : links.values()) {
      link.close();
    }
    try (agents) {
      broker.close();
    }
  }
}
