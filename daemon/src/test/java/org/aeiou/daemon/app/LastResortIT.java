package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon that cannot go on ends, and takes the mount with it. */
@Needs(Needs.Thing.FUSE)
final class LastResortIT {
  @TempDir Path folder;
  private Path mountPoint;
  private Path log;
  private Process daemon;

  @BeforeEach
  void start() throws Exception {
    mountPoint = Files.createDirectory(folder.resolve("net"));
    log = folder.resolve("log");
    daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                DyingDaemon.class.getName(),
                mountPoint.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    eventually("it says so", () -> log().contains("mounted\n"));
  }

  @AfterEach
  void stop() throws Exception {
    daemon.destroyForcibly().waitFor();
    if (isMounted()) {
      new ProcessBuilder("umount", "-l", mountPoint.toString()).start().waitFor();
    }
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isMounted() throws IOException {
    return Files.readString(Path.of("/proc/self/mounts")).contains(" " + mountPoint + " ");
  }

  private Process look(String name) throws IOException {
    return new ProcessBuilder("stat", mountPoint.resolve(name).toString())
        .redirectErrorStream(true)
        .start();
  }

  private static String said(Process process) throws Exception {
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory-in-reader", "memory-in-timer", "thread"})
  void whatAThreadCannotSurviveEndsTheDaemonAndTheMount(String harm) throws Exception {
    Process reader = look(harm);

    assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.exitValue()).isEqualTo(DyingDaemon.EXIT_CODE);
    assertThat(isMounted()).isFalse();
    assertThat(said(reader)).isNotEmpty();
    assertThat(log())
        .contains("has died: the daemon ends, and the mount with it", "as the test says");
  }

  @Test
  void whatOneTaskThrowsHurtsNoOther() throws Exception {
    said(look("error-in-timer"));
    eventually("it says so", () -> log().contains("as the test says"));

    assertThat(said(look("nothing"))).contains("No such file");
    assertThat(daemon.isAlive()).isTrue();
  }

  @Test
  void terminatingEndsTheDaemonAndTheMountAlsoIfALockIsNeverGivenBack() throws Exception {
    said(look("lock"));

    long start = System.nanoTime();
    new ProcessBuilder("kill", "-TERM", Long.toString(daemon.pid())).start().waitFor();

    assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(6_000);
    assertThat(daemon.exitValue()).isZero();
    assertThat(isMounted()).isFalse();
  }
}
