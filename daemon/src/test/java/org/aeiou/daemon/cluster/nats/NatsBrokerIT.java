package org.aeiou.daemon.cluster.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.broker.Broker.State;
import org.aeiou.daemon.testing.NatsServer;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages over a real server. */
@Needs(Needs.Thing.NATS_SERVER)
class NatsBrokerIT {
  @AutoClose private final NatsServer server = NatsServer.start();
  private final List<NatsBroker> brokers = new ArrayList<>();
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();
  private MetricSet metrics;
  private NatsBroker one;
  private NatsBroker other;

  NatsBrokerIT() throws Exception {}

  @BeforeEach
  void connect() throws Exception {
    one = broker(server.url());
    metrics = new MetricSet();
    other = broker(server.url());
    eventually(
        "both are connected",
        () -> one.state() == State.CONNECTED && other.state() == State.CONNECTED);
  }

  @AfterEach
  void close() {
    brokers.forEach(NatsBroker::close);
  }

  private NatsBroker broker(String... servers) {
    metrics = new MetricSet();
    NatsBroker broker = NatsBroker.connect(settings(servers), Ticker.systemTicker(), metrics);
    brokers.add(broker);
    return broker;
  }

  static NatsSettings settings(String... servers) {
    return new NatsSettings(
        List.of(servers),
        "lab",
        "member",
        new NatsSettings.Login.None(),
        null,
        Duration.ofSeconds(2),
        1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void hear(byte[] message) {
    heard.add(new String(message, UTF_8));
  }

  /** Waits until the server knows all that was subscribed to. */
  private static void settle(NatsBroker broker) throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    String subject = "aeiou.lab.settle." + UUID.randomUUID();
    Closeable subscription = broker.subscribe(subject, message -> heard.countDown());
    broker.send(subject, new byte[0]);
    assertThat(heard.await(5, TimeUnit.SECONDS)).isTrue();
    subscription.close();
  }

  @Test
  void whatIsSentComesToAllThatSubscribeInOrder() throws Exception {
    Closeable subscription = other.subscribe("aeiou.lab.events", this::hear);
    one.subscribe("aeiou.lab.events", this::hear);
    settle(one);
    settle(other);
    for (int i = 0; i < 1000; i++) {
      assertThat(one.send("aeiou.lab.events", bytes("e" + i))).isTrue();
    }
    eventually("all are heard twice", () -> heard.size() == 2000);
    assertThat(heard.stream().distinct())
        .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(i -> "e" + i).toList());
    subscription.close();
    one.send("aeiou.lab.events", bytes("last"));
    eventually("one is left", () -> heard.contains("last"));
    assertThat(heard).hasSize(2001);
  }

  @Test
  void theSenderIsToldAtOnceThatAMemberIsNotThere() throws Exception {
    CountDownLatch unheard = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    other.subscribe("aeiou.lab.member.other", this::hear);
    settle(other);
    assertThat(one.send("aeiou.lab.member.other", bytes("m"), never::countDown)).isTrue();
    assertThat(one.send("aeiou.lab.member.nobody", bytes("m"), unheard::countDown)).isTrue();
    assertThat(unheard.await(5, TimeUnit.SECONDS)).isTrue();
    eventually("the other gets its own", () -> heard.contains("m"));
    assertThat(never.getCount()).isEqualTo(1);
  }

  @Test
  void aKilledServerIsGoneAndSubscriptionsAreThereWhenItIsBack() throws Exception {
    Queue<State> states = new ConcurrentLinkedQueue<>();
    one.listen(states::add);
    other.subscribe("aeiou.lab.events", this::hear);
    server.kill();
    eventually("it is gone", () -> one.state() == State.GONE && other.state() == State.GONE);
    assertThat(one.send("aeiou.lab.events", bytes("while it is gone"))).isFalse();
    server.restart();
    eventually(
        "it is back", () -> one.state() == State.CONNECTED && other.state() == State.CONNECTED);
    assertThat(states).endsWith(State.UNREACHABLE, State.CONNECTED);
    one.send("aeiou.lab.events", bytes("after"));
    eventually("it is heard", () -> heard.contains("after"));
    assertThat(heard).containsExactly("after");
  }

  @Test
  void aServerThatListensForAMomentWhileItEndsIsGoneAfterwards() throws Exception {
    server.kill();
    eventually("it is gone", () -> one.state() == State.GONE);
    InetAddress address = InetAddress.getByName(server.host());
    try (ServerSocket ending = new ServerSocket(server.port(), 50, address)) {
      eventually("it listens", () -> one.state() == State.UNREACHABLE);
      ending.accept().close();
    }
    eventually("it is gone again", () -> one.state() == State.GONE);
  }

  @Test
  void aServerThatIsSilentIsUnreachableAndNeverGone() throws Exception {
    Queue<State> states = new ConcurrentLinkedQueue<>();
    one.listen(states::add);
    server.pause();
    try {
      eventually("it is noticed", () -> one.state() == State.UNREACHABLE);
      assertThat(one.send("aeiou.lab.events", bytes("x"))).isFalse();
    } finally {
      server.kill();
      server.restart();
    }
    eventually("it is back", () -> one.state() == State.CONNECTED);
    assertThat(states).containsExactly(State.UNREACHABLE, State.CONNECTED);
  }

  @Test
  void oneOfSeveralServersThatDoesNotRefuseMakesTheBrokerUnreachableOnly() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getByName(NatsServer.HOST))) {
      NatsBroker two =
          broker(server.url(), "nats://" + NatsServer.HOST + ":" + mute.getLocalPort());
      eventually("it is connected", () -> two.state() == State.CONNECTED);
      Queue<State> states = new ConcurrentLinkedQueue<>();
      two.listen(states::add);
      server.kill();
      eventually("the other says gone", () -> one.state() == State.GONE);
      server.restart();
      eventually("it is back", () -> two.state() == State.CONNECTED);
      assertThat(states).containsExactly(State.UNREACHABLE, State.CONNECTED);
    }
  }

  @Test
  void aServerThatTakesNothingBoundsWhatIsUnderWay() throws Exception {
    byte[] large = new byte[1 << 20];
    server.pause();
    int accepted = 0;
    while (accepted < 1000 && other.send("aeiou.lab.events", large)) {
      accepted++;
    }
    assertThat(accepted).isBetween(16, 64);
    assertThat(metrics.values()).containsEntry("dropped", 1L);
    server.resume();
  }
}
