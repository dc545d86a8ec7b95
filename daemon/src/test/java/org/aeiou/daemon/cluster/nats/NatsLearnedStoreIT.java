package org.aeiou.daemon.cluster.nats;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.cluster.broker.Broker.State;
import org.aeiou.daemon.testing.NatsServer;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is kept of what was learned, by a real server. */
@Needs(Needs.Thing.NATS_SERVER)
class NatsLearnedStoreIT {
  @AutoClose private final NatsServer server = NatsServer.start();
  private final NatsSettings settings = NatsBrokerIT.settings(server.url());
  private final MetricSet metrics = new MetricSet();

  @AutoClose
  private final NatsBroker broker =
      NatsBroker.connect(settings, Ticker.systemTicker(), new MetricSet());

  private final NatsLearnedStore learned = new NatsLearnedStore(broker, settings, metrics);

  NatsLearnedStoreIT() throws Exception {}

  private byte[] get(String key) throws Exception {
    CompletableFuture<byte[]> value = new CompletableFuture<>();
    learned.get(key, value::complete);
    return value.get(5, TimeUnit.SECONDS);
  }

  @Test
  void whatWasPutLastIsThereForTheNextOwnerAlsoAfterTheServerWasKilled() throws Exception {
    eventually("it is connected", () -> broker.state() == State.CONNECTED);
    assertThat(get("17")).isNull();
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 7);
    learned.put("17", new byte[] {1});
    eventually("it is kept", () -> metrics.values().get("learned.stored") == 1);
    learned.put("17", large);
    learned.put("18", new byte[0]);
    eventually("all is kept", () -> metrics.values().get("learned.stored") == 3);
    server.kill();
    eventually("it is gone", () -> broker.state() == State.GONE);
    assertThat(get("17")).isNull();
    learned.put("17", new byte[] {2});
    server.restart();
    eventually("it is connected", () -> broker.state() == State.CONNECTED);
    assertThat(get("17")).isEqualTo(large);
    assertThat(get("19")).isNull();
    assertThat(metrics.values()).containsEntry("learned.failures", 2L);
  }
}
