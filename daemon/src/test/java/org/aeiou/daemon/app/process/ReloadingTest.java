package org.aeiou.daemon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.metrics.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many requests for a reload at once. */
@Timeout(60)
class ReloadingTest {
  @TempDir Path folder;
  private Path file;

  /** The names of the systems that each reload brought. */
  private final List<String> applied = new ArrayList<>();

  private final CountDownLatch inFirst = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final List<Event> events = new ArrayList<>();
  private boolean busy;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("net.yaml");
    systems("first");
  }

  private void systems(String name) throws Exception {
    Files.writeString(file, "systems: {" + name + ": {address: 10.0.0.1}}\n");
  }

  private List<String> apply(Configuration next) {
    assertThat(busy).as("two at once").isFalse();
    busy = true;
    applied.addAll(next.systems().keySet());
    inFirst.countDown();
    try {
      assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    busy = false;
    return List.of(String.join(" ", next.systems().keySet()));
  }

  private Configuration read() throws ConfigurationException {
    return ConfigurationReader.read(file, System.getenv(), Backends.ALL);
  }

  @Test
  void aThousandRequestsDuringAReloadAreOneMoreAndTheLastStateOfTheFileWins() throws Exception {
    Reloading reloading = new Reloading(file, this::read, this::apply, events::add);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<Reloading.Result> first = threads.submit(reloading::reload);
      inFirst.await();
      List<Future<Reloading.Result>> others = new ArrayList<>();
      systems("second");
      for (int i = 0; i < 1000; i++) {
        others.add(threads.submit(reloading::reload));
      }
      while (reloading.waiting() < 1000) {
        Thread.onSpinWait();
      }
      systems("last");
      goOn.countDown();
      assertThat(first.get().lines()).containsExactly("first");
      for (Future<Reloading.Result> other : others) {
        assertThat(other.get().lines()).containsExactly("last");
      }
      assertThat(applied).containsExactly("first", "last");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFileWithErrorsChangesNothingAndTheyAreTold() throws Exception {
    Reloading reloading = new Reloading(file, this::read, this::apply, events::add);
    Files.writeString(file, "systems: {core1: {address: 10.0.0.300}}\n");
    Reloading.Result result = reloading.reload();
    assertThat(result.good()).isFalse();
    assertThat(result.lines()).singleElement().asString().contains("10.0.0.300");
    assertThat(applied).isEmpty();
    assertThat(events).hasToString("[not reloaded: " + result.lines().get(0) + "]");
  }

  @Test
  void aReloadThatFailsHoldsUpNoOther() throws Exception {
    goOn.countDown();
    Reloading reloading =
        new Reloading(
            file,
            this::read,
            next -> {
              throw new IllegalStateException("as the test says");
            },
            events::add);
    assertThat(reloading.reload().good()).isFalse();
    assertThat(reloading.reload().lines()).containsExactly("the daemon failed; see its log");
  }
}
