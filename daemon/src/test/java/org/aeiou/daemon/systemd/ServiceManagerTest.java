package org.aeiou.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
  private static final int SOON = 2000;

  @TempDir private Path folder;

  private static ServiceManager of(String name, String... more) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("NOTIFY_SOCKET", name);
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return ServiceManager.of(environment, 42, Ticker.systemTicker());
  }

  @Test
  void whatHappensIsToldAsTheProtocolHasIt() {
    String name = folder.resolve("notify").toString();
    try (ManagerSocket systemd = new ManagerSocket(name);
        ServiceManager manager = of(name)) {
      manager.ready("/net: 2 systems");
      assertThat(systemd.text(SOON)).isEqualTo("READY=1\nSTATUS=/net: 2 systems");
      long before = System.nanoTime() / 1000;
      manager.reloading();
      String[] reloading = systemd.text(SOON).split("\n", -1);
      assertThat(reloading[0]).isEqualTo("RELOADING=1");
      assertThat(Long.parseLong(reloading[1].replace("MONOTONIC_USEC=", "")))
          .isBetween(before, System.nanoTime() / 1000);
      manager.status("a\nREADY=1");
      assertThat(systemd.text(SOON)).as("one line").isEqualTo("STATUS=a READY=1");
      manager.status("a\nREADY=1");
      manager.alive();
      assertThat(systemd.text(SOON)).as("nothing new is not told").isEqualTo("WATCHDOG=1");
      manager.stopping("SIGTERM");
      assertThat(systemd.text(SOON)).isEqualTo("STOPPING=1\nSTATUS=SIGTERM");
      assertThat(manager.metrics().values())
          .containsEntry("sent", 5L)
          .containsEntry("failures", 0L);
    }
  }

  @Test
  void anAbstractSocketIsFoundByItsNameWithoutANul() {
    String name = "@aeiou-test-" + ProcessHandle.current().pid();
    try (ManagerSocket systemd = new ManagerSocket(name);
        ServiceManager manager = of(name)) {
      manager.alive();
      assertThat(systemd.text(SOON)).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void aManagerThatWasStartedAnewIsFoundAgainAndOneThatIsGoneDoesNoHarm() throws Exception {
    Path path = folder.resolve("notify");
    try (ServiceManager manager = of(path.toString())) {
      try (ManagerSocket first = new ManagerSocket(path.toString())) {
        manager.alive();
        assertThat(first.text(SOON)).isEqualTo("WATCHDOG=1");
      }
      manager.ready("nothing hears it");
      Files.delete(path);
      manager.alive();
      assertThat(manager.metrics().values()).containsEntry("failures", 2L);
      try (ManagerSocket second = new ManagerSocket(path.toString())) {
        manager.alive();
        assertThat(second.text(SOON)).isEqualTo("WATCHDOG=1");
      }
    }
  }

  @Test
  void aManagerThatTakesNothingIsNotWaitedForWithSignsOfLife() {
    String name = folder.resolve("notify").toString();
    try (ManagerSocket systemd = new ManagerSocket(name);
        ServiceManager manager = of(name)) {
      // As many as a socket queues (net.unix.max_dgram_qlen), and more.
      for (int i = 0; i < 2000; i++) {
        manager.alive();
      }
      assertThat(manager.metrics().values().get("failures")).isPositive();
      assertThat(systemd.text(SOON)).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void theWatchdogIsOnlyWhatIsMeantForThisProcess() {
    assertThat(of("@x", "WATCHDOG_USEC", "30000000").watchdog()).isEqualTo(Duration.ofSeconds(30));
    assertThat(of("@x", "WATCHDOG_USEC", "1", "WATCHDOG_PID", "42").watchdog()).isNotNull();
    assertThat(of("@x", "WATCHDOG_USEC", "1", "WATCHDOG_PID", "43").watchdog()).isNull();
    assertThat(of("@x", "WATCHDOG_USEC", "0").watchdog()).isNull();
    assertThat(of("@x", "WATCHDOG_USEC", "soon").watchdog()).isNull();
    assertThat(of("@x").watchdog()).isNull();
  }

  @Test
  void withoutAManagerNothingIsTold() {
    for (ServiceManager none :
        new ServiceManager[] {
          ServiceManager.of(Map.of(), 42, Ticker.systemTicker()),
          of(""),
          of("vsock:2:1234"),
          of("/" + "x".repeat(200))
        }) {
      assertThat(none.isThere()).isFalse();
      none.ready("");
      none.alive();
      none.close();
    }
  }
}
