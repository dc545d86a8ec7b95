package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that is stopped, as by SIGSTOP or by a machine that swaps, leaves a mount that never
 * answers. What comes after it says so and goes on.
 */
@Needs(Needs.Thing.FUSE)
final class HungMountIT {
  @TempDir Path folder;
  private Path configuration;
  private Path mountPoint;

  @BeforeEach
  void prepare() throws Exception {
    configuration =
        Files.writeString(
            folder.resolve("net.yaml"), "systems: {core1: {address: \"127.0.0.1:1\"}}\n");
    mountPoint = Files.createDirectory(folder.resolve("net"));
  }

  /** One that the kernel has to ask for everything, so that nothing is answered without it. */
  private DaemonProcess hung() throws Exception {
    DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint, "--no-kernel-cache");
    daemon.signal("STOP");
    return daemon;
  }

  private static Commands.Result aeiou(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return Commands.run(command);
  }

  @Test
  void nextDaemonTakesTheMountPointAndTheSocketOfOneThatHangs() throws Exception {
    try (DaemonProcess first = hung()) {
      try (DaemonProcess second = DaemonProcess.mount(configuration, mountPoint)) {
        assertThat(second.log())
            .contains(
                mountPoint + ": taking the mount from a daemon that does not answer any more",
                "taken from process " + first.pid() + ", which does not answer",
                "programs attach at ");
        assertThat(Commands.run("ls", mountPoint.toString()).out()).contains("core1");

        first.signal("CONT");
        assertThat(first.awaitExit()).isZero();
        String socket = Commands.run("cat", mountPoint + "/.aeiou/attach").firstLine();
        assertThat(Path.of(socket)).exists();
      }
    }
  }

  @Test
  void mountThatHangsIsUnmounted() throws Exception {
    try (DaemonProcess daemon = hung()) {
      Commands.Result umount = aeiou("umount", mountPoint.toString());

      assertThat(umount.err()).isEmpty();
      assertThat(umount.out())
          .isEqualTo("unmounted " + mountPoint + "; its daemon did not answer any more\n");
      assertThat(umount.exit()).isZero();
      assertThat(DaemonProcess.isMounted(mountPoint)).isFalse();
      daemon.signal("CONT");
      assertThat(daemon.awaitExit()).isZero();
    }
  }

  @Test
  void placeInsideAMountThatHangsIsRefusedAndTheMountIsNamed() throws Exception {
    try (DaemonProcess daemon = hung()) {
      String inside = mountPoint + "/core1/net";
      for (Commands.Result refused :
          List.of(aeiou("mount", configuration.toString(), inside), aeiou("umount", inside))) {
        assertThat(refused.err())
            .contains(inside + ": the mount on " + mountPoint + " (aeiou, type fuse.aeiou)")
            .contains("does not answer; unmount that first: aeiou umount " + mountPoint)
            .doesNotContain("Exception");
        assertThat(refused.exit()).isEqualTo(4);
      }
      daemon.signal("KILL");
    }
  }

  @Test
  void mountOfADaemonThatWasKilledIsUnmounted() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      daemon.signal("KILL");
      daemon.awaitExit();

      assertThat(aeiou("umount", mountPoint.toString()).exit()).isZero();
      assertThat(DaemonProcess.isMounted(mountPoint)).isFalse();
    }
  }

  @Test
  void secondDaemonLeavesTheMountAndTheSocketOfALiveOneAlone() throws Exception {
    try (DaemonProcess first = DaemonProcess.mount(configuration, mountPoint)) {
      String socket = Commands.run("cat", mountPoint + "/.aeiou/attach").firstLine();
      Commands.Result second = aeiou("mount", configuration.toString(), mountPoint.toString());

      assertThat(second.exit()).isEqualTo(4);
      assertThat(second.err()).contains("is already mounted");
      assertThat(Path.of(socket)).exists();
      assertThat(first.log()).doesNotContain("ERROR");
    }
  }
}
