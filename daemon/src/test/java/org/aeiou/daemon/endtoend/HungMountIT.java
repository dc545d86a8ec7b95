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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A daemon that is stopped, as by SIGSTOP or by a machine that swaps, leaves a mount that never
 * answers. What comes after it says so and goes on.
 */
@Needs(Needs.Thing.FUSE)
final class HungMountIT {
  /** How long a mount may take to answer; what comes after a daemon that hangs waits so long. */
  private static final String PATIENCE = "-Daeiou.mount.answer.ms=1500";

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
    return aeiou(List.of(), arguments);
  }

  /** The same where something hangs for certain: it waits for that less long. */
  private static Commands.Result impatient(String... arguments) {
    return aeiou(List.of(PATIENCE), arguments);
  }

  private static Commands.Result aeiou(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return Commands.run(command);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void nextDaemonTakesTheMountPointAndTheSocketOfOneThatHangs() throws Exception {
    try (DaemonProcess first = hung()) {
      try (DaemonProcess second =
          DaemonProcess.mount(List.of(), List.of(PATIENCE), configuration, mountPoint)) {
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
  @Execution(ExecutionMode.CONCURRENT)
  void mountThatHangsIsUnmounted() throws Exception {
    try (DaemonProcess daemon = hung()) {
      Commands.Result status = aeiou("status", "--deadline", "1", mountPoint.toString());
      assertThat(status.out())
          .startsWith(
              mountPoint + ": hangs; its daemon does not answer within 1 s; 'aeiou umount ");
      assertThat(status.exit()).isEqualTo(6);

      Commands.Result umount = impatient("umount", mountPoint.toString());

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
  @Execution(ExecutionMode.CONCURRENT)
  void placeInsideAMountThatHangsIsRefusedAndTheMountIsNamed() throws Exception {
    try (DaemonProcess daemon = hung()) {
      String inside = mountPoint + "/core1/net";
      for (Commands.Result refused :
          List.of(
              impatient("mount", configuration.toString(), inside), impatient("umount", inside))) {
        assertThat(refused.err())
            .contains(
                inside
                    + ": the mount on "
                    + mountPoint
                    + " ("
                    + configuration.toRealPath()
                    + ", type fuse.aeiou)")
            .contains("does not answer; unmount that first: aeiou umount " + mountPoint)
            .doesNotContain("Exception");
        assertThat(refused.exit()).isEqualTo(4);
      }
      daemon.signal("KILL");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void mountOfADaemonThatWasKilledIsUnmounted() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
      daemon.signal("KILL");
      daemon.awaitExit();

      Commands.Result status = aeiou("status", mountPoint.toString());
      assertThat(status.out()).startsWith(mountPoint + ": dead; its daemon is gone");
      assertThat(status.exit()).isEqualTo(5);
      assertThat(aeiou("umount", mountPoint.toString()).exit()).isZero();
      assertThat(DaemonProcess.isMounted(mountPoint)).isFalse();
      assertThat(aeiou("status", mountPoint.toString()).exit()).isEqualTo(4);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void secondDaemonLeavesTheMountAndTheSocketOfALiveOneAlone() throws Exception {
    try (DaemonProcess first = DaemonProcess.mount(configuration, mountPoint)) {
      String socket = Commands.run("cat", mountPoint + "/.aeiou/attach").firstLine();
      Commands.Result second = aeiou("mount", configuration.toString(), mountPoint.toString());

      assertThat(second.exit()).isEqualTo(4);
      assertThat(second.err()).contains("is already mounted");
      assertThat(Path.of(socket)).exists();
      assertThat(first.log()).doesNotContain("ERROR");

      Commands.Result status = aeiou("status", "--json", mountPoint.toString());
      assertThat(status.out())
          .startsWith("[{\"mount\":\"" + mountPoint + "\"")
          .contains("\"state\":\"fine\"", "\"pid\":" + first.pid(), "\"systems\":1,", socket);
      assertThat(status.exit()).isZero();
    }
  }
}
