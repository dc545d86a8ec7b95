package org.aeiou.daemon.simulator;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.message.CommandResponder;
import org.aeiou.daemon.simulator.message.Messages;
import org.aeiou.daemon.simulator.message.SnmpEngine;
import org.aeiou.daemon.simulator.objects.AgentObjects;
import org.aeiou.daemon.simulator.objects.ObjectView;
import org.snmp4j.PDU;
import org.snmp4j.smi.VariableBinding;

/**
 * One agent of a simulated network. Every method may be called at any time by any thread; what it
 * changes is so for every request answered after it returned. Delays are chosen when a request
 * arrives. It is long for the many things that a test may do to an agent.
 */
public final class SimulatedAgent {
  /** What fits into a UDP datagram over IPv4. */
  private static final int MOST_OCTETS = 65_507;

  private static final Oid IF_INDEX = Oid.parse("1.3.6.1.2.1.2.2.1.1");
  private static final Oid IF_OPER_STATUS = Oid.parse("1.3.6.1.2.1.2.2.1.8");
  private static final Oid LINK_DOWN = Oid.parse("1.3.6.1.6.3.1.1.5.3");
  private static final Oid LINK_UP = Oid.parse("1.3.6.1.6.3.1.1.5.4");

  private final String name;
  private final InetSocketAddress address;
  private final DatagramChannel channel;
  private final Messages messages;
  private final AgentObjects objects;
  private final int maxMessage;
  private final RandomGenerator random;
  private final CommandResponder responder = new Responding();
  private Tally tally = new Tally();
  private Faults faults = Faults.NONE;
  private long rtt;
  private long jitter;
  private int boots;

  /** Null if none is told. */
  private Consumer<Arrival> listener;

  /** From where the datagram came that is looked at, and when. */
  private SocketAddress sender;

  private long arrival;

  /** Null if it sends no traps. */
  private TrapTarget traps;

  /** Whether what was answered last was to be set. */
  private boolean wasSet;

  SimulatedAgent(
      DatagramChannel channel,
      InetSocketAddress address,
      String name,
      Messages messages,
      AgentObjects objects,
      int maxMessage,
      long seed,
      int boots) {
    this.channel = channel;
    this.address = address;
    this.name = name;
    this.messages = messages;
    this.objects = objects;
    this.maxMessage = maxMessage;
    this.random = new SplittableRandom(seed);
    this.boots = boots;
  }

  /** The system's name, in the configuration too; sysName of a generated agent. */
  public String name() {
    return name;
  }

  /** Where it listens, and from where it answers. */
  public InetSocketAddress address() {
    return address;
  }

  public synchronized Faults faults() {
    return faults;
  }

  /** Gives it these faults instead of those it had. */
  public synchronized void faults(Faults all) {
    faults = Objects.requireNonNull(all);
  }

  /** How far away it is: an answer leaves that long after its request arrived. */
  public synchronized void distance(Duration roundTrip, Duration upToMoreOrLess) {
    rtt = roundTrip.toNanos();
    jitter = upToMoreOrLess.toNanos();
  }

  /** Starts again: sysUpTime and all counters from 0, and one more engine boot. */
  public synchronized void reboot() {
    objects.reboot();
    boots++;
  }

  /** Lets all values stand still, or move again. Time of v3 goes on. */
  public synchronized void freeze(boolean still) {
    objects.freeze(still);
  }

  /**
   * Renews what its counters show only now and then, at multiples of that since it booted; zero for
   * always. Its time goes on.
   */
  public synchronized void renewCounters(Duration every) {
    objects.renewCounters(every.toNanos());
  }

  /**
   * Lets its counters begin at 0 again, without a restart.
   *
   * @param told whether its ifCounterDiscontinuityTime says so
   */
  public synchronized void restartCounters(boolean told) {
    objects.restartCounters(told);
  }

  /** Takes away its counters of 64 bits. */
  public synchronized void dropWideCounters() {
    objects.dropWideCounters();
  }

  /**
   * Gives every interface another ifIndex under the same name. All but one index stay in use, for
   * another interface than before.
   *
   * @throws UnsupportedOperationException if it plays a recording
   */
  public synchronized void renumberInterfaces() {
    objects.renumberInterfaces();
  }

  /**
   * Adds a row to the interface tables.
   *
   * @return its ifName
   * @throws UnsupportedOperationException if it plays a recording
   */
  public synchronized String addInterface() {
    return objects.addInterface();
  }

  /**
   * Takes a row from the interface tables.
   *
   * @throws IllegalArgumentException if there is none of that ifName
   * @throws UnsupportedOperationException if it plays a recording
   */
  public synchronized void removeInterface(String interfaceName) {
    objects.removeInterface(interfaceName);
  }

  /** Gives an object a value that stays, or adds the object. */
  public synchronized void set(Oid oid, Value value) {
    Variables.of(value);
    objects.set(oid, value);
  }

  /** Takes an object away. */
  public synchronized void remove(Oid oid) {
    objects.set(oid, null);
  }

  /** Sends traps of v2c to this address from now on. */
  public synchronized void trapsTo(InetSocketAddress target, String community) {
    traps = new TrapTarget(channel, target, community);
  }

  /** Sends a trap that says this, if it sends any. */
  public synchronized void trap(Oid trap, Map<Oid, Value> said) {
    if (traps != null) {
      traps.send(objects.secondsUp(), trap, said);
    }
  }

  /**
   * Lets a link go down or come up, and sends the trap that says so, if it sends any.
   *
   * @param index its ifIndex
   * @param saysOther whether the trap carries the state of before, as that of some agents does
   */
  public synchronized void link(int index, boolean up, boolean saysOther) {
    objects.set(IF_OPER_STATUS.append(index), state(up));
    Map<Oid, Value> said = new LinkedHashMap<>();
    said.put(IF_INDEX.append(index), new Value.Numeric(Value.NumberType.INTEGER, index));
    said.put(IF_OPER_STATUS.append(index), state(up != saysOther));
    trap(up ? LINK_UP : LINK_DOWN, said);
  }

  private static Value state(boolean up) {
    return new Value.Numeric(Value.NumberType.INTEGER, up ? 1 : 2);
  }

  /** What it has seen since it started, or since the counts were last reset. */
  public synchronized Counts counts() {
    return tally.counts();
  }

  /** Counts from 0 again; what is in flight stays so. */
  public synchronized void resetCounts() {
    tally = tally.startingAgain();
  }

  /** Tells of each request from now on, on the agents' thread, which must not wait. */
  public synchronized void listen(Consumer<Arrival> requests) {
    listener = requests;
  }

  /** All its objects as they are now, in the order of a walk. */
  public synchronized SortedMap<Oid, Value> objects() {
    SortedMap<Oid, Value> all = new TreeMap<>();
    ObjectView view = objects.view();
    ObjectView.Binding entry = view.next(new int[0]);
    while (entry != null) {
      all.put(Oid.of(entry.name()), entry.value());
      entry = view.next(entry.name());
    }
    return Collections.unmodifiableSortedMap(all);
  }

  @Override
  public String toString() {
    return name + " at " + address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  // What follows is for the room's own: with this agent locked, but for channel().

  DatagramChannel channel() {
    return channel;
  }

  /** Takes a datagram that arrived at {@code now} (of {@link System#nanoTime}). */
  synchronized void receive(byte[] message, SocketAddress from, Loop loop, long now) {
    tally.datagrams++;
    wasSet = false;
    sender = from;
    arrival = now;
    byte[] answer = messages.answer(responder, message, chance(faults.wrongId()));
    if (answer == null) {
      return;
    }
    tally.arrived();
    long due = now + delay();
    if (chance(faults.loss()) || (wasSet && chance(faults.setLoss()))) {
      loop.send(Outgoing.lost(this, due));
      return;
    }
    byte[] spoilt = spoil(answer);
    Hostility hostility = faults.hostility();
    boolean stranger = chance(faults.wrongAddress()) || hostility == Hostility.OTHER_PORT;
    loop.send(new Outgoing(this, spoilt, from, due, stranger, true));
    for (int copy = hostility == null ? 1 : hostility.copies(); copy > 1; copy--) {
      loop.send(new Outgoing(this, spoilt, from, due, stranger, false));
    }
    if (chance(faults.duplicate())) {
      loop.send(new Outgoing(this, spoilt, from, due, stranger, false));
    }
  }

  /** An answer's time has come; {@code sent} says whether it left. */
  synchronized void answered(Outgoing answer, boolean sent) {
    if (answer.endsFlight()) {
      tally.left();
    }
    if (sent) {
      tally.answers++;
    } else {
      tally.lost++;
    }
  }

  private long delay() {
    long delay = rtt;
    if (jitter > 0) {
      delay += random.nextLong(-jitter, jitter + 1);
    }
    if (chance(faults.reorder())) {
      delay += faults.reorderBy().toNanos();
    }
    if (chance(faults.late())) {
      delay += faults.lateBy().toNanos();
    }
    if (faults.hostility() != null) {
      delay += faults.hostility().delayNanos();
    }
    return Math.max(0, delay);
  }

  private byte[] spoil(byte[] answer) {
    if (chance(faults.garbage())) {
      byte[] garbage = new byte[answer.length];
      for (int i = 0; i < garbage.length; i++) {
        garbage[i] = (byte) random.nextInt();
      }
      return garbage;
    }
    return chance(faults.truncate())
        ? Arrays.copyOf(answer, random.nextInt(1, answer.length))
        : answer;
  }

  /**
   * Draws only where there is something to draw, so that a fault does not change another's luck.
   */
  private boolean chance(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  /** This agent, as the messages see it. */
  private final class Responding implements CommandResponder {
    private SnmpEngine engine;

    @Override
    public void respond(PDU request, PDU response, int room, boolean mayWrite) {
      wasSet = request.getType() == PDU.SET;
      Responder.answer(
          request, response, objects.view(), faults, room, mayWrite ? objects::set : null);
      if (faults.hostility() != null) {
        HostileResponder.answer(faults.hostility(), request, response, room);
      }
    }

    @Override
    public boolean count(PDU request) {
      boolean asks = tally.count(request);
      if (asks && listener != null) {
        boolean sets = request.getType() == PDU.SET;
        List<String> values =
            request.getVariableBindings().stream().map(VariableBinding::toValueString).toList();
        listener.accept(
            new Arrival(
                name, arrival, sender, tally.inFlight(), values.size(), sets ? values : List.of()));
      }
      return asks;
    }

    @Override
    public void count(Drop drop) {
      tally.count(drop);
    }

    @Override
    public boolean dead() {
      return faults.dead();
    }

    /** A hostile one keeps to no limit but UDP's. */
    @Override
    public int maxMessage() {
      return faults.hostility() == null ? maxMessage : MOST_OCTETS;
    }

    @Override
    public SnmpEngine engine() {
      if (engine == null) {
        engine = new SnmpEngine(address);
      }
      return engine;
    }

    @Override
    public int boots() {
      return boots;
    }

    @Override
    public int engineTime() {
      return objects.secondsUp();
    }
  }
}
