package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes at once: they open everything there is, and their daemon is killed. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class CrowdIT {
  @TempDir Path folder;

  private SimulatedDaemon start(Duration rtt) throws Exception {
    return SimulatedDaemon.start(
        folder,
        SimulationOptions.builder().systems(12).rows(6).rtt(rtt),
        "timeout: 1s, retries: 1, max-in-flight: 2",
        "ttl: {counter: 300ms, state: 300ms}\n");
  }

  private Path script(String text) throws IOException {
    return Files.writeString(folder.resolve("script.py"), text);
  }

  @Test
  void manyProcessesThatReadEverythingThereIsAllComeToAnEnd() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1))) {
      List<SimulatedAgent> agents = List.copyOf(simulated.network().agents());
      agents.get(3).faults(Faults.builder().dead(true).build());
      Path script =
          script(
              """
              import errno, multiprocessing, os, sys
              fine = {errno.ENODATA, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.EAGAIN}
              def read(path):
                  try:
                      file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                  except OSError as e:
                      return str(e)
                  try:
                      while os.read(file, 1023):
                          pass
                      return None
                  except OSError as e:
                      return None if e.errno in fine else str(e)
                  finally:
                      os.close(file)
              paths = [os.path.join(d, f) for d, _, fs in os.walk(sys.argv[1]) for f in fs]
              with multiprocessing.Pool(15) as pool:
                  wrong = [w for w in pool.imap_unordered(read, paths * 3, 7) if w]
              print(len(paths), len(wrong), wrong[:5])
              """);
      String root = simulated.daemon().path("").toString();

      Commands.Result result = Commands.run("python3", script.toString(), root);

      assertThat(result.err()).isEmpty();
      assertThat(result.out()).matches("[1-9][0-9]{3,} 0 \\[\\]\n");
      assertThat(Commands.run("cat", root + "/.aeiou/stats").out())
          .containsPattern("channel.faults: 0\\b");
    }
  }

  @Test
  void fiftyReadersOfADaemonThatIsKilledGetAnErrorAtOnceAndNoneHangs() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1))) {
      List<SimulatedAgent> agents = List.copyOf(simulated.network().agents());
      agents.get(0).faults(Faults.builder().dead(true).build());
      String dead = simulated.daemon().path(agents.get(0).name() + "/system/sysName").toString();
      String live = simulated.daemon().path(agents.get(1).name() + "/system/sysUpTime").toString();
      Path script =
          script(
              """
              import os, sys, threading, time
              pids = []
              for i in range(50):
                  path = sys.argv[1 + i % 2]
                  pid = os.fork()
                  if pid == 0:
                      try:
                          while True:
                              open(path).read()
                              time.sleep(0.001)
                      except OSError as e:
                          os._exit(1 if e.errno in (103, 107, 5, 110, 113) else 2)
                  pids.append(pid)
              time.sleep(0.3)
              os.kill(int(sys.argv[3]), 9)
              end = time.monotonic() + 5
              states = []
              for pid in pids:
                  done = 0
                  while not done and time.monotonic() < end:
                      done, status = os.waitpid(pid, os.WNOHANG)
                      if not done:
                          time.sleep(0.01)
                  states.append(os.waitstatus_to_exitcode(status) if done else "hangs")
                  if not done:
                      os.kill(pid, 9)
              print(round(time.monotonic() - end + 5, 2), set(states))
              """);

      Commands.Result result =
          Commands.run(
              "python3", script.toString(), dead, live, Long.toString(simulated.daemon().pid()));

      assertThat(result.err()).isEmpty();
      assertThat(result.out()).endsWith("{1}\n");
      assertThat(Double.parseDouble(result.out().split(" ", 2)[0])).isLessThan(1);
    }
  }

  @Test
  void anInterruptedReadThatWasNotSentIsNeverSent() throws Exception {
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(1),
            "timeout: 5s, retries: 0, max-in-flight: 1",
            "")) {
      SimulatedAgent agent = simulated.network().agents().iterator().next();
      String system = simulated.daemon().path(agent.name() + "/system").toString();
      Commands.run("ls", system);
      agent.distance(Duration.ofMillis(1500), Duration.ZERO);
      agent.resetCounts();
      List<Process> readers = new ArrayList<>();
      try {
        readers.add(new ProcessBuilder("cat", system + "/sysLocation").start());
        TimeUnit.MILLISECONDS.sleep(300);
        Process interrupted = new ProcessBuilder("cat", system + "/sysName").start();
        readers.add(interrupted);
        TimeUnit.MILLISECONDS.sleep(300);
        interrupted.destroy();
        assertThat(interrupted.waitFor(1, TimeUnit.SECONDS)).isTrue();
        assertThat(readers.get(0).waitFor()).isZero();
        TimeUnit.MILLISECONDS.sleep(300);

        assertThat(agent.counts().requests()).isEqualTo(1);
      } finally {
        readers.forEach(Process::destroyForcibly);
      }
    }
  }
}
