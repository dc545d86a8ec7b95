package org.aeiou.daemon.simulator;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.aeiou.daemon.simulator.message.Messages;
import org.aeiou.daemon.simulator.objects.AgentObjects;
import org.aeiou.daemon.simulator.objects.NetworkObjects;
import org.aeiou.daemon.simulator.objects.Recording;

/**
 * Makes the agents of a network: first one for each recording, then the generated ones, then the
 * hostile ones.
 */
final class Population {
  /** What an answer that is overtaken is late besides a round trip. */
  private static final Duration HELD_BACK = Duration.ofMillis(20);

  /** 2020-01-01. */
  private static final long BOOTS_EPOCH = 1_577_836_800L;

  private final SimulationOptions options;
  private final NetworkObjects objects;
  private final Messages messages;
  private final RandomGenerator random;

  /**
   * SnmpEngine boots are the seconds since 2020: they grow from start to start, and nothing is
   * kept.
   */
  private final int boots;

  Population(SimulationOptions options, Ticker ticker, Instant now) {
    this.options = options;
    objects = new NetworkObjects(options.seed(), ticker, now, options.rows());
    messages = new Messages(options.communities(), options.writeCommunities(), options.users());
    random = new SplittableRandom(options.seed());
    boots = (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, now.getEpochSecond() - BOOTS_EPOCH));
  }

  List<SimulatedAgent> agents(List<Recording> recordings, Sockets sockets) throws IOException {
    int count = recordings.size() + options.systems();
    Set<String> taken = new HashSet<>();
    List<SimulatedAgent> agents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Recording recording = i < recordings.size() ? recordings.get(i) : null;
      // Generated agents are the same whether there are recordings or not.
      int number = recording == null ? i - recordings.size() : i;
      String name = recording == null ? AgentObjects.nameOf(number) : recording.name();
      agents.add(agent(number, unique(name, taken), recording, sockets.get(i)));
    }
    int dead = Math.min(options.dead(), count);
    Faults silent = agents.isEmpty() ? Faults.NONE : agents.get(0).faults();
    silent = silent.toBuilder().dead(true).build();
    while (dead > 0) {
      SimulatedAgent agent = agents.get(random.nextInt(count));
      if (!agent.faults().dead()) {
        agent.faults(silent);
        dead--;
      }
    }
    for (Hostility hostility : options.hostile()) {
      int number = agents.size();
      String name = unique("hostile/" + hostility.word(), taken);
      SimulatedAgent agent = agent(number, name, null, sockets.get(number));
      agent.faults(Faults.builder().hostility(hostility).build());
      agents.add(agent);
    }
    return agents;
  }

  private SimulatedAgent agent(
      int number, String name, Recording recording, DatagramChannel channel) throws IOException {
    SimulatedAgent agent =
        new SimulatedAgent(
            channel,
            (InetSocketAddress) channel.getLocalAddress(),
            name,
            messages,
            new AgentObjects(number, name, objects, recording),
            options.maxMessage(),
            random.nextLong(),
            boots);
    agent.distance(options.rtt(), options.jitter());
    agent.faults(
        Faults.builder()
            .loss(options.loss())
            .duplicate(options.duplicates())
            .reorder(options.reordered(), options.rtt().plus(HELD_BACK))
            .build());
    return agent;
  }

  private static String unique(String name, Set<String> taken) {
    String candidate = name;
    for (int i = 2; !taken.add(candidate); i++) {
      candidate = name + "-" + i;
    }
    return candidate;
  }
}
