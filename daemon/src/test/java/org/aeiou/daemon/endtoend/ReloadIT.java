package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code aeiou reload}, for a daemon that may not hear a signal. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class ReloadIT {
  @TempDir Path folder;
  private Path configuration;
  private Path mountPoint;

  @BeforeEach
  void configure() throws Exception {
    configuration = folder.resolve("net.yaml");
    mountPoint = Files.createDirectory(folder.resolve("net"));
    configure("core1: 127.0.0.1, core2: 127.0.0.2");
  }

  private void configure(String systems, String... more) throws Exception {
    Files.writeString(
        configuration, "systems: {" + systems + "}\n" + String.join("\n", more) + "\n");
  }

  private DaemonProcess mountDeafToHangUps() throws Exception {
    Path script = folder.resolve("ignoring");
    Files.writeString(script, "#!/bin/sh\ntrap '' HUP\nexec \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return DaemonProcess.mount(
        List.of(script.toString()), List.of("-Xmx256m"), configuration, mountPoint);
  }

  private Commands.Result reload() {
    return Commands.run(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "reload",
        mountPoint.toString());
  }

  @Test
  void reloadTellsWhatChangedWhereHangingUpIsIgnored() throws Exception {
    try (DaemonProcess daemon = mountDeafToHangUps()) {
      daemon.signal("HUP");
      configure("core1: 127.0.0.1, core3: 127.0.0.3", "mount: {mode: '0400'}");

      Commands.Result reload = reload();

      assertThat(reload.err()).isEmpty();
      assertThat(reload.out())
          .isEqualTo(
              """
              2 systems: 1 as before, 0 asked in another way, 1 new, 1 gone
              what changed below 'mount' takes a new mount: unmount, and mount again
              """);
      assertThat(reload.exit()).isZero();
      assertThat(Commands.run("ls", mountPoint.toString()).out()).isEqualTo("core1\ncore3\n");
    }
  }

  @Test
  void reloadTellsTheErrorsOfTheFileAndChangesNothing() throws Exception {
    try (DaemonProcess daemon = mountDeafToHangUps()) {
      configure("core1: 127.0.0.1, core2: {adress: 127.0.0.2}");

      Commands.Result reload = reload();

      assertThat(reload.out()).isEmpty();
      assertThat(reload.err())
          .startsWith("aeiou: not reloaded: " + configuration + ":1: ")
          .contains("adress");
      assertThat(reload.exit()).isEqualTo(3);
      assertThat(daemon.log()).contains("adress");
      assertThat(Commands.run("ls", mountPoint.toString()).out()).isEqualTo("core1\ncore2\n");
    }
  }

  @Test
  void anotherUserMayNotReload() throws Exception {
    configure("core1: 127.0.0.1", "mount: {allow-other: true}", "attach: {mode: '0666'}");
    assertThat(Commands.run("chmod", "755", folder.toString()).exit()).isZero();
    try (DaemonProcess daemon = mountDeafToHangUps()) {
      configure("core7: 127.0.0.1");

      // Not the command itself: the user may not read the classes of the tests.
      Commands.Result order =
          Commands.run(
              "python3",
              "-c",
              """
              import os, socket, sys
              daemon = socket.socket(socket.AF_UNIX)
              path = open(sys.argv[1] + "/.aeiou/attach").read().strip()
              os.setgroups([]); os.setgid(65534); os.setuid(65534)
              daemon.connect(path)
              daemon.sendall(b"aeiouREL" + bytes(56))
              print(daemon.recv(100), daemon.recv(100))
              """,
              mountPoint.toString());

      assertThat(order.out()).isEqualTo("b'forbidden\\n' b''\n");
      assertThat(Commands.run("ls", mountPoint.toString()).out()).isEqualTo("core1\n");
      assertThat(daemon.log()).contains("user 65534 may not reload");
    }
  }

  @Test
  void withoutASocketReloadNamesTheProcessToSignal() throws Exception {
    configure("core1: 127.0.0.1", "attach: {enabled: false}");
    try (DaemonProcess daemon = mountDeafToHangUps()) {
      Commands.Result reload = reload();

      assertThat(reload.err()).endsWith("send it SIGHUP instead: kill -HUP " + daemon.pid() + "\n");
      assertThat(reload.exit()).isEqualTo(4);
    }
  }

  @Test
  void whereNothingIsMountedReloadSaysSo() {
    Commands.Result reload = reload();

    assertThat(reload.err()).startsWith("aeiou: " + mountPoint + ": no network is mounted there");
    assertThat(reload.exit()).isEqualTo(4);
  }
}
