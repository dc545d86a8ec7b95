package org.aeiou.daemon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.group.Source;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.endtoend.SourceContract;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;

/** The daemon's own process, without a mount. */
final class InProcessSourceIT extends SourceContract {
  @Override
  protected Held start(int systems, Duration rtt) throws Exception {
    SimulatedNetwork network =
        SimulatedNetwork.start(
            SimulationOptions.builder().systems(systems).rows(2).rtt(rtt).port(0).build());
    Path file = folder.resolve("net.yaml");
    Files.writeString(
        file,
        network.configuration().replace("timeout: 2s, retries: 2", "timeout: 1s, retries: 0"));
    Daemon daemon =
        new Daemon(
            file,
            ConfigurationReader.read(file, Map.of(), Backends.ALL),
            Backends.ALL,
            Catalogue.load(List.of()),
            new EventLog(InstantSource.system()));
    Source<String, byte[]> source = daemon.source();
    return new Held() {
      @Override
      public Source<String, byte[]> source() {
        return source;
      }

      @Override
      public List<SimulatedAgent> agents() {
        return List.copyOf(network.agents());
      }

      @Override
      public void close() throws IOException {
        daemon.close();
        network.close();
      }
    };
  }
}
