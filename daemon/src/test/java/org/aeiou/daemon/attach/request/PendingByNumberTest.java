package org.aeiou.daemon.attach.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.aeiou.closures.shared.Geometry;
import org.junit.jupiter.api.Test;

final class PendingByNumberTest {
  private static final int COUNT = 1 << 15;

  /** A client chooses its numbers: whatever they have in common, they must not meet. */
  @Test
  void numbersThatHaveMuchInCommonAreSpread() {
    assertThat(crowd(i -> i)).isLessThan(32);
    assertThat(crowd(i -> i << 16)).isLessThan(32);
    assertThat(crowd(i -> i << 32)).isLessThan(32);
    assertThat(crowd(i -> i << 48)).isLessThan(32);
    assertThat(crowd(i -> -i)).isLessThan(32);
  }

  /** How many share a bucket at the most. */
  private static int crowd(LongUnaryOperator number) {
    PendingByNumber numbers = new PendingByNumber(2, 2 * COUNT);
    Client client = Clients.of(new Geometry(1, 128, 128, 0));
    LongStream.rangeClosed(1, COUNT)
        .mapToObj(i -> Clients.request(client, 0, number.applyAsLong(i), 0))
        .forEach(numbers::add);
    return numbers.longest();
  }

  @Test
  void whatWasAddedIsFoundUntilItIsRemoved() {
    PendingByNumber numbers = new PendingByNumber(2, 2);
    Client client = Clients.of(new Geometry(1, 128, 128, 0));
    ClientRequest[] requests = new ClientRequest[20];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = Clients.request(client, 0, i + 1, 0);
      numbers.add(requests[i]);
    }
    for (int i = 0; i < requests.length; i += 2) {
      numbers.remove(requests[i]);
      numbers.remove(requests[i]);
    }

    assertThat(numbers.size()).isEqualTo(10);
    assertThat(numbers.get(1)).isNull();
    assertThat(numbers.get(2)).isSameAs(requests[1]);
    assertThat(numbers.all()).hasSize(10).contains(requests[19]).doesNotContain(requests[0]);
  }
}
