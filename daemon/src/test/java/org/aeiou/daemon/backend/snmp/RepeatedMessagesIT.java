package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;

/**
 * A message that is sent once more is the same question to the agent: same port, same request id.
 */
class RepeatedMessagesIT extends HostileAgents {
  private static final Question NAME = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"));

  @Test
  void aRepeatedMessageComesFromTheSamePortWithTheSameRequestIdAndEitherIsTheAnswer()
      throws Exception {
    for (Version version : List.of(Version.V1, Version.V2C)) {
      List<String> seen = Collections.synchronizedList(new ArrayList<>());
      List<PDU> late = Collections.synchronizedList(new ArrayList<>());
      List<SocketAddress> from = Collections.synchronizedList(new ArrayList<>());
      Exchanger<Question, Value> system =
          system(
              version,
              (me, request, asker) -> {
                seen.add(asker + " " + request.getRequestID());
                late.add(honest(request));
                from.add(asker);
                if (late.size() == 3) {
                  me.send(late.get(0), from.get(0)); // the late answer to the first
                  me.send(late.get(2), from.get(2));
                }
              });
      Asked asked = Asked.of(GET).from(system);
      assertThat(system.repeat(asked)).isTrue();
      assertThat(system.repeat(asked)).isTrue();
      assertThat(only(asked.answer())).isEqualTo(HERE);
      assertThat(seen).hasSize(3).containsOnly(seen.get(0));
      assertThat(system.repeat(asked)).as("it is answered").isFalse();
      assertThat(asked.answerSoFar()).as("and no second time").isNull();
    }
  }

  @Test
  void aRepeatedMessageOfVersion3IsAnsweredOnceWhicheverArrives() throws Exception {
    try (SimulatedNetwork network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(1)
                .firstAddress("127.47.1.1")
                .port(0)
                .rtt(java.time.Duration.ofMillis(60))
                .build())) {
      SimulatedAgent agent = network.agents().get(0);
      for (UsmUser user : SimulationOptions.USERS) {
        Exchanger<Question, Value> system =
            backend.connect(
                "core1",
                new SnmpSettings(
                    agent.address().getAddress().getHostAddress(),
                    agent.address().getPort(),
                    Version.V3,
                    new Secret(""),
                    user));
        assertThat(Asked.value(system, NAME)).isNotNull();
        agent.resetCounts();
        long duplicates = backend.count(SnmpCounter.DUPLICATE);
        Asked asked = Asked.of(NAME).from(system);
        assertThat(system.repeat(asked)).isTrue();
        assertThat(system.repeat(asked)).isTrue();
        assertThat(asked.answer()).isNotNull();
        long end = System.nanoTime() + 5_000_000_000L;
        while (backend.count(SnmpCounter.DUPLICATE) < duplicates + 2 && System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        assertThat(backend.count(SnmpCounter.DUPLICATE)).isEqualTo(duplicates + 2);
        assertThat(agent.counts().gets()).as("it takes each for a question").isEqualTo(3);
        assertThat(asked.answerSoFar()).isNull();
        assertThat(backend.count(SnmpCounter.NOT_AUTHENTIC)).isZero();
        backend.forget(system);
      }
    }
  }
}
