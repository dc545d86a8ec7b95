package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;

/** A simulated network in this process and a daemon in another, mounted on it. */
final class SimulatedDaemon implements AutoCloseable {
  private final SimulatedNetwork network;
  private final DaemonProcess daemon;

  private SimulatedDaemon(SimulatedNetwork network, DaemonProcess daemon) {
    this.network = network;
    this.daemon = daemon;
  }

  /**
   * Starts both.
   *
   * @param folder an empty folder; gets the configuration and the mount point
   * @param options what the network is like; port 0 is a good choice
   * @param snmp what the defaults say about asking: {@code timeout: 2s, retries: 2, max-in-flight:
   *     2}
   * @param more lines of configuration that come before the rest
   */
  static SimulatedDaemon start(
      Path folder, SimulationOptions.Builder options, String snmp, String more)
      throws IOException, InterruptedException {
    return start("1g", folder, options, snmp, more);
  }

  /** The same with a heap of this size for the daemon. */
  static SimulatedDaemon start(
      String heap, Path folder, SimulationOptions.Builder options, String snmp, String more)
      throws IOException, InterruptedException {
    SimulatedNetwork network = SimulatedNetwork.start(options.port(0).build());
    try {
      Path configuration = folder.resolve("net.yaml");
      Files.writeString(configuration, more + asking(network.configuration(), snmp));
      Path mountPoint = Files.createDirectory(folder.resolve("net"));
      return new SimulatedDaemon(network, DaemonProcess.mount(heap, configuration, mountPoint));
    } catch (Throwable t) {
      network.close();
      throw t;
    }
  }

  /** A network's configuration that asks in another way. */
  static String asking(String configuration, String snmp) {
    String standard = "timeout: 2s, retries: 2, max-in-flight: 2";
    assertThat(configuration).contains(standard);
    return configuration.replace(standard, snmp);
  }

  SimulatedNetwork network() {
    return network;
  }

  DaemonProcess daemon() {
    return daemon;
  }

  @Override
  public void close() throws IOException {
    try (network) {
      daemon.close();
    }
  }
}
