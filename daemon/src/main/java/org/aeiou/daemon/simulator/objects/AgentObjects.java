package org.aeiou.daemon.simulator.objects;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.simulator.objects.TableRows.RowKind;

/**
 * The objects of one agent and what has been changed about them. Holds only what differs from the
 * other agents. Guarded by the agent.
 */
public final class AgentObjects {
  private static final int[] UPTIME = {1, 3, 6, 1, 2, 1, 1, 3, 0};
  private static final long LONGEST_UPTIME_SECONDS = 100L * 86_400;

  private final int agent;
  private final String name;
  private final NetworkObjects network;

  /** What is played instead of a generated profile; or null. */
  private final Recording recording;

  private Map<RowKind, TableRows> rows;
  private NavigableMap<int[], Value> changes;
  private long bootedAt;
  private boolean rebooted;
  private final Counters counters = new Counters();

  /** The ticker's time at which the agent's stands still; meaningful if {@link #frozen}. */
  private long frozenAt;

  private boolean frozen;

  public AgentObjects(int agent, String name, NetworkObjects network, Recording recording) {
    this.agent = agent;
    this.name = name;
    this.network = network;
    this.recording = recording;
    if (recording == null) {
      rows = profile().rows();
    }
    long seconds = moment(0).between(0, 0, 3_600, LONGEST_UPTIME_SECONDS);
    bootedAt = network.startedAt() - Duration.ofSeconds(seconds).toNanos();
  }

  /** The name of the generated agent of that number, from 0; unique. */
  public static String nameOf(int agent) {
    return Role.name(agent);
  }

  public ObjectView view() {
    ObjectView all;
    if (recording == null) {
      all = new GeneratedView(profile(), moment(uptime()));
    } else {
      all = recording;
      if (rebooted) {
        long ticks = (uptime() / 10_000_000) & 0xffffffffL;
        changes().put(UPTIME, new Value.Numeric(NumberType.TIME, ticks));
      }
    }
    ObjectView changed = changes == null ? all : new Overlay(all, changes);
    return counters.areNarrow() ? new NarrowView(changed) : changed;
  }

  /** Seconds since it booted; goes on when it is frozen. */
  public int secondsUp() {
    return (int) ((network.ticker().read() - bootedAt) / 1_000_000_000L);
  }

  public void reboot() {
    bootedAt = network.ticker().read();
    frozenAt = bootedAt;
    rebooted = true;
    counters.reboot();
  }

  public void freeze(boolean still) {
    frozen = still;
    frozenAt = network.ticker().read();
  }

  /** Shows what its counters counted up to the last multiple of so much uptime; 0: up to now. */
  public void renewCounters(long everyNanos) {
    counters.renew(everyNanos);
  }

  /**
   * Lets its counters begin at 0 again.
   *
   * @param told whether ifCounterDiscontinuityTime says so
   */
  public void restartCounters(boolean told) {
    counters.restart(uptime(), told);
  }

  /** Has no counters of 64 bits any more. */
  public void dropWideCounters() {
    counters.dropWide();
  }

  /** Sets an object's value, or adds the object; null takes it away. */
  public void set(Oid oid, Value value) {
    changes().put(oid.toArray(), value);
  }

  /**
   * Every interface gets the index that the one behind it had, and the last one a new one: the
   * worst that a reboot can do to a client that remembers indexes.
   */
  public void renumberInterfaces() {
    TableRows interfaces = interfaces();
    int[] numbers = interfaces.numbers();
    int last = interfaces.index(numbers.length - 1)[0];
    replaceInterfaces(
        numbers,
        number -> {
          int position = interfaces.find(interfaces.indexOf(number), 0) + 1;
          return position < interfaces.size() ? interfaces.index(position) : new int[] {last + 1};
        });
  }

  /** Adds an interface with a new name and index. Returns its name. */
  public String addInterface() {
    TableRows interfaces = interfaces();
    int[] numbers = interfaces.numbers();
    int number = Arrays.stream(numbers).max().orElse(-1) + 1;
    int last = numbers.length == 0 ? 0 : interfaces.index(numbers.length - 1)[0];
    int[] more = Arrays.copyOf(numbers, numbers.length + 1);
    more[numbers.length] = number;
    replaceInterfaces(more, any -> any == number ? new int[] {last + 1} : interfaces.indexOf(any));
    return role().interfaceName(number);
  }

  /** Takes an interface away. */
  public void removeInterface(String interfaceName) {
    TableRows interfaces = interfaces();
    int[] numbers = interfaces.numbers();
    int[] fewer =
        Arrays.stream(numbers)
            .filter(number -> !role().interfaceName(number).equals(interfaceName))
            .toArray();
    if (fewer.length == numbers.length) {
      throw new IllegalArgumentException(
          name + " has no interface '" + interfaceName + "'; expected one of its ifName");
    }
    replaceInterfaces(fewer, interfaces::indexOf);
  }

  private void replaceInterfaces(int[] numbers, java.util.function.IntFunction<int[]> index) {
    Map<RowKind, TableRows> own = new EnumMap<>(rows);
    own.put(RowKind.INTERFACES, TableRows.of(numbers, index));
    rows = own;
  }

  private TableRows interfaces() {
    if (recording != null) {
      throw new UnsupportedOperationException(
          name + " plays a recording: its interfaces stay as they are; expected a generated agent");
    }
    return rows.get(RowKind.INTERFACES);
  }

  private NavigableMap<int[], Value> changes() {
    if (changes == null) {
      changes = new TreeMap<>(Arrays::compareUnsigned);
    }
    return changes;
  }

  private Profile profile() {
    return network.profile(role());
  }

  private Role role() {
    return Role.of(agent);
  }

  private long now() {
    return frozen ? frozenAt : network.ticker().read();
  }

  private long uptime() {
    return Math.max(0, now() - bootedAt);
  }

  private Moment moment(long uptimeNanos) {
    return new Moment(
        agent,
        role(),
        name,
        network.seed(),
        uptimeNanos / 1_000_000,
        counters.countedMillis(uptimeNanos),
        counters.discontinuityTicks(),
        network.started().plusNanos(now() - network.startedAt()),
        rows);
  }
}
