package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.conformance.World;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;

/** A daemon on a real mount and its simulated network, for the conformance suite. */
final class ConformanceWorld implements World, AutoCloseable {
  /** Enough for all cases, with systems of their own for each client. */
  private static final int SYSTEMS = 800;

  /**
   * How many of them are given up after a moment, and their listings stale; for the others it is a
   * minute, and an hour.
   */
  private static final int BRIEF = 50;

  private static final String ASKED = "timeout: 60s, retries: 0, max-in-flight: 2";
  private static final String BRIEFLY =
      "timeout: 150ms, retries: 1, first-timeout: 150ms, first-retries: 0";

  /** What is never stale while a case runs, but for what is to be: counters, and sysLocation. */
  private static final String TTL =
      "ttl: {static: 1h, config: 1h, state: 1h, directory: 1h, counter: 300ms,"
          + " attributes: {sysLocation: 300ms}, grace: 100}\n";

  private static final String WRITE =
      "write: {allow: [system/sysLocation, 'interfaces/*/ifAlias', 'interfaces/*/ifAdminStatus'],"
          + " snmp: {community: private}}\n";

  private static final Map<String, Oid> OBJECTS =
      Map.of(
          "sysContact", Oid.parse("1.3.6.1.2.1.1.4.0"),
          "sysName", Oid.parse("1.3.6.1.2.1.1.5.0"),
          "sysLocation", Oid.parse("1.3.6.1.2.1.1.6.0"));

  private final SimulatedNetwork network;
  private final Path configuration;
  private final Path mountPoint;
  private final Map<String, SimulatedAgent> agents;
  private final Deque<String> patient = new ArrayDeque<>();
  private final Deque<String> brief = new ArrayDeque<>();
  private final Map<String, Long> before = new HashMap<>();
  private final String text;
  private DaemonProcess daemon;
  private boolean isOtherwise;

  private ConformanceWorld(SimulatedNetwork network, Path folder)
      throws IOException, InterruptedException {
    this.network = network;
    configuration = folder.resolve("net.yaml");
    mountPoint = Files.createDirectory(folder.resolve("net"));
    agents =
        network.agents().stream()
            .collect(Collectors.toMap(SimulatedAgent::name, agent -> agent, (a, b) -> a));
    network.agents().stream()
        .map(SimulatedAgent::name)
        .filter(name -> !name.startsWith("sw") && name.indexOf('/') < 0) // no other rows than eth…
        .forEach(name -> (brief.size() < BRIEF ? brief : patient).add(name));
    text = TTL + WRITE + withBrief(SimulatedDaemon.asking(network.configuration(), ASKED));
    Files.writeString(configuration, text);
    start();
  }

  static ConformanceWorld start(Path folder) throws IOException, InterruptedException {
    SimulatedNetwork network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(SYSTEMS)
                .rows(3)
                .port(0)
                .writeCommunities("private")
                .build());
    try {
      return new ConformanceWorld(network, folder);
    } catch (Throwable t) {
      network.close();
      throw t;
    }
  }

  private String withBrief(String configured) {
    StringBuilder all = new StringBuilder();
    boolean isOne = false;
    for (String line : configured.lines().toList()) {
      boolean isName = line.startsWith("  ") && line.charAt(2) != ' ';
      isOne = isName ? brief.contains(line.strip().replace(":", "")) : isOne;
      all.append(line).append('\n');
      if (isOne && line.strip().startsWith("address:")) {
        all.append("    snmp: {").append(BRIEFLY).append("}\n    ttl: {directory: 300ms}\n");
      }
    }
    return all.toString();
  }

  Path mountPoint() {
    return mountPoint;
  }

  @Override
  public String system(String name) {
    return (name.startsWith("brief") ? brief : patient).remove();
  }

  @Override
  public List<String> happen(List<String> orders) throws IOException, InterruptedException {
    if (orders.isEmpty()) {
      return List.of();
    }
    List<String> words = Arrays.asList(orders.get(0).split(" "));
    switch (words.get(0)) {
      case "sleep" -> TimeUnit.MILLISECONDS.sleep(Durations.millis(words.get(1)));
      case "kill" -> {
        daemon.signal("KILL");
        daemon.awaitExit();
        isOtherwise = true;
      }
      case "stop" -> {
        daemon.signal("TERM");
        daemon.awaitExit();
        isOtherwise = true;
      }
      case "start" -> start();
      case "reload" -> {
        Set<String> without = new HashSet<>();
        orders.forEach(order -> without.addAll(Arrays.asList(order.split(" "))));
        reload(without);
        isOtherwise = true;
      }
      default -> {
        return orders.stream().map(order -> happen(order.split(" "))).toList();
      }
    }
    return orders.stream().map(order -> "").toList();
  }

  /** What happens to one system. */
  private String happen(String[] words) {
    SimulatedAgent agent = agents.get(words[1]);
    switch (words[0]) {
      case "silent" -> agent.faults(Faults.builder().dead(true).build());
      case "refusing" ->
          agent.faults(Faults.builder().setStatus(Integer.parseInt(words[2])).build());
      case "losing" -> agent.faults(Faults.builder().setLoss(1).build());
      case "answering" -> agent.faults(Faults.NONE);
      case "far" -> agent.distance(Duration.ofMillis(Durations.millis(words[2])), Duration.ZERO);
      case "set" ->
          agent.set(
              OBJECTS.get(words[2]),
              new Value.Octets(Value.OctetsType.OCTETS, words[3].getBytes(UTF_8)));
      case "add" -> agent.addInterface();
      case "remove" -> agent.remove(OBJECTS.get(words[2]));
      case "count" -> before.put(agent.name(), agent.counts().requests());
      case "asked" -> {
        return asked(agent, Long.parseLong(words[2]));
      }
      case "told-to-set" -> {
        long sets = agent.counts().sets();
        return sets == Long.parseLong(words[2])
            ? ""
            : agent.name() + " was told " + sets + " times";
      }
      default -> throw new IllegalArgumentException("nothing is known of '" + words[0] + "'");
    }
    return "";
  }

  /** Whether the system was asked so often since it was counted; waits until it was. */
  private String asked(SimulatedAgent agent, long times) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    long asked;
    do {
      asked = agent.counts().requests() - before.get(agent.name());
    } while (asked < times && System.nanoTime() < end && pause());
    return asked == times ? "" : agent.name() + " was asked " + asked + " times, not " + times;
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void start() throws IOException, InterruptedException {
    if (daemon != null) {
      daemon.close();
    }
    daemon = DaemonProcess.mount(configuration, mountPoint);
  }

  private void reload(Set<String> without) throws IOException, InterruptedException {
    StringBuilder kept = new StringBuilder();
    boolean drop = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("  ") && line.charAt(2) != ' ') {
        drop = without.contains(line.strip().replace(":", ""));
      }
      kept.append(drop ? "" : line + "\n");
    }
    Files.writeString(configuration, kept);
    long reloads = reloads();
    daemon.signal("HUP");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (reloads() == reloads && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private long reloads() {
    // A test does not touch the mount from its own threads.
    String events = Commands.run("cat", mountPoint + "/.aeiou/events").out();
    return events.lines().filter(line -> line.contains("reloaded ")).count();
  }

  @Override
  public void restore() throws IOException, InterruptedException {
    if (isOtherwise) {
      isOtherwise = false;
      Files.writeString(configuration, text);
      if (Commands.run("cat", mountPoint + "/.aeiou/version").exit() == 0) {
        reload(Set.of());
      } else {
        start();
      }
    }
  }

  /** The number of milliseconds of {@code 300ms} or {@code 2s}. */
  private static final class Durations {
    static long millis(String text) {
      return text.endsWith("ms")
          ? Long.parseLong(text.substring(0, text.length() - 2))
          : 1000 * Long.parseLong(text.substring(0, text.length() - 1));
    }
  }

  @Override
  public void close() throws IOException {
    try (network) {
      daemon.close();
    }
  }
}
