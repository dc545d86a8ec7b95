package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** What a user that asks for too much takes from another one. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class FairnessIT extends AttachedPrograms {
  @Test
  void readerIsServedWhileAnotherUserFloodsTheSameSystem() throws Exception {
    try (SimulatedDaemon simulated =
        start(2, Duration.ofMillis(20), "mount: {allow-other: true}\n")) {
      String out =
          python(
              simulated,
              """
              def pending():
                  return int(re.search(r"scheduler.pending: (\\d+)", open(".aeiou/stats").read())[1])
              os.chdir(root)
              reader = os.fork()
              if reader == 0:
                  os.setgroups([])
                  os.setuid(65534)
                  while pending() < 10_000:
                      time.sleep(0.01)
                  loads = []
                  for _ in range(20):
                      loads.append(pending())
                      with open(f".uncached/{systems[0]}/system/sysUpTime") as file:
                          assert int(file.read()) > 0
                  os._exit(0 if min(loads) > 5_000 else 1)
              nets = [aeiou.attach(root, geometry=aeiou.Geometry(32768, 128, 128, 0)) for _ in range(4)]
              groups = [net.begin() for net in nets]
              expired = 0
              def ended(delayed, entry):
                  global expired
                  expired += entry.reason == "timeout"
              number = 0
              while (status := os.waitpid(reader, os.WNOHANG))[0] == 0:
                  for group in groups:
                      for _ in range(200):
                          number += 1
                          group.read(f".uncached/{systems[0]}/.oid/1.3.6.1.2.1.2.2.1.1.{number}", ended, timeout=8)
                      group.end()
                      group.wait(0)
              # What is left waits for longer than it may: it ends so too, and nothing is lost.
              for group in groups:
                  group.wait(60)
              print(expired > 0, status[1])
              """);

      assertThat(out).isEqualTo("True 0\n");
    }
  }

  @Test
  void programThatIsRefusedAgainAndAgainCostsLittle() throws Exception {
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            "64m",
            folder,
            SimulationOptions.builder().systems(1).rows(4).rtt(Duration.ofMillis(500)),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "")) {
      String out =
          python(
              simulated,
              """
              def stat(name):
                  return int(re.search(rf"{name}: (\\d+)", open(f"{root}/.aeiou/stats").read())[1])
              net = aeiou.attach(root, geometry=aeiou.Geometry(16384, 128, 128, 0))
              group = net.begin()
              number, before, begun = 0, None, None
              end = time.monotonic() + 4
              while time.monotonic() < end:
                  for _ in range(200):
                      number += 1
                      group.read(f".uncached/{systems[0]}/.oid/1.3.6.1.2.1.2.2.1.1.{number}", lambda delayed, entry: None)
                  group.end()
                  group.wait(0)
                  if before is None and stat("attach.rests") > 0:
                      before, begun = stat("scheduler.rejected"), time.monotonic()
              print(0 < (stat("scheduler.rejected") - before) / (time.monotonic() - begun) < 10_000)
              """);

      assertThat(out).isEqualTo("True\n");
    }
  }
}
