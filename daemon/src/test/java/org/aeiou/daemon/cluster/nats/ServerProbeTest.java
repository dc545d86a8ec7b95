package org.aeiou.daemon.cluster.nats;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerProbeTest {
  @Test
  void aNameThatLeadsToNoAddressIsToldFromASilentServer() throws IOException {
    ServerProbe probe = new ServerProbe(Ticker.systemTicker());
    // No name: no name service is asked.
    assertThat(probe.ask(List.of(InetSocketAddress.createUnresolved("no name at all", 4222))))
        .containsExactly(ServerProbe.Answer.UNKNOWN);
  }
}
