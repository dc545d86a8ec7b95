package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.junit.jupiter.api.Test;

class HostResolverTest {
  private static final InetAddress FIRST = InetAddresses.forString("10.0.0.1");
  private static final InetAddress SECOND = InetAddresses.forString("2001:db8::1");

  private final Queue<Runnable> work = new ArrayDeque<>();
  private final List<InetAddress> told = new ArrayList<>();
  private final SnmpCounters counters = new SnmpCounters();
  private long now;
  private InetAddress answer = FIRST;
  private int asked;

  private final HostResolver resolver =
      new HostResolver(
          this::resolve,
          work::add,
          new Ticker() {
            @Override
            public long read() {
              return now;
            }
          },
          Duration.ofSeconds(60),
          counters);

  private InetAddress resolve(String host) throws UnknownHostException {
    asked++;
    if (answer == null) {
      throw new UnknownHostException(host);
    }
    return answer;
  }

  private void runWork() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  @Test
  void addressesAreToldAtOnceWithoutAsking() {
    resolver.resolve("10.0.0.1", told::add);
    resolver.resolve("2001:db8::1", told::add);
    assertThat(told).containsExactly(FIRST, SECOND);
    assertThat(work).isEmpty();
  }

  @Test
  void requestThatComesWhileANameIsAskedForWaitsForTheSameAnswer() {
    resolver.resolve("core1.example.org", told::add);
    resolver.resolve("core1.example.org", told::add);
    assertThat(told).isEmpty();
    runWork();
    assertThat(told).containsExactly(FIRST, FIRST);
    assertThat(asked).isEqualTo(1);
    resolver.resolve("core1.example.org", told::add);
    assertThat(told).hasSize(3);
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void aNameThatIsDueIsToldAtOnceAndAskedForBehindTheCallersBack() {
    resolver.resolve("core1.example.org", told::add);
    runWork();
    now += Duration.ofSeconds(60).toNanos();
    answer = SECOND;
    resolver.resolve("core1.example.org", told::add);
    assertThat(told).containsExactly(FIRST, FIRST);
    runWork();
    resolver.resolve("core1.example.org", told::add);
    assertThat(told).containsExactly(FIRST, FIRST, SECOND);
  }

  @Test
  void anAddressIsKeptWhileTheNameServiceFails() {
    resolver.resolve("core1.example.org", told::add);
    runWork();
    now += Duration.ofSeconds(60).toNanos();
    answer = null;
    resolver.resolve("core1.example.org", told::add);
    runWork();
    resolver.resolve("core1.example.org", told::add);
    assertThat(told).containsExactly(FIRST, FIRST, FIRST);
    assertThat(counters.get(SnmpCounter.NAMES_UNKNOWN)).isEqualTo(1);
  }

  @Test
  void anUnknownNameIsToldAsNullAndAskedForAgainAfterAWhile() {
    answer = null;
    resolver.resolve("core1.example.org", told::add);
    runWork();
    resolver.resolve("core1.example.org", told::add);
    assertThat(told).containsExactly(null, null);
    assertThat(asked).isEqualTo(1);
    now += Duration.ofSeconds(5).toNanos();
    answer = SECOND;
    resolver.resolve("core1.example.org", told::add);
    runWork();
    assertThat(told).containsExactly(null, null, SECOND);
  }
}
