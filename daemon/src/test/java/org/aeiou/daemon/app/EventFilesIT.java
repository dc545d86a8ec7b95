package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.contract.Mounts;
import org.aeiou.daemon.contract.Shell;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events through a real mount, as people follow a log. */
@ExtendWith(Mounts.class)
@Timeout(60)
final class EventFilesIT {
  private final EventLog log = new EventLog(InstantSource.system());
  private Daemon daemon;
  private Path net;
  private int last;

  @BeforeEach
  void mount(Mounts mounts) throws Exception {
    Path file = mounts.folder().resolve("net.yaml");
    Files.writeString(file, "systems:\n  core1: {address: 127.44.0.1:11600}\n");
    daemon =
        new Daemon(
            file,
            ConfigurationReader.read(file, Map.of(), Backends.ALL),
            Backends.ALL,
            Catalogue.load(List.of()),
            log);
    net = mounts.mount(daemon.service());
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      log.add(Events.write("core1", "" + last++, true, null, 0, 0, List.of()));
    }
  }

  private static Process start(Mounts mounts, String... command) throws Exception {
    return mounts.keep(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static String message(int number) {
    return "\"message\":\"core1: " + number + "\"";
  }

  @Test
  void tailFollowsForAsLongAsItRunsAndNeitherMissesNorRepeatsALine(Mounts mounts) throws Exception {
    add(3);
    Process tail = start(mounts, "tail", "-f", "-s", "0.05", "-n", "2", net + "/core1/.events");
    List<String> seen = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(tail.getInputStream(), UTF_8))) {
      seen.add(lines.readLine());
      seen.add(lines.readLine());
      // More than is kept of a system, eight times over, but not faster than it is read.
      for (int round = 0; round < 20; round++) {
        add(100);
        for (int i = 0; i < 100; i++) {
          seen.add(lines.readLine());
        }
      }
    }
    assertThat(seen).hasSize(2002);
    for (int i = 0; i < seen.size(); i++) {
      assertThat(seen.get(i)).contains(message(i + 1));
    }
    // A program that opens it now begins with what is kept, and its size is right.
    String kept = Shell.run("cat", net + "/core1/.events").out();
    assertThat(kept).startsWith("{").contains(message(2002)).doesNotContain(message(1002));
    assertThat(Shell.run("stat", "-c", "%s", net + "/core1/.events").out())
        .isEqualTo(kept.length() + "\n");
    assertThat(Shell.run("tail", "-n", "1", net + "/.aeiou/events").out()).contains(message(2002));
    assertThat(Shell.run("wc", "-l", net + "/core1/.events").out())
        .startsWith(kept.lines().count() + " ");
    assertThat(Shell.run("ls", "-a", net + "/core1").out()).doesNotContain(".events");
  }

  @Test
  void pollWakesAProgramAtTheNextEventAndNotBefore(Mounts mounts) throws Exception {
    add(2);
    Process python =
        start(
            mounts,
            "/usr/bin/python3",
            "-c",
            """
            import os, select, sys
            files = [os.open(path, os.O_RDONLY) for path in sys.argv[1:]]
            poll = select.poll()
            for file in files:
                os.read(file, 1 << 20)
                poll.register(file, select.POLLPRI)
            while True:
                print("waits", poll.poll(0), flush=True)
                left = set(files)
                while left:
                    for file, _ in poll.poll(20_000) or sys.exit("no event in 20 s"):
                        left.remove(file)  # each wakes once
                        part = os.read(file, 1 << 20).decode().splitlines()
                        print(*[line.rpartition("core1: ")[2].split('"')[0] for line in part], flush=True)
            """,
            net + "/core1/.events",
            net + "/.aeiou/events");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(python.getInputStream(), UTF_8))) {
      for (int round = 0; round < 20; round++) {
        assertThat(lines.readLine()).isEqualTo("waits []");
        TimeUnit.MILLISECONDS.sleep(round % 5);
        add(1);
        assertThat(lines.readLine()).isEqualTo("" + (last - 1));
        assertThat(lines.readLine()).isEqualTo("" + (last - 1));
      }
    }
  }
}
