package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.systemd.Pulse;
import org.junit.jupiter.api.Test;

class CoreThreadsTest {
  private final Queue<Runnable> shard = new ArrayDeque<>();
  private long now;
  private final CoreThreads core =
      new CoreThreads(
          new Ticker() {
            @Override
            public long read() {
              return now;
            }
          });

  private void pass(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void whatDoesItsTasksIsWellHoweverSeldomItIsProbed() {
    core.watch(List.of(new Pulse("shard-0", shard::add)));
    for (int probe = 0; probe < 3; probe++) {
      assertThat(core.trouble()).isEmpty();
      shard.remove().run();
      pass(60);
    }
  }

  @Test
  void aThreadThatStandsStillIsToldByALaterProbeUntilItMoves() {
    core.watch(List.of(new Pulse("timer", Runnable::run), new Pulse("shard-0", shard::add)));
    assertThat(core.trouble()).isEmpty();
    pass(10);
    assertThat(core.trouble()).isEmpty();
    pass(2);
    assertThat(core.trouble()).isEqualTo("shard-0 has not moved for 12 s");
    shard.remove().run();
    assertThat(core.trouble()).isEmpty();
  }
}
