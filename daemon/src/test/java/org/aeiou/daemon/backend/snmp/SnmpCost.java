package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.MessageCodecs;
import org.aeiou.daemon.backend.snmp.message.MessageHeader;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.snmp4j.PDU;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.VariableBinding;

/**
 * Prints what an exchange costs: a program, not a test. A thousand systems are asked for ten
 * objects each at once, over and over; and one system for one object at a time, next to the same
 * datagrams sent by hand.
 */
final class SnmpCost {
  private static final int SYSTEMS = 1000;
  private static final int OBJECTS = 10;
  private static final int ROUNDS = 300;
  private static final int SINGLES = 20_000;

  private SnmpCost() {}

  private static final class Counted implements Exchange<Question, Value> {
    private final List<Item<Question>> items;
    private final CountDownLatch latch;

    Counted(List<Item<Question>> items, CountDownLatch latch) {
      this.items = items;
      this.latch = latch;
    }

    @Override
    public List<Item<Question>> items() {
      return items;
    }

    @Override
    public long timeoutNanos() {
      return Duration.ofSeconds(2).toNanos();
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public boolean answer(Answer<Value> answer) {
      if (answer instanceof Answer.Items<Value>) {
        latch.countDown();
      }
      return true;
    }
  }

  /** Answers every request with the same bindings, without decoding it: all but free. */
  private static void responder(DatagramChannel channel, byte[] template) {
    Thread thread =
        new Thread(
            () -> {
              ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
              byte[] request = new byte[1 << 16];
              try {
                while (true) {
                  in.clear();
                  SocketAddress from = channel.receive(in);
                  int length = in.flip().remaining();
                  in.get(request, 0, length);
                  int id = MessageHeader.of(asResponse(request)).id();
                  channel.send(ByteBuffer.wrap(withId(template, id)), from);
                }
              } catch (AsynchronousCloseException e) {
                // the end
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            },
            "responder");
    thread.setDaemon(true);
    thread.start();
  }

  /** The tag of the PDU stands behind version and community, both of known length here. */
  private static byte[] asResponse(byte[] request) {
    int at = request[1] == (byte) 0x81 ? 3 : request[1] == (byte) 0x82 ? 4 : 2;
    request[at + 3 + 2 + "public".length()] = (byte) 0xA2;
    return request;
  }

  /** The request id is the first integer of four octets. */
  private static byte[] withId(byte[] template, int id) {
    byte[] octets = template.clone();
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] == 0x02 && octets[i + 1] == 0x04) {
        ByteBuffer.wrap(octets).putInt(i + 2, id);
        return octets;
      }
    }
    throw new IllegalStateException("no request id");
  }

  private static byte[] template(int objects) throws IOException {
    List<VariableBinding> bindings = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      bindings.add(
          new VariableBinding(SmiValues.oid(object(i)), new Counter64(123_456_789_012L + i)));
    }
    return codec().encode(new MessageCodec.Request(PDU.RESPONSE, bindings, 0), 0x7ABBCCDD).octets();
  }

  private static MessageCodec codec() {
    return new MessageCodecs(new SnmpCounters()).community(false, new Secret("public"));
  }

  private static Oid object(int i) {
    return Oid.parse("1.3.6.1.2.1.31.1.1.1.6").append(i + 1);
  }

  private static List<Exchange.Item<Question>> items(int objects) {
    return Asked.items(
        IntStream.range(0, objects).mapToObj(i -> new Question.Get(object(i))).toList());
  }

  private static long listenersCpu() {
    var threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(t -> t != null && t.getThreadName().startsWith("aeiou-snmp-"))
        .mapToLong(t -> threads.getThreadCpuTime(t.getThreadId()))
        .sum();
  }

  public static void main(String[] arguments) throws Exception {
    try (DatagramChannel agent = DatagramChannel.open();
        SnmpBackend backend =
            new SnmpBackend(
                Ticker.systemTicker(),
                InstantSource.system(),
                SnmpOptions.DEFAULT,
                Definitions.NONE)) {
      agent.setOption(StandardSocketOptions.SO_RCVBUF, 8 << 20);
      agent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) agent.getLocalAddress()).getPort();
      SnmpSettings settings =
          new SnmpSettings("127.0.0.1", port, Version.V2C, new Secret("public"), null);
      responder(agent, template(OBJECTS));
      List<Exchanger<Question, Value>> systems = new ArrayList<>();
      for (int i = 0; i < SYSTEMS; i++) {
        systems.add(backend.connect("system" + i, settings));
      }
      bursts(systems);
    }
    try (DatagramChannel agent = DatagramChannel.open();
        SnmpBackend backend =
            new SnmpBackend(
                Ticker.systemTicker(),
                InstantSource.system(),
                SnmpOptions.DEFAULT,
                Definitions.NONE)) {
      agent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress at = (InetSocketAddress) agent.getLocalAddress();
      responder(agent, template(1));
      singles(
          backend.connect(
              "core1",
              new SnmpSettings("127.0.0.1", at.getPort(), Version.V2C, new Secret("public"), null)),
          at);
    }
    Path folder = Files.createTempDirectory("snmpd");
    try (Snmpd snmpd = new Snmpd(folder);
        SnmpBackend backend =
            new SnmpBackend(
                Ticker.systemTicker(),
                InstantSource.system(),
                SnmpOptions.DEFAULT,
                Definitions.NONE)) {
      snmpd.start();
      encrypted(
          backend.connect(
              "core1", snmpd.settings(Snmpd.user(Authentication.SHA_512, Privacy.AES_256))));
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void bursts(List<Exchanger<Question, Value>> systems) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    List<Exchange.Item<Question>> items = items(OBJECTS);
    long[] wall = new long[ROUNDS];
    long[] starting = new long[ROUNDS];
    long[] listening = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      CountDownLatch latch = new CountDownLatch(systems.size());
      long listened = listenersCpu();
      long cpu = threads.getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      for (Exchanger<Question, Value> system : systems) {
        system.start(new Counted(items, latch));
      }
      starting[round] = threads.getCurrentThreadCpuTime() - cpu;
      if (!latch.await(5, TimeUnit.SECONDS)) {
        throw new AssertionError(latch.getCount() + " exchanges were not answered");
      }
      wall[round] = System.nanoTime() - begin;
      listening[round] = listenersCpu() - listened;
    }
    System.out.printf(
        "%d exchanges of %d objects at once: median %.1f ms, best %.1f ms;"
            + " CPU per exchange: start %.1f us, answer %.1f us%n",
        systems.size(),
        OBJECTS,
        median(wall) / 1e6,
        Arrays.stream(wall).min().orElseThrow() / 1e6,
        median(starting) / 1e3 / systems.size(),
        median(listening) / 1e3 / systems.size());
  }

  private static void singles(Exchanger<Question, Value> system, InetSocketAddress at)
      throws Exception {
    List<Exchange.Item<Question>> items = items(1);
    byte[] request =
        codec()
            .encode(
                new GetQuery(
                        new ResponseContext(
                            "x",
                            false,
                            1000,
                            1000,
                            SnmpOptions.DEFAULT,
                            Definitions.NONE,
                            new Notes("x", InstantSource.system()),
                            Ticker.systemTicker(),
                            InstantSource.system(),
                            new SnmpCounters()),
                        items)
                    .request(),
                0x7ABBCCDD)
            .octets();
    long[] socket = new long[SINGLES];
    long[] exchange = new long[SINGLES];
    try (DatagramChannel plain = DatagramChannel.open()) {
      plain.connect(at);
      ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
      for (int i = 0; i < SINGLES; i++) {
        long begin = System.nanoTime();
        plain.write(ByteBuffer.wrap(request));
        in.clear();
        plain.read(in);
        socket[i] = System.nanoTime() - begin;
        CountDownLatch latch = new CountDownLatch(1);
        begin = System.nanoTime();
        system.start(new Counted(items, latch));
        latch.await();
        exchange[i] = System.nanoTime() - begin;
      }
    }
    System.out.printf(
        "one get at a time: median %.0f us; the same datagrams by hand %.0f us; added %.0f us%n",
        median(exchange) / 1e3, median(socket) / 1e3, (median(exchange) - median(socket)) / 1e3);
  }

  private static void encrypted(Exchanger<Question, Value> system) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    List<Exchange.Item<Question>> items = items(OBJECTS);
    long listened = 0;
    long cpu = 0;
    for (int i = 0; i < SINGLES; i++) {
      if (i == SINGLES / 2) {
        listened = listenersCpu();
        cpu = threads.getCurrentThreadCpuTime();
      }
      CountDownLatch latch = new CountDownLatch(1);
      system.start(new Counted(items, latch));
      latch.await();
    }
    System.out.printf(
        "v3 with SHA-512 and AES-256: CPU per exchange of %d objects: ask %.1f us, answer %.1f us%n",
        OBJECTS,
        (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / (SINGLES / 2),
        (listenersCpu() - listened) / 1e3 / (SINGLES / 2));
  }

  private static double median(long[] values) {
    long[] later = Arrays.copyOfRange(values, values.length / 2, values.length);
    Arrays.sort(later);
    return later[later.length / 2];
  }
}
