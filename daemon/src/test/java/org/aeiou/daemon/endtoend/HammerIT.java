package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many readers of one attribute. Its TTL is over all the time, and its value has another length all
 * the time: whatever they read is one reading, not too old, and none older than what another had
 * before.
 *
 * <p>Longer with {@code -Daeiou.hammer.reads=10000000}: the number of openings.
 */
@Needs(Needs.Thing.FUSE)
final class HammerIT {
  private static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final long READS = Long.getLong("aeiou.hammer.reads", 1_000_000);
  private static final int TTL_MILLIS = 100;

  /**
   * From then on a reading may be seen no more: after its TTL and the grace period as long, and
   * what the kernel's clock and a reply that waits for its turn on a busy machine add.
   */
  private static final long OLDEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * TTL_MILLIS + 50);

  /** For that much longer a program that had the file open before may see it. */
  private static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** With its number at both ends it is no longer than a text may be. */
  private static final int LONGEST = 230;

  private static final int VALUES = 1 << 20;
  private static final int NOMINAL_SIZE = 4096;

  @TempDir Path folder;
  private SimulatedAgent agent;
  private Path location;

  /** When each value, by its number, was no longer the agent's. */
  private final AtomicLongArray replaced = new AtomicLongArray(VALUES);

  /** The number of the newest value that any reader has read to its end. */
  private final AtomicLong newest = new AtomicLong();

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong looks = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  /** What a reader does once. */
  @FunctionalInterface
  private interface Turn {
    void take() throws IOException;
  }

  @Test
  void everyReaderGetsOneReadingWholeInTimeAndNoneGoesBack() throws Exception {
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(2),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "ttl: {attributes: {sysLocation: " + TTL_MILLIS + "ms}}\n")) {
      agent = simulated.network().agents().iterator().next();
      location = simulated.daemon().path(agent.name() + "/system/sysLocation");
      set(0);
      List<Thread> threads = new ArrayList<>();
      threads.add(start("changes", this::change));
      for (int i = 0; i < 4; i++) {
        threads.add(start("whole-" + i, () -> again(this::readWhole)));
      }
      threads.add(start("pieces", () -> again(this::readPieces)));
      threads.add(start("held", this::hold));
      threads.add(start("looks", () -> again(this::look)));
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.printf(
          "hammer: %d values, %d openings, %d reads of a held file, %d stats, %d wrong%n",
          newest.get(), reads.get(), held.get(), looks.get(), wrong.size());
    }
    assertThat(wrong).isEmpty();
    assertThat(newest.get()).isGreaterThan(10);
    assertThat(held.get()).isGreaterThan(100);
  }

  private Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, "hammer-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private boolean goesOn() {
    return reads.get() < READS && wrong.size() < 20;
  }

  private void again(Turn turn) {
    while (goesOn()) {
      try {
        turn.take();
      } catch (IOException | RuntimeException e) {
        wrong.add(Thread.currentThread().getName() + ": " + e);
      }
    }
  }

  private static String value(long number) {
    int length = (int) (number * 7919 % LONGEST);
    return number + ":" + "x".repeat(length) + ":" + number + "\n";
  }

  private void set(int number) {
    String value = value(number).strip();
    agent.set(LOCATION, new Value.Octets(Value.OctetsType.OCTETS, value.getBytes(US_ASCII)));
    if (number > 0) {
      replaced.set(number - 1, System.nanoTime());
    }
  }

  /** Sometimes the value stays for several TTLs, sometimes it is another one each time. */
  private void change() {
    for (int number = 1; goesOn() && number < VALUES; number++) {
      set(number);
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(5, 250)));
    }
  }

  private void readWhole() throws IOException {
    long floor = newest.get();
    long start = System.nanoTime();
    byte[] bytes = Files.readAllBytes(location);
    reads.incrementAndGet();
    check(new String(bytes, US_ASCII), start - OLDEST_NANOS, floor);
  }

  /** As a program with a small buffer that has other things to do between its reads. */
  private void readPieces() throws IOException {
    long floor = newest.get();
    long start = System.nanoTime();
    StringBuilder text = new StringBuilder();
    ByteBuffer piece = ByteBuffer.allocate(ThreadLocalRandom.current().nextInt(7, 400));
    try (FileChannel file = FileChannel.open(location)) {
      while (file.read(piece.clear()) >= 0) {
        text.append(US_ASCII.decode(piece.flip()));
        if (ThreadLocalRandom.current().nextInt(20) == 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
      }
    }
    reads.incrementAndGet();
    check(text.toString(), start - OLDEST_NANOS, floor);
  }

  /** As a dashboard that opened the file at its start. */
  private void hold() {
    ByteBuffer all = ByteBuffer.allocate(2 * NOMINAL_SIZE);
    while (goesOn()) {
      try (FileChannel file = FileChannel.open(location)) {
        long end = System.nanoTime() + 5 * MOMENT_NANOS;
        long last = 0;
        while (goesOn() && System.nanoTime() < end) {
          long start = System.nanoTime();
          file.read(all.clear(), 0);
          String text = US_ASCII.decode(all.flip()).toString();
          last = check(text, start - OLDEST_NANOS - MOMENT_NANOS, last);
          held.incrementAndGet();
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
        }
      } catch (IOException e) {
        wrong.add("held: " + e);
      }
    }
  }

  private void look() throws IOException {
    long size = Files.size(location);
    if (size != NOMINAL_SIZE && size > 2 * LONGEST) {
      wrong.add("stat: " + size + " bytes");
    }
    looks.incrementAndGet();
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
  }

  /**
   * Holds a text against the value that it claims to be.
   *
   * @param lately when this value may have been replaced at the earliest
   * @param floor the number that it has at least
   * @return the number that it has
   */
  private long check(String text, long lately, long floor) {
    int colon = text.indexOf(':');
    long number = colon > 0 && colon < 8 ? Long.parseLong(text.substring(0, colon)) : -1;
    if (number < 0 || !text.equals(value(number))) {
      wrong.add(Thread.currentThread().getName() + ": torn: " + text.replace('\0', '?'));
      return floor;
    }
    if (number < floor) {
      wrong.add(Thread.currentThread().getName() + ": " + number + " after " + floor);
    }
    long until = replaced.get((int) number);
    if (until != 0 && until - lately < 0) {
      wrong.add(
          Thread.currentThread().getName()
              + ": "
              + number
              + " is too old by "
              + TimeUnit.NANOSECONDS.toMicros(lately - until)
              + " µs");
    }
    if (!Thread.currentThread().getName().endsWith("held")) {
      newest.accumulateAndGet(number, Math::max);
    }
    return number;
  }
}
