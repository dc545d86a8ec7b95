package org.aeiou.daemon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.closures.scheduler.SchedulerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeapSharesTest {
  private static final int CONFIGURED = SchedulerOptions.DEFAULT.maxPending();

  @ParameterizedTest
  @ValueSource(longs = {128, 256, 512, 1024, 2048, 16384})
  void aFifthOfTheHeapIsLeftWhateverIsFull(long mebibytes) {
    long heap = mebibytes << 20;
    HeapShares shares = new HeapShares(heap);
    long answers = heap / 8;
    long paths = shares.paths(Integer.MAX_VALUE) * 300L;
    long pending = shares.pending(CONFIGURED) * 550L;

    assertThat(shares.cacheBytes() + shares.inodeBytes() + pending + paths + answers)
        .isLessThan(heap / 5 * 4);
  }

  @Test
  void ofTwoGibibytesOneUserCanHaveAMillionRequestsPending() {
    // As many as leave an eighth of them free.
    assertThat(new HeapShares(2L << 30).pending(CONFIGURED)).isGreaterThan(1_000_000 / 8 * 9);
  }

  @Test
  void moreThanIsConfiguredIsNeverPending() {
    assertThat(new HeapShares(64L << 30).pending(CONFIGURED)).isEqualTo(CONFIGURED);
  }
}
