package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand systems, 50 ms away, twenty of them dead, asked by a hundred processes at once. */
class ThousandSystemsIT {
  private static final int SYSTEMS = 1000;
  private static final int DEAD = 20;

  /** Reads each of its files once; prints a line for each: milliseconds, errno or 0, path. */
  private static final String READER =
      """
      import os, sys, time
      readers = []
      for part in range(100):
          pid = os.fork()
          if pid == 0:
              lines = []
              for path in sys.argv[1 + part::100]:
                  start = time.monotonic()
                  try:
                      with open(path) as f:
                          f.read()
                      error = 0
                  except OSError as e:
                      error = e.errno
                  lines.append("%d %d %s" % ((time.monotonic() - start) * 1000, error, path))
              os.write(1, ("\\n".join(lines) + "\\n").encode())
              os._exit(0)
          readers.append(pid)
      for pid in readers:
          os.waitpid(pid, 0)
      """;

  @TempDir Path folder;

  @Test
  void everyLiveSystemAnswersAtOnceWhileDeadOnesFailByTheirDeadline() throws Exception {
    SimulationOptions.Builder options =
        SimulationOptions.builder().systems(SYSTEMS).rows(4).rtt(Duration.ofMillis(50));
    // One attempt of 2 s, so that a reader of ten files with a dead one among them is done in time.
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(folder, options, "timeout: 2s, retries: 0, max-in-flight: 2", "")) {
      List<SimulatedAgent> agents = new ArrayList<>(simulated.network().agents());
      List<SimulatedAgent> dead = agents.subList(0, DEAD);
      dead.forEach(agent -> agent.faults(Faults.builder().dead(true).build()));
      int threads = simulated.daemon().threads();
      List<String> command = new ArrayList<>(List.of("python3", "-c", READER));
      agents.forEach(
          agent ->
              command.add(simulated.daemon().path(agent.name() + "/system/sysUpTime").toString()));

      Commands.Result read = Commands.run(command);

      assertThat(read.exit()).as(read.err()).isZero();
      List<String> deadNames = dead.stream().map(SimulatedAgent::name).toList();
      List<String> lines = read.out().lines().toList();
      assertThat(lines).hasSize(SYSTEMS);
      for (String line : lines) {
        String[] words = line.split(" ", 3);
        String system = folder.resolve("net").relativize(Path.of(words[2])).toString();
        boolean isDead = deadNames.stream().anyMatch(name -> system.startsWith(name + "/"));
        if (isDead) {
          assertThat(Integer.parseInt(words[0])).as(line).isBetween(1900, 3500);
          assertThat(words[1]).as(line).isEqualTo("110");
        } else {
          assertThat(words[1]).as(line).isEqualTo("0");
          assertThat(Integer.parseInt(words[0])).as(line).isLessThan(1000);
        }
      }
      // The JVM may start a compiler thread or two; a thread for each pending read would be a
      // hundred.
      assertThat(simulated.daemon().threads()).isLessThan(threads + 20);
      assertThat(agents)
          .allSatisfy(agent -> assertThat(agent.counts().mostInFlight()).isLessThanOrEqualTo(2));
      assertThat(Files.readString(simulated.daemon().path(".aeiou/stats"))).contains("scheduler.");
    }
  }
}
