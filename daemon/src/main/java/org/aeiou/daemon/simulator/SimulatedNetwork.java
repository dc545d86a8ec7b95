package org.aeiou.daemon.simulator;

import com.google.common.base.Ticker;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.aeiou.daemon.simulator.objects.Recording;
import org.aeiou.daemon.simulator.objects.RecordingReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network of agents that answer on loopback UDP, from {@link #start} to {@link #close}. Any
 * thread may call any method.
 */
public final class SimulatedNetwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedNetwork.class);

  /** From this many agents on, a second thread serves half of them. */
  private static final int ONE_LOOP = 1_000;

  private final SimulationOptions options;
  private final Sockets sockets;
  private final List<Loop> loops;
  private final List<SimulatedAgent> agents;
  private final Map<String, SimulatedAgent> byName;
  private FlappingLinks flapping;
  private boolean closed;

  private SimulatedNetwork(
      SimulationOptions options, Sockets sockets, List<Loop> loops, List<SimulatedAgent> agents) {
    this.options = options;
    this.sockets = sockets;
    this.loops = loops;
    this.agents = List.copyOf(agents);
    this.byName = Maps.uniqueIndex(agents, SimulatedAgent::name);
  }

  /**
   * Starts a network on the system's clocks. See {@link #start(SimulationOptions, Ticker,
   * InstantSource)}.
   */
  public static SimulatedNetwork start(SimulationOptions options) throws IOException {
    return start(options, Ticker.systemTicker(), InstantSource.system());
  }

  /**
   * Starts a network; when this returns, every agent answers, and the configuration is written if
   * that was asked for.
   *
   * @param ticker the agents' clock: sysUpTime, counters, time of v3. The delays of answers are
   *     real time whatever it says
   * @param wall read once, for the wall time at the start
   * @throws IOException if a recording cannot be read, an address is taken, there are not enough
   *     sockets, or the configuration cannot be written
   * @throws IllegalArgumentException if there are more systems than addresses, or a user has no
   *     proper password
   */
  public static SimulatedNetwork start(SimulationOptions options, Ticker ticker, InstantSource wall)
      throws IOException {
    List<Recording> recordings = read(options.recordings());
    Population population = new Population(options, ticker, wall.instant());
    Addresses addresses = new Addresses(options.firstAddress());
    List<InetAddress> all = new ArrayList<>();
    int count = recordings.size() + options.systems() + options.hostile().size();
    for (int i = count; i > 0; i--) {
      all.add(addresses.next());
    }
    Sockets sockets = Sockets.open(all, options.port());
    List<Loop> loops = new ArrayList<>();
    try {
      List<SimulatedAgent> agents = population.agents(recordings, sockets);
      serve(agents, sockets, loops);
      SimulatedNetwork network = new SimulatedNetwork(options, sockets, loops, agents);
      if (options.traps() != null) {
        for (SimulatedAgent agent : agents) {
          agent.trapsTo(options.traps(), options.communities().get(0));
        }
      }
      if (!options.flap().isZero() && !agents.isEmpty()) {
        network.flapping = new FlappingLinks(agents, options.flap());
      }
      if (options.configOut() != null) {
        network.writeConfiguration(options.configOut());
      }
      LOG.info("{} simulated systems answer", agents.size());
      return network;
    } catch (IOException | RuntimeException e) {
      close(loops, sockets);
      throw e;
    }
  }

  private static List<Recording> read(List<Path> paths) throws IOException {
    List<Recording> recordings = new ArrayList<>();
    for (Path path : paths) {
      recordings.addAll(RecordingReader.readAll(path));
    }
    for (Recording recording : recordings) {
      LOG.info(
          "recording {}: {} objects, {} lines skipped, {} duplicate",
          recording.name(),
          recording.size(),
          recording.skipped(),
          recording.duplicates());
    }
    return recordings;
  }

  private static void serve(List<SimulatedAgent> agents, Sockets sockets, List<Loop> loops)
      throws IOException {
    for (int i = 0; i < (agents.size() < ONE_LOOP ? 1 : 2); i++) {
      loops.add(new Loop("simulated-network-" + i, sockets.stranger()));
    }
    for (int i = 0; i < agents.size(); i++) {
      loops.get(i % loops.size()).add(agents.get(i));
    }
    loops.forEach(Loop::start);
  }

  /**
   * All agents: those that play recordings first, the hostile ones last. In ascending order of
   * address.
   */
  public List<SimulatedAgent> agents() {
    return agents;
  }

  /**
   * The agent of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public SimulatedAgent agent(String name) {
    SimulatedAgent agent = byName.get(name);
    if (agent == null) {
      throw new IllegalArgumentException(
          "no simulated system '"
              + name
              + "'; expected one of the "
              + agents.size()
              + " there are");
    }
    return agent;
  }

  /** The port of all agents. */
  public int port() {
    return agents.isEmpty() ? options.port() : agents.get(0).address().getPort();
  }

  /** Gives every agent these faults instead of those it had. */
  public void faults(Faults all) {
    agents.forEach(agent -> agent.faults(all));
  }

  /** What all agents have seen. */
  public Counts totals() {
    return agents.stream().map(SimulatedAgent::counts).reduce(Counts.NONE, Counts::plus);
  }

  /**
   * Tells of each request to any agent from now on, on the agents' threads, which must not wait.
   */
  public void listen(Consumer<Arrival> requests) {
    agents.forEach(agent -> agent.listen(requests));
  }

  /** Counts from 0 again, everywhere. */
  public void resetCounts() {
    agents.forEach(SimulatedAgent::resetCounts);
  }

  /** A configuration for the daemon, in YAML, that mounts this network. */
  public String configuration() {
    return new ConfigurationText(options, agents).toString();
  }

  /**
   * Writes {@link #configuration} to a file that only its owner can read; one that is there is
   * replaced.
   */
  public void writeConfiguration(Path file) throws IOException {
    ConfigurationText.write(file, configuration());
  }

  /** Stops the threads and frees the sockets; answers on their way are lost. May be repeated. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (flapping != null) {
      flapping.close();
    }
    try {
      close(loops, sockets);
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated network's sockets do not close", e);
    }
  }

  private static void close(List<Loop> loops, Sockets sockets) throws IOException {
    try {
      for (Loop loop : loops) {
        loop.close();
      }
    } finally {
      sockets.close();
    }
  }
}
