package org.aeiou.daemon.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snmp4j.PDU;

@Timeout(120)
class ManyAgentsIT {
  private static final int AGENTS = 10_000;
  private static final int ROWS = 48;
  private static final String SYS_NAME = "1.3.6.1.2.1.1.5.0";

  @Test
  void tenThousandAgentsAnswerFromOneProcess() throws IOException {
    long usedBefore = used();
    int threadsBefore = Thread.activeCount();
    try (SimulatedNetwork network =
            SimulatedNetwork.start(
                SimulationOptions.builder()
                    .systems(AGENTS)
                    .rows(ROWS)
                    .firstAddress("127.20.0.1")
                    .port(0)
                    .build());
        Client client = new Client()) {
      Set<String> names = new HashSet<>();
      for (SimulatedAgent agent : network.agents()) {
        PDU answer = client.ask(agent, Client.pdu(PDU.GET, SYS_NAME));
        names.add(answer.get(0).toValueString());
      }
      assertThat(names).hasSize(AGENTS);
      assertThat(network.totals().requests()).isEqualTo(AGENTS);
      assertThat(client.walk(network.agent("core1"), 50)).hasSizeGreaterThan(41 * ROWS);
      assertThat(Thread.activeCount() - threadsBefore).isLessThanOrEqualTo(2);
      assertThat(used() - usedBefore).isLessThan(300L << 20);
    }
  }

  /** Octets of heap that are in use when the garbage is gone. */
  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
