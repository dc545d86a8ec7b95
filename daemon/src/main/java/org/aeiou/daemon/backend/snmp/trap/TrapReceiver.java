package org.aeiou.daemon.backend.snmp.trap;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.aeiou.daemon.backend.snmp.message.UsmKeys;
import org.aeiou.daemon.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.Variable;

/**
 * What becomes of a datagram that may be a trap or an inform. Used by the one thread that receives;
 * knows no socket.
 *
 * <p>Whose it may be is looked up before anything is decoded, by its address: of an address that is
 * no system's, only what names a system's address as the agent's is taken (a trap that was
 * forwarded), and no report or response ever goes there.
 */
public final class TrapReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(TrapReceiver.class);
  private static final int V1 = 0;
  private static final int V2C = 1;
  private static final int V3 = 3;

  private final Senders senders;
  private final SourceLimits limits;
  private final InformsSeen informs = new InformsSeen();
  private final TrapUsers users;
  private final Set<String> communities;
  private final Function<Variable, Value> values;
  private final Notification.Sink sink;
  private final TrapCounters counters;
  private final Ticker ticker;

  /** Of addresses that are no system's, all together: to log one now and then is enough. */
  private final SourceLimits unknown = new SourceLimits(100, 100);

  /**
   * A receiver.
   *
   * @param values makes values of what agents send
   * @throws IOException if what is kept of the own engine cannot be had
   */
  public TrapReceiver(
      Listening listening,
      Senders senders,
      UsmKeys keys,
      StateFolder state,
      Function<Variable, Value> values,
      Notification.Sink sink,
      TrapCounters counters,
      Ticker ticker)
      throws IOException {
    this.senders = senders;
    this.limits = new SourceLimits(listening.perSecond(), listening.burst());
    this.users = new TrapUsers(OwnEngine.start(state, ticker), keys, counters);
    this.communities =
        listening.communities().stream()
            .map(secret -> latin(secret.reveal().getBytes(StandardCharsets.UTF_8)))
            .collect(Collectors.toUnmodifiableSet());
    this.values = values;
    this.sink = sink;
    this.counters = counters;
    this.ticker = ticker;
  }

  /** One character for each octet, so that any community can be compared. */
  private static String latin(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  /**
   * Takes a datagram in. Does not throw.
   *
   * @return what is to be sent back; null if nothing is
   */
  public byte[] received(byte[] datagram, InetSocketAddress from) {
    counters.add(TrapCounter.RECEIVED);
    long now = ticker.read();
    InetAddress address = from.getAddress();
    List<Sender> there = senders.at(address);
    try {
      if (there.isEmpty() && !unknown.take(InetAddress.getLoopbackAddress(), now)) {
        counters.add(TrapCounter.UNKNOWN_SENDER);
        return null;
      }
      if (!there.isEmpty() && !limits.take(address, now)) {
        counters.add(TrapCounter.STORM);
        return null;
      }
      return decoded(datagram, from, there, now);
    } catch (IOException | IllegalArgumentException e) {
      counters.add(TrapCounter.GARBAGE);
      return null;
    } catch (RuntimeException e) {
      counters.add(TrapCounter.FAILED);
      LOG.error("SNMP: a trap from {} could not be taken in", written(from), e);
      return null;
    } finally {
      unknown.storms(now);
    }
  }

  /** Tells of storms, now and then. */
  public void tick() {
    for (SourceLimits.Storm storm : limits.storms(ticker.read())) {
      sink.dropped(
          senders.at(storm.source()).stream().map(Sender::system).distinct().toList(),
          InetAddresses.toAddrString(storm.source()),
          storm.count(),
          storm.nanos());
    }
  }

  private static String written(InetSocketAddress from) {
    return InetAddresses.toAddrString(from.getAddress());
  }

  private byte[] decoded(byte[] datagram, InetSocketAddress from, List<Sender> there, long now)
      throws IOException {
    Tlv.check(datagram);
    BERInputStream in = new BERInputStream(ByteBuffer.wrap(datagram));
    Tlv.header(in, BER.SEQUENCE);
    int version = Tlv.integer(in);
    switch (version) {
      case V1, V2C -> {
        Trap trap = community(in, version, there);
        return trap == null ? null : taken(trap, from, there.isEmpty(), now);
      }
      case V3 -> {
        TrapUsers.Result result =
            users.take(
                datagram,
                in,
                (engine, user) ->
                    there.isEmpty() ? senders.ofEngine(engine, user) : byEngine(there, engine));
        if (result.trap() != null) {
          return taken(result.trap(), from, there.isEmpty(), now);
        }
        return there.isEmpty() ? null : result.report();
      }
      default -> throw new IOException("version " + version);
    }
  }

  /** Of several systems at one address those that have the engine, if any is known to have it. */
  private static List<Sender> byEngine(List<Sender> there, byte[] engine) {
    List<Sender> known =
        there.stream().filter(sender -> Arrays.equals(sender.engineId().get(), engine)).toList();
    return known.isEmpty() ? there : known;
  }

  private Trap community(BERInputStream in, int version, List<Sender> there) throws IOException {
    byte[] octets = Tlv.string(in);
    PDU pdu = version == V1 ? new PDUv1() : new PDU();
    Tlv.decode(pdu, in);
    String community = latin(octets);
    if (!communities.isEmpty() && !communities.contains(community)) {
      counters.add(TrapCounter.UNKNOWN_COMMUNITY);
      return null;
    }
    List<Sender> those = there;
    if (there.size() > 1) {
      List<Sender> asked =
          there.stream()
              .filter(
                  sender ->
                      sender.community() != null
                          && latin(sender.community().reveal().getBytes(StandardCharsets.UTF_8))
                              .equals(community))
              .toList();
      those = asked.isEmpty() ? there : asked;
    }
    Map<String, Object> credentials = new LinkedHashMap<>();
    credentials.put("version", version == V1 ? "1" : "2c");
    return new Trap(
        pdu,
        those,
        credentials,
        () -> {
          PDU response = new PDU(pdu);
          response.setType(PDU.RESPONSE);
          response.setErrorStatus(0);
          response.setErrorIndex(0);
          return Tlv.sequence(Tlv.integer(version), Tlv.string(octets), Tlv.encode(response));
        });
  }

  private byte[] taken(Trap trap, InetSocketAddress from, boolean isForwarded, long now)
      throws IOException {
    PDU pdu = trap.pdu();
    boolean isInform = pdu.getType() == PDU.INFORM;
    if (!isInform && pdu.getType() != PDU.TRAP && pdu.getType() != PDU.V1TRAP) {
      throw new IOException("a PDU of type " + pdu.getType());
    }
    TrapTranslation said = TrapTranslation.of(pdu, values);
    if (said.name() == null) {
      throw new IOException("no snmpTrapOID");
    }
    List<Sender> those = meant(trap.senders(), said);
    if (those.isEmpty()) {
      counters.add(TrapCounter.UNKNOWN_SENDER);
      LOG.warn("{} sends traps, and is the address of no system; they are dropped", written(from));
      return null;
    }
    int requestId = isInform ? pdu.getRequestID().getValue() : 0;
    int content = pdu.getVariableBindings().hashCode();
    if (isInform && informs.isKnown(from, requestId, content, now)) {
      counters.add(TrapCounter.DUPLICATES);
      return trap.response().write();
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("source", written(from));
    details.putAll(trap.credentials());
    details.put("inform", isInform);
    details.putAll(said.details());
    if (those.size() > 1) {
      counters.add(TrapCounter.AMBIGUOUS);
      details.put("ambiguous", those.stream().map(Sender::system).toList());
    }
    if (isForwarded) {
      counters.add(TrapCounter.FORWARDED);
      details.put("forwarded", true);
    }
    sink.notified(
        new Notification(
            those.stream().map(Sender::system).distinct().toList(),
            said.name(),
            said.objects(),
            details));
    counters.add(isInform ? TrapCounter.INFORMS : TrapCounter.TRAPS);
    if (!isInform || isForwarded) {
      return null;
    }
    informs.taken(from, requestId, content, now);
    return trap.response().write();
  }

  /** The systems that it says it is of: by the address of the agent, where it says one. */
  private List<Sender> meant(List<Sender> there, TrapTranslation said) {
    if (there.size() == 1 || said.agentAddress() == null) {
      return there;
    }
    try {
      InetAddress agent = InetAddress.getByAddress(said.agentAddress().octets());
      List<Sender> those = senders.at(agent);
      if (there.isEmpty()) {
        return those;
      }
      List<Sender> both = those.stream().filter(there::contains).toList();
      return both.isEmpty() ? there : both;
    } catch (IOException e) {
      return there;
    }
  }
}
