package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.backend.snmp.Snmpd;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;

/** Rates of counters, from agents to programs that read files or are attached. */
@Needs({Thing.FUSE, Thing.PYTHON3})
final class RatesIT extends AttachedPrograms {
  @Test
  void ratesOfCountersAreFilesThatSayOverWhatTimeTheyAre() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(20), "ttl: {counter: 1s}\n")) {
      List<SimulatedAgent> agents = agents(simulated);
      agents.get(1).dropWideCounters();
      agents.get(2).renewCounters(Duration.ofSeconds(2));
      Path restart = folder.resolve("restart");
      Thread restarting = new Thread(() -> restartCounters(agents.get(1), restart));
      restarting.setDaemon(true);
      restarting.start();

      String out =
          python(
              simulated,
              """
              import select
              def row(system):
                  table = f"{system}/interfaces"
                  rows = [f"{table}/{name}" for name in sorted(os.listdir(f"{root}/{table}"))]
                  return next(row for row in rows if text(f"{row}/ifOperStatus") == "up"
                              and text(f"{row}/ifType") == "ethernetCsmacd")
              def text(path):
                  with open(f"{root}/{path}") as file:
                      return file.read().strip()
              def about(path, name):
                  return os.getxattr(f"{root}/{path}", f"user.aeiou.{name}").decode()
              def true_rate(row):
                  up = int(text(f".uncached/{row.split('/')[0]}/system/sysUpTime"))
                  return int(text(f".uncached/{row}/ifHCInOctets")) * 100 / up
              def is_near(found, expected):
                  return abs(float(found) / expected - 1) < 0.03 or (found, expected)

              # A system that renews its counters every two seconds, beside all the rest.
              steady = []
              def read_on():
                  renewed = row(systems[2])
                  true = true_rate(renewed)
                  for moment in range(17):
                      try:
                          steady.append(is_near(text(f"{renewed}/ifHCInOctets.rate"), true))
                      except OSError as e:
                          steady.append(e)
                      time.sleep(0.4)
              reader = threading.Thread(target=read_on)
              reader.start()

              own = row(systems[0])
              print(is_near(text(f"{own}/ifHCInOctets.rate"), true_rate(own)))
              rate = f"{own}/ifHCInOctets.rate"
              print(about(rate, "quality"), about(rate, "units"), about(rate, "clock"),
                    1000 <= int(about(rate, "interval_ms")) < 3000)
              speed = int(text(f"{own}/ifHighSpeed"))
              share = text(f"{own}/ifInUtilization")
              print(is_near(share, true_rate(own) * 8 / speed / 10_000))
              print([name for name in os.listdir(f"{root}/{own}") if "." in name or "Util" in name])

              with aeiou.attach(root) as net:
                  group, seen = net.begin(), []
                  group.read(f"{own}/ifHCOutOctets.rate", lambda delayed, entry: seen.append(entry))
                  group.end()
                  print(group.wait(10), float(str(seen[0])) > 0, seen[0].reason)
                  rates = [f"{own}/{name}.rate" for name in os.listdir(f"{root}/{own}")
                           if name.endswith(("Octets", "Pkts", "Discards", "Errors", "Protos"))]
                  def exchanges():
                      return int(re.search(r"scheduler.exchanges: (\\d+)", text(".aeiou/stats"))[1])
                  before = exchanges()
                  found = [entry.reason for entry in net.read_many(rates)]
                  print(len(rates) >= 20, set(found) == {""}, (exchanges() - before) <= 12)
                  table = net.table(own.rpartition("/")[0], ["ifOperStatus", "ifHCInOctets.rate"])
                  print(sum(float(str(cells["ifHCInOctets.rate"])) > 0 for cells in table.values()) > 0)

              with open(f"{root}/{rate}") as file:
                  poll = select.poll()
                  poll.register(file, select.POLLPRI)
                  before = file.read()
                  poll.poll(5000)
                  file.seek(0)
                  print(before != file.read())

              # A system with counters of 32 bits, which jump.
              narrow = row(systems[1])
              print(float(text(f"{narrow}/ifInUtilization")) > 0)
              print(float(text(f"{narrow}/ifInOctets.rate")) > 0)
              open(sys.argv[-1], "w").close()
              while os.path.exists(sys.argv[-1]):
                  time.sleep(0.05)
              time.sleep(1)
              found = set()
              for moment in range(7):
                  text(f"{narrow}/ifInOctets.rate")
                  found.add(about(f"{narrow}/ifInOctets.rate", "quality"))
                  time.sleep(0.2)
              print(sorted(found))

              reader.join()
              print(steady[-8:])
              print(about(f"{row(systems[2])}/ifHCInOctets.rate", "interval_ms"))
              """,
              restart.toString());

      assertThat(out)
          .isEqualTo(
              """
              True
              ok octets per second system True
              True
              []
              True True\s
              True True True
              True
              True
              True
              True
              ['ok', 'reset']
              [True, True, True, True, True, True, True, True]
              2000
              """);
    }
  }

  private static void restartCounters(SimulatedAgent agent, Path order) {
    try {
      while (!Files.exists(order)) {
        Thread.sleep(20);
      }
      agent.restartCounters(true);
      Files.delete(order);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Needs({Thing.SNMPD, Thing.SNMPGET})
  void countersOfARealAgentHaveRates() throws Exception {
    Path mountPoint = Files.createDirectory(folder.resolve("net"));
    try (Snmpd snmpd = new Snmpd(Files.createDirectory(folder.resolve("snmpd")))) {
      snmpd.start();
      Path configuration = folder.resolve("net.yaml");
      Files.writeString(
          folder.resolve("own.yaml"),
          """
          groups:
            snmp:
              probe: 1.3.6.1.2.1.11
              scalars:
                snmpInPkts: {oid: 1.3.6.1.2.1.11.1, type: Counter32, units: packets}
          """);
      Files.writeString(
          configuration,
          "catalogue: [own.yaml]\nsystems:\n  real: \"%s\"\n".formatted(snmpd.address()));
      try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
        Commands.Result read = Commands.run("cat", daemon.path("real/snmp/snmpInPkts.rate") + "");
        assertThat(read.err()).isEmpty();
        assertThat(Double.parseDouble(read.out())).as("its own readings").isBetween(2.0, 40.0);
      }
    }
  }
}
