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
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final InetAddress FIRST = InetAddresses.forString("10.0.0.1");
  private static final InetAddress SECOND = InetAddresses.forString("2001:db8::1");

  private final Queue<Runnable> work = new ArrayDeque<>();
  private final List<InetAddress> told = new ArrayList<>();
  private final Counters counters = new Counters();
  private long now;
  private InetAddress answer = FIRST;
  private int asked;

  private final Names names =
      new Names(
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
  void addressesAreToldAtOnceAndNobodyIsAsked() {
    names.tell("10.0.0.1", told::add);
    names.tell("2001:db8::1", told::add);
    assertThat(told).containsExactly(FIRST, SECOND);
    assertThat(work).isEmpty();
  }

  @Test
  void whoComesWhileANameIsAskedForWaitsForTheSameAnswer() {
    names.tell("core1.example.org", told::add);
    names.tell("core1.example.org", told::add);
    assertThat(told).isEmpty();
    runWork();
    assertThat(told).containsExactly(FIRST, FIRST);
    assertThat(asked).isEqualTo(1);
    names.tell("core1.example.org", told::add);
    assertThat(told).hasSize(3);
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void aNameThatIsDueIsToldAtOnceAndAskedForBehindTheCallersBack() {
    names.tell("core1.example.org", told::add);
    runWork();
    now += Duration.ofSeconds(60).toNanos();
    answer = SECOND;
    names.tell("core1.example.org", told::add);
    assertThat(told).containsExactly(FIRST, FIRST);
    runWork();
    names.tell("core1.example.org", told::add);
    assertThat(told).containsExactly(FIRST, FIRST, SECOND);
  }

  @Test
  void anAddressIsKeptWhileTheNameServiceFails() {
    names.tell("core1.example.org", told::add);
    runWork();
    now += Duration.ofSeconds(60).toNanos();
    answer = null;
    names.tell("core1.example.org", told::add);
    runWork();
    names.tell("core1.example.org", told::add);
    assertThat(told).containsExactly(FIRST, FIRST, FIRST);
    assertThat(counters.get(Count.NAMES_UNKNOWN)).isEqualTo(1);
  }

  @Test
  void anUnknownNameIsToldAsNullAndAskedForAgainAfterAWhile() {
    answer = null;
    names.tell("core1.example.org", told::add);
    runWork();
    names.tell("core1.example.org", told::add);
    assertThat(told).containsExactly(null, null);
    assertThat(asked).isEqualTo(1);
    now += Duration.ofSeconds(5).toNanos();
    answer = SECOND;
    names.tell("core1.example.org", told::add);
    runWork();
    assertThat(told).containsExactly(null, null, SECOND);
  }
}
