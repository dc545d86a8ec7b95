package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.Test;

/** What the back end says to the silence of agents. */
class SilenceIT extends HostileAgents {

  @Test
  void aWrongCommunityIsPossibleUntilTheAgentAnswered() throws Exception {
    Exchanger<Question, Value> system =
        system(Version.V2C, (me, request, from) -> me.send(honest(request), from));
    assertThat(system.silence()).isEqualTo("a wrong community looks like this, too");
    assertThat(only(Asked.of(GET).from(system).answer())).isEqualTo(HERE);
    assertThat(system.silence()).isNull();
  }

  @Test
  void anAgentThatIsFoundAndSaysNoMoreIsThereAndTheKeysAreNamed() throws Exception {
    try (SimulatedNetwork network =
            SimulatedNetwork.start(SimulationOptions.builder().systems(1).port(0).build());
        Relay relay = new Relay(network.agents().get(0).address())) {
      for (UsmUser user : SimulationOptions.USERS) {
        relay.forward.set(0);
        Exchanger<Question, Value> system = backend.connect("core1", relay.settings(user));
        Asked dead = Asked.of(GET).from(system);
        relay.awaitDropped(1);
        assertThat(system.silence()).as("not even found").isNull();
        // Discovery is the first message and its answer; the time, by the second, is authentic.
        relay.forward.set(1);
        Asked found = Asked.of(GET).from(system);
        relay.awaitDropped(2);
        assertThat(found.parts()).isEqualTo(1);
        assertThat(system.silence())
            .isEqualTo(
                "the agent is there (it tells its engine id) and does not answer "
                    + (user.privacy() == Privacy.NONE ? "what is asked" : "what is encrypted")
                    + ": check "
                    + (user.authentication() == Authentication.NONE
                        ? "user"
                        : "auth.protocol and auth.pass")
                    + (user.privacy() == Privacy.NONE
                        ? ""
                        : ", privacy.protocol and privacy.pass"));
        if (user.privacy() != Privacy.NONE) {
          relay.forward.set(1);
          Asked authentic = Asked.of(GET).from(system);
          relay.awaitDropped(3);
          assertThat(authentic.parts()).isEqualTo(1);
          assertThat(system.silence())
              .isEqualTo(
                  "the agent is there (it tells its engine id and accepts the authentication) and"
                      + " does not answer what is encrypted: check privacy.protocol and"
                      + " privacy.pass");
        }
        relay.forward.set(10);
        assertThat(Asked.outcomes(system, List.of(GET))).hasSize(1);
        assertThat(system.silence()).isNull();
        assertThat(dead.answerSoFar()).isNull();
        backend.forget(system);
        relay.reset();
      }
    }
  }

  /** Stands before an agent, and lets through as many requests as a test wants. */
  private static final class Relay implements AutoCloseable {
    private final DatagramSocket front;
    private final DatagramSocket back = new DatagramSocket();
    private final InetSocketAddress agent;
    final AtomicInteger forward = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile SocketAddress client;

    Relay(InetSocketAddress agent) throws IOException {
      this.agent = agent;
      this.front = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      start(this::requests);
      start(this::answers);
    }

    private static void start(Runnable loop) {
      Thread thread = new Thread(loop, "relay");
      thread.setDaemon(true);
      thread.start();
    }

    SnmpSettings settings(UsmUser user) {
      return new SnmpSettings("127.0.0.1", front.getLocalPort(), Version.V3, new Secret(""), user);
    }

    private void requests() {
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
          front.receive(packet);
          client = packet.getSocketAddress();
          if (forward.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            packet.setSocketAddress(agent);
            back.send(packet);
          } else {
            dropped.incrementAndGet();
          }
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void answers() {
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
          back.receive(packet);
          packet.setSocketAddress(client);
          front.send(packet);
        }
      } catch (IOException e) {
        // closed
      }
    }

    void awaitDropped(int count) throws InterruptedException {
      long end = System.nanoTime() + 5_000_000_000L;
      while (dropped.get() < count && System.nanoTime() < end) {
        Thread.sleep(2);
      }
      assertThat(dropped.get()).isEqualTo(count);
    }

    void reset() {
      dropped.set(0);
    }

    @Override
    public void close() {
      front.close();
      back.close();
    }
  }
}
