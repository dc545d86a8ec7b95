package org.aeiou.daemon.backend.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents of v3 after a restart of the daemon, or of theirs: how many messages that takes. */
class KnownEnginesIT {
  private static final Question NAME = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"));

  private final SimulatedNetwork network;
  private final SimulatedAgent agent;
  private AgentProfile profile = new AgentProfile();
  private SnmpBackend backend;
  private Exchanger<Question, Value> system;

  /** By how much this machine's clock is wrong. */
  private Duration wrong = Duration.ZERO;

  KnownEnginesIT() throws IOException {
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder().systems(1).firstAddress("127.47.2.1").port(0).build());
    agent = network.agents().get(0);
  }

  @AfterEach
  void close() {
    backend.close();
    network.close();
  }

  /** A daemon that knows what the one before wrote down. */
  private void restart(UsmUser user) throws IOException {
    Map<String, String> kept = profile.all();
    profile = new AgentProfile();
    profile.restore(() -> kept);
    start(user, agent.address().getAddress().getHostAddress(), agent.address().getPort());
  }

  private void start(UsmUser user, String host, int port) throws IOException {
    if (backend != null) {
      backend.close();
    }
    backend =
        new SnmpBackend(
            Ticker.systemTicker(),
            () -> Instant.now().plus(wrong),
            SnmpOptions.DEFAULT,
            Definitions.NONE);
    SnmpSettings settings = new SnmpSettings(host, port, Version.V3, new Secret(""), user);
    system = backend.connect("core1", settings, settings, profile);
  }

  /** How many messages it takes to read a value. */
  private long messages() throws InterruptedException {
    long before = agent.counts().datagrams();
    assertThat(Asked.value(system, NAME)).isNotNull();
    return agent.counts().datagrams() - before;
  }

  @Test
  void afterARestartOneMessageIsEnough() throws Exception {
    for (UsmUser user : SimulationOptions.USERS) {
      profile = new AgentProfile();
      restart(user);
      boolean isAuthentic = user.authentication() != Authentication.NONE;
      assertThat(messages())
          .as("discovery, the clock, the question")
          .isEqualTo(isAuthentic ? 3 : 2);
      restart(user);
      assertThat(messages()).isEqualTo(1);
      assertThat(backend.count(SnmpCounter.V3_DISCOVERED)).isZero();
      assertThat(backend.count(SnmpCounter.V3_RESYNCHRONISED)).isZero();
      assertThat(profile.isConfirmed()).isTrue();
    }
  }

  @Test
  void whatMayNotBeSentAnyMoreIsNotWhileTheAgentIsFound() throws Exception {
    Failure<Value> why = new Failure<>(Failure.Reason.UNREACHABLE, "another daemon asks it");
    UsmUser user = SimulationOptions.USERS.get(1);
    for (int answered = 0; answered <= 3; answered++) {
      profile = new AgentProfile();
      restart(user);
      long before = agent.counts().datagrams();
      Answer<Value> answer = Asked.of(NAME).refusedAfter(answered, why).from(system).answer();
      if (answered < 3) {
        assertThat(answer).isEqualTo(new Answer.NotAsked<>(why));
      } else {
        assertThat(answer).as("the question had left").isInstanceOf(Answer.Items.class);
      }
      assertThat(agent.counts().datagrams() - before).isEqualTo(answered);
    }
  }

  @Test
  void anAgentThatRebootedMeanwhileIsAskedForItsClockOnly() throws Exception {
    UsmUser user = SimulationOptions.USERS.get(1);
    restart(user);
    messages();
    agent.reboot();
    restart(user);
    assertThat(messages()).isEqualTo(2);
    assertThat(backend.count(SnmpCounter.V3_RESYNCHRONISED)).isEqualTo(1);
    restart(user);
    assertThat(messages()).as("what it said is known").isEqualTo(1);
  }

  @Test
  void anAgentThatRebootsWhileItIsAskedLosesNoRequest() throws Exception {
    for (UsmUser user : SimulationOptions.USERS) {
      profile = new AgentProfile();
      restart(user);
      messages();
      for (int i = 0; i < 3; i++) {
        agent.reboot();
        assertThat(messages()).isLessThanOrEqualTo(2);
      }
    }
  }

  @Test
  void anAgentWhoseBootsWentBackIsAskedForItsClockAlsoAfterARestart() throws Exception {
    UsmUser user = SimulationOptions.USERS.get(1);
    restart(user);
    messages();
    profile.learn("engine_boots", profile.number("engine_boots", 0) + 50);
    restart(user);
    assertThat(messages()).isLessThanOrEqualTo(3);
    assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isZero();
    restart(user);
    assertThat(messages()).isEqualTo(1);
  }

  @Test
  void aClockOfThisMachineThatJumpsCostsOneMessage() throws Exception {
    UsmUser user = SimulationOptions.USERS.get(1);
    restart(user);
    messages();
    for (Duration jump : List.of(Duration.ofDays(400), Duration.ofDays(-4000), Duration.ZERO)) {
      wrong = jump;
      restart(user);
      assertThat(messages()).as(jump.toString()).isLessThanOrEqualTo(3);
      assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isZero();
      assertThat(messages()).isEqualTo(1);
    }
  }

  @Test
  void anotherAgentAtTheAddressIsFoundAndWhatWasLearnedIsForgotten() throws Exception {
    UsmUser user = SimulationOptions.USERS.get(1);
    restart(user);
    messages();
    profile.learn(AgentProfile.ENGINE_ID, "80001f8804deadbeef");
    profile.learn(AgentProfile.RENEWAL_MS, 10_000);
    boolean[] told = new boolean[1];
    restart(user);
    profile.whenAnother(() -> told[0] = true);
    assertThat(messages()).isLessThanOrEqualTo(4);
    assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isEqualTo(1);
    assertThat(told[0]).isTrue();
    assertThat(profile.text(AgentProfile.RENEWAL_MS)).isNull();
    restart(user);
    assertThat(messages()).isEqualTo(1);
  }

  @Test
  void aFileThatWasChangedByHandDoesNoHarm() throws Exception {
    UsmUser user = SimulationOptions.USERS.get(1);
    for (String id : List.of("", "x", "80", "8000zz", "80".repeat(100))) {
      profile = new AgentProfile();
      profile.learn(AgentProfile.ENGINE_ID, id);
      profile.learn("engine_boots", "-1");
      profile.learn("engine_started_s", "999999999999999999999");
      restart(user);
      assertThat(messages()).as(id).isEqualTo(3);
    }
  }

  @Test
  @Needs(Needs.Thing.SNMPD)
  void aContextIsAskedThroughARealAgentThatIsAProxyForAnother(@TempDir Path folder)
      throws Exception {
    UsmUser user = Snmpd.user(Authentication.SHA, Privacy.AES_128);
    Snmpd snmpd = new Snmpd(folder);
    snmpd.configure(
        "view everything included .1\n"
            + "rouser "
            + user.name()
            + " priv -V everything ctx1\n"
            + "proxy -Cn ctx1 -v 2c -c public "
            + agent.address().getAddress().getHostAddress()
            + ":"
            + agent.address().getPort()
            + " .1.3.6.1.2.1.1\n");
    snmpd.start();
    try {
      start(user, "127.0.0.1", snmpd.settings(Version.V1).port());
      assertThat(Asked.value(system, NAME)).isEqualTo(text("core1"));
      start(in(user, "ctx1"), "127.0.0.1", snmpd.settings(Version.V1).port());
      assertThat(Asked.value(system, NAME)).isEqualTo(text(agent.name()));
      start(in(user, "nowhere"), "127.0.0.1", snmpd.settings(Version.V1).port());
      Asked.of(NAME).from(system);
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (system.silence() == null && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(system.silence()).as("Net-SNMP says nothing to it").endsWith(" and context");
    } finally {
      snmpd.close();
    }
  }

  private static Value text(String text) {
    return new Value.Octets(Value.OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  private static UsmUser in(UsmUser user, String context) {
    return new UsmUser(
        user.name(),
        user.authentication(),
        user.authenticationPass(),
        user.privacy(),
        user.privacyPass(),
        context);
  }
}
