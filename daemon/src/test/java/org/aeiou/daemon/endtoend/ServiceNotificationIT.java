package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.aeiou.daemon.cli.WithFiles;
import org.aeiou.daemon.systemd.ManagerSocket;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon tells the service manager that started it, in which order. */
@Needs(Thing.FUSE)
final class ServiceNotificationIT {
  private static final int LATE = 20_000;

  @TempDir private Path folder;
  private Path file;
  private ManagerSocket systemd;
  private DaemonProcess daemon;

  @BeforeEach
  void mount() throws Exception {
    Path values = Files.writeString(folder.resolve("values"), "1.3.6.1.2.1.1.5.0 = text plant\n");
    file =
        Files.writeString(
            folder.resolve("net.yaml"),
            "systems:\n  plant: {address: %s, file: {}}\n  stuck: {address: %s/stuck, file: {}}\n"
                .formatted(values, folder));
    String socket = folder.resolve("notify").toString();
    systemd = new ManagerSocket(socket);
    daemon =
        DaemonProcess.mount(
            WithFiles.class,
            List.of("env", "NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=600000"),
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
            file,
            Files.createDirectory(folder.resolve("net")));
  }

  @AfterEach
  void stop() throws Exception {
    daemon.close();
    systemd.close();
  }

  @Test
  void itIsReadyOnceTheMountAnswersThenAliveThenBusyWithAReloadThenStops() throws Exception {
    assertThat(systemd.text(LATE))
        .startsWith("READY=1\nSTATUS=" + folder.resolve("net") + ": 2 systems, 0 up, 0 down;");
    systemd.until("WATCHDOG=1", LATE);
    systemd.until("WATCHDOG=1", LATE);
    daemon.signal("HUP");
    assertThat(systemd.until("RELOADING=1", LATE)).last().asString().contains("\nMONOTONIC_USEC=");
    assertThat(systemd.until("READY=1", LATE)).last().asString().contains("2 systems");
    Files.writeString(file, "systems: {plant: 7}\n");
    daemon.signal("HUP");
    systemd.until("RELOADING=1", LATE);
    systemd.until("READY=1", LATE);
    daemon.signal("TERM");
    assertThat(systemd.until("STOPPING=1", LATE))
        .last()
        .isEqualTo("STOPPING=1\nSTATUS=unmounts: SIGTERM");
    assertThat(daemon.awaitExit()).isZero();
    for (String more = systemd.text(0); more != null; more = systemd.text(0)) {
      assertThat(more).as("it does not say that it is well after that").doesNotContain("READY=1");
    }
  }

  @Test
  void aShardThatIsStuckIsAReasonToSayNothingMoreAndTheLogSaysWhere() throws Exception {
    systemd.until("WATCHDOG=1", LATE);
    assertThat(Commands.run("cat", daemon.path("plant/system/sysName").toString()).out())
        .isEqualTo("plant\n");
    Process reader =
        new ProcessBuilder("cat", daemon.path("stuck/system/sysName").toString()).start();
    try {
      long quiet = System.nanoTime() + 5_000_000_000L;
      // What was sent before, and then nothing: for several times as long as the manager waits.
      String last = systemd.text(1500);
      while (last != null && System.nanoTime() < quiet) {
        last = systemd.text(1500);
      }
      assertThat(last).as("said although a thread is stuck").isNull();
      // On a busy machine it may have said before that the shard does not move, while it loaded
      // classes.
      Pattern stuck = Pattern.compile("aeiou-shard-?\\d has not moved for \\d+ ms: .*FileBackend");
      eventually("the log says where it is stuck", () -> stuck.matcher(daemon.log()).find());
      assertThat(Commands.run("cat", daemon.path(".aeiou/version").toString()).exit())
          .as("the other threads go on")
          .isZero();
    } finally {
      daemon.signal("KILL");
      reader.destroyForcibly();
    }
  }
}
