package org.aeiou.daemon.simulator.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentObjectsTest {
  private static final String IF_NAME = "1.3.6.1.2.1.31.1.1.1.1.";
  private static final String IN_OCTETS = "1.3.6.1.2.1.2.2.1.10.";
  private static final String HC_IN_OCTETS = "1.3.6.1.2.1.31.1.1.1.6.";
  private static final String UPTIME = "1.3.6.1.2.1.1.3.0";

  private final Clock clock = new Clock();
  private final Map<Integer, NetworkObjects> networks = new HashMap<>();

  /** A clock that goes when it is told to. */
  private static final class Clock extends Ticker {
    private long now = 1_000;

    @Override
    public long read() {
      return now;
    }

    void go(Duration time) {
      now += time.toNanos();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyObjectFollowsTheOneBeforeItAndCanBeRead(Role role) {
    ObjectView view = agent(role, 7).view();
    List<ObjectView.Binding> all = walk(view);
    assertThat(all).hasSizeGreaterThan(7 * 41);
    for (int i = 0; i < all.size(); i++) {
      ObjectView.Binding entry = all.get(i);
      assertThat(view.get(entry.name())).isEqualTo(entry.value());
      assertThat(view.knows(entry.name())).isTrue();
      if (i > 0) {
        int[] before = all.get(i - 1).name();
        assertThat(Arrays.compareUnsigned(before, entry.name())).isNegative();
        int[] between = Arrays.copyOf(before, before.length + 1);
        assertThat(view.next(between).name()).isEqualTo(entry.name());
      }
    }
  }

  @Test
  void rolesHaveDifferentGroups() {
    int[] host = Oid.parse("1.3.6.1.2.1.25.1.1.0").toArray();
    int[] forwarding = Oid.parse("1.3.6.1.2.1.17.1.2.0").toArray();
    assertThat(agent(Role.SERVER, 4).view().get(host)).isNotNull();
    assertThat(agent(Role.SERVER, 4).view().knows(forwarding)).isFalse();
    assertThat(agent(Role.SWITCH, 4).view().get(forwarding)).isNotNull();
    assertThat(agent(Role.SWITCH, 4).view().knows(host)).isFalse();
    assertThat(agent(Role.UPS, 4).view().knows(host)).isFalse();
  }

  @Test
  void uptimeRunsByTheClockAndStartsAgainAtAReboot() {
    AgentObjects agent = agent(Role.ROUTER, 4);
    long before = number(agent, UPTIME);
    int secondsBefore = agent.secondsUp();
    clock.go(Duration.ofSeconds(90));
    assertThat(number(agent, UPTIME) - before).isEqualTo(9_000);
    assertThat(agent.secondsUp() - secondsBefore).isEqualTo(90);
    agent.reboot();
    assertThat(number(agent, UPTIME)).isZero();
    clock.go(Duration.ofSeconds(2));
    assertThat(number(agent, UPTIME)).isEqualTo(200);
    assertThat(agent.secondsUp()).isEqualTo(2);
  }

  @Test
  void countersMoveWithTheClockAndTheSmallOneIsTheLowHalfOfTheLargeOne() {
    AgentObjects agent = agent(Role.ROUTER, 4);
    long before = number(agent, HC_IN_OCTETS + 1);
    clock.go(Duration.ofSeconds(10));
    long after = number(agent, HC_IN_OCTETS + 1);
    assertThat(after - before).isBetween(10_000L, 500_000_000L);
    assertThat(number(agent, IN_OCTETS + 1)).isEqualTo(after & 0xffffffffL);
    AgentObjects same = agent(Role.ROUTER, 4);
    assertThat(number(same, HC_IN_OCTETS + 1)).isEqualTo(after);
  }

  @Test
  void frozenAgentStandsStillUntilItIsThawed() {
    AgentObjects agent = agent(Role.SERVER, 4);
    agent.freeze(true);
    List<ObjectView.Binding> before = walk(agent.view());
    clock.go(Duration.ofSeconds(100));
    List<ObjectView.Binding> after = walk(agent.view());
    assertThat(after.stream().map(ObjectView.Binding::value).toList())
        .isEqualTo(before.stream().map(ObjectView.Binding::value).toList());
    long still = number(agent, UPTIME);
    agent.freeze(false);
    assertThat(number(agent, UPTIME) - still).isEqualTo(10_000);
  }

  @Test
  void renumberingKeepsTheNamesAndGivesEveryOneAnotherIndex() {
    AgentObjects agent = agent(Role.SERVER, 5);
    Map<String, Integer> before = interfaces(agent);
    agent.renumberInterfaces();
    Map<String, Integer> after = interfaces(agent);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, index) -> assertThat(after.get(name)).isNotEqualTo(index));
    // The trap for a client that remembers indexes: they still exist, and mean another interface.
    assertThat(after.values()).containsAll(before.values().stream().filter(i -> i != 1).toList());
    // What refers to interfaces follows.
    assertThat(number(agent, "1.3.6.1.2.1.4.20.1.2.127.0.0.1"))
        .isEqualTo(after.get("lo").longValue());
  }

  @Test
  void rowsComeAndGo() {
    AgentObjects agent = agent(Role.SERVER, 3);
    AgentObjects other = agent(Role.SERVER, 3);
    assertThat(agent.addInterface()).isEqualTo("eth2");
    assertThat(interfaces(agent).keySet()).contains("eth2").hasSize(4);
    agent.removeInterface("eth0");
    assertThat(interfaces(agent).keySet()).doesNotContain("eth0").hasSize(3);
    assertThat(number(agent, "1.3.6.1.2.1.2.1.0")).isEqualTo(3);
    assertThatThrownBy(() -> agent.removeInterface("eth0")).hasMessageContaining("'eth0'");
    assertThat(interfaces(other).keySet()).containsOnly("lo", "eth0", "eth1");
  }

  @Test
  void changesLieOverTheObjectsInOrder() {
    AgentObjects agent = agent(Role.SWITCH, 3);
    agent.freeze(true);
    NavigableMap<int[], Value> expected = new TreeMap<>(Arrays::compareUnsigned);
    walk(agent.view()).forEach(entry -> expected.put(entry.name(), entry.value()));
    List<int[]> names = List.copyOf(expected.keySet());
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 200; i++) {
      int[] name = names.get(random.nextInt(names.size()));
      if (random.nextInt(3) == 0) {
        agent.set(Oid.of(name), null);
        expected.remove(name);
      } else {
        Oid changed = random.nextBoolean() ? Oid.of(name) : Oid.of(name).append(random.nextInt());
        Value value = new Value.Numeric(NumberType.GAUGE, i);
        agent.set(changed, value);
        expected.put(changed.toArray(), value);
      }
    }
    List<ObjectView.Binding> found = walk(agent.view());
    assertThat(found.stream().map(e -> Oid.of(e.name())).toList())
        .isEqualTo(expected.keySet().stream().map(Oid::of).toList());
    assertThat(found.stream().map(ObjectView.Binding::value).toList())
        .isEqualTo(List.copyOf(expected.values()));
  }

  @Test
  void recordingIsPlayedAsItIsUntilTheAgentReboots() {
    int[] name = Oid.parse(UPTIME).toArray();
    Value recorded = new Value.Numeric(NumberType.TIME, 5_000_000);
    Recording recording = new Recording("old", new int[][] {name}, new Value[] {recorded}, 0, 0);
    AgentObjects agent = new AgentObjects(0, "old", network(4), recording);
    clock.go(Duration.ofSeconds(5));
    assertThat(agent.view().get(name)).isEqualTo(recorded);
    agent.reboot();
    clock.go(Duration.ofSeconds(5));
    assertThat(number(agent, UPTIME)).isEqualTo(500);
    assertThatThrownBy(agent::renumberInterfaces)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("old");
  }

  private AgentObjects agent(Role role, int interfaces) {
    int number = 0;
    while (Role.of(number) != role) {
      number++;
    }
    return new AgentObjects(number, Role.name(number), network(interfaces), null);
  }

  private NetworkObjects network(int interfaces) {
    return networks.computeIfAbsent(
        interfaces, count -> new NetworkObjects(1, clock, Instant.EPOCH, count));
  }

  private static long number(AgentObjects agent, String oid) {
    return ((Value.Numeric) agent.view().get(Oid.parse(oid).toArray())).number();
  }

  private static Map<String, Integer> interfaces(AgentObjects agent) {
    int[] column = Oid.parse(IF_NAME + 0).toArray();
    Map<String, Integer> byName = new TreeMap<>();
    ObjectView.Binding entry = agent.view().next(column);
    while (entry.name()[10] == 1) {
      byName.put(
          new String(
              ((Value.Octets) entry.value()).octets(), java.nio.charset.StandardCharsets.UTF_8),
          entry.name()[11]);
      entry = agent.view().next(entry.name());
    }
    return byName;
  }

  private static List<ObjectView.Binding> walk(ObjectView view) {
    List<ObjectView.Binding> all = new ArrayList<>();
    for (ObjectView.Binding entry = view.next(new int[0]);
        entry != null;
        entry = view.next(entry.name())) {
      all.add(entry);
    }
    return all;
  }
}
