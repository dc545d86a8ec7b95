package org.aeiou.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final List<Runnable> ofShard = new ArrayList<>();
  private final List<Runnable> ofTimer = new ArrayList<>();
  private long now;
  private int fed;
  private final Watchdog watchdog =
      new Watchdog(
          List.of(new Pulse("shard", ofShard::add), new Pulse("timer", ofTimer::add)),
          INTERVAL.toNanos(),
          () -> fed++,
          new Ticker() {
            @Override
            public long read() {
              return now;
            }
          });

  private void look(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
    watchdog.look();
  }

  private static void run(List<Runnable> tasks) {
    tasks.forEach(Runnable::run);
    tasks.clear();
  }

  @Test
  void itIsFedForAsLongAsEachThreadGetsRoundToWhatItIsGiven() {
    for (int i = 0; i < 10; i++) {
      look(5);
      run(ofShard);
      run(ofTimer);
    }
    assertThat(fed).isEqualTo(10);
  }

  @Test
  void oneThreadThatStandsStillIsEnoughHoweverWellTheOthersMove() {
    for (int i = 0; i < 10; i++) {
      look(5);
      run(ofTimer);
    }
    // It owes a sign from the first look on, and may for 10 s.
    assertThat(fed).isEqualTo(3);
    assertThat(ofShard).as("it is not asked again and again").hasSize(1);
    run(ofShard);
    look(5);
    assertThat(fed).as("and when it moves again").isEqualTo(4);
  }

  @Test
  void itEndsWellBeforeTheManagersTimeHasPassed() throws Exception {
    // With real threads: a sign of life takes a moment, and the manager wants it in 30 s.
    LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    CountDownLatch twice = new CountDownLatch(2);
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  tasks.take().run();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    Watchdog real =
        new Watchdog(
            List.of(new Pulse("thread", tasks::add)),
            TimeUnit.MILLISECONDS.toNanos(60),
            twice::countDown,
            Ticker.systemTicker());
    try {
      real.start();
      assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      real.close();
      thread.interrupt();
      thread.join();
    }
  }
}
