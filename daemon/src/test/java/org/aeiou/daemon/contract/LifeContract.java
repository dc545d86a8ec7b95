package org.aeiou.daemon.contract;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From mounting to unmounting. */
interface LifeContract extends Mounted {

  @Test
  default void showsInTheTableOfMountsWhatItIs() throws Exception {
    mounts().mount();

    assertThat(mounts().shown())
        .startsWith(ContractMounts.SOURCE + " " + mounts().directory() + " fuse.aeiou ")
        .contains("ro,", "nosuid", "nodev", "noexec", "default_permissions");
  }

  @Test
  default void answersAsSoonAsItIsMounted() throws Exception {
    files().file("/core1/state", "up\n");
    mounts().mount();

    assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo("up\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"umount", "fusermount -u", "umount -l", "umount -f"})
  default void unmountingFromOutsideEndsIt(String command) throws Exception {
    Channel channel = mounts().mount();
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.add(path(""));

    programs().run(words.toArray(String[]::new)).good();

    channel.awaitUnmounted();
    assertThat(mounts().shown()).isEmpty();
    channel.close();
  }

  @Test
  default void closingUnmountsAndEndsEveryThread() throws Exception {
    Channel channel = mounts().mount();

    channel.close();

    assertThat(mounts().shown()).isEmpty();
    channel.awaitUnmounted();
    assertThat(mounts().threads()).isEmpty();
    channel.close();
  }

  @Test
  default void closingGivesEveryReaderThatWaitsAnError() throws Exception {
    List<Running> cats = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      files().coldFile("/core1/state" + i);
    }
    files().slowDirectory("/core2");
    Channel channel = mounts().mount();
    for (int i = 0; i < 10; i++) {
      cats.add(programs().start("cat", path("/core1/state" + i)));
    }
    cats.add(programs().start("ls", path("/core2")));
    for (int i = 0; i < 10; i++) {
      files().awaitPending("/core1/state" + i, 1);
    }
    files().awaitPending("/core2", 1);

    channel.close();

    for (Running cat : cats) {
      assertThat(cat.await().status()).as(cat.await().errors()).isPositive().isLessThan(128);
    }
    assertThat(mounts().shown()).isEmpty();
    for (int i = 0; i < 10; i++) {
      String path = "/core1/state" + i;
      eventually("the request is withdrawn", () -> files().cancelled(path) == 1);
    }
  }

  @Test
  default void closingDoesNotWaitForAProgramThatHoldsAFileOpen() throws Exception {
    files().file("/core1/state", "up\n");
    Channel channel = mounts().mount();
    Running reader =
        programs()
            .python(
                """
                import os, sys
                file, directory = os.open(sys.argv[1], os.O_RDONLY), os.chdir(sys.argv[2])
                print(os.read(file, 2).decode(), flush=True)
                sys.stdin.readline()
                try:
                    os.stat('state')
                    print('found')
                except OSError as error:
                    print('gone')
                """,
                path("/core1/state"),
                path("/core1"));
    eventually("the file is open", () -> reader.said().equals("up\n"));

    channel.close();

    assertThat(mounts().shown()).isEmpty();
    reader.say("go on");
    assertThat(reader.await().good()).isEqualTo("up\ngone\n");
  }

  @Test
  default void theSamePlaceCanBeMountedAgain() throws Exception {
    files().file("/core1/state", "up\n");
    for (int i = 0; i < 3; i++) {
      Channel channel = mounts().mount();
      assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo("up\n");
      channel.close();
    }
  }

  @Test
  default void closingWhatWasNeverMountedDoesNothing() throws Exception {
    Channel channel = mounts().channel();

    channel.close();

    channel.awaitUnmounted();
    assertThat(channel.metrics().values()).isNotNull();
  }

  @Test
  default void theMountOfADaemonThatWasKilledIsReplaced() throws Exception {
    files().file("/core1/state", "up\n");
    Running daemon =
        programs()
            .start(
                "env",
                "LC_ALL=C",
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                MountAndWait.class.getName(),
                channelClass().getName(),
                path(""));
    eventually("the first daemon has mounted", () -> daemon.said().contains("mounted"));
    assertThat(programs().run("ls", path("")).good()).isEqualTo("of-the-first-daemon\n");
    // Its locale knows nothing but ASCII; names are octets all the same.
    assertThat(programs().run("cat", path("/of-the-first-daemon/Gi1∕0∕24")).good()).isEqualTo("up");
    daemon.signal("KILL");
    daemon.await();
    assertThat(programs().run("ls", path("")).status()).isPositive();

    mounts().mount();

    assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo("up\n");
  }

  /** The class under test, with a constructor that takes a file system and options. */
  Class<? extends Channel> channelClass();

  @Test
  default void whereItCannotBeMountedItSaysWhyAndWhatToDo(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("something"), "x");
    mounts().mount();

    assertRefused(folder.resolve("none"), "does not exist");
    assertRefused(file, "not a directory");
    assertRefused(full, "not empty");
    assertRefused(mounts().directory(), "mounted");
    assertThat(programs().run("ls", path("")).good()).isEmpty();
  }

  private void assertRefused(Path mountPoint, String why) {
    Channel channel = mounts().channel(mountPoint);
    assertThatThrownBy(channel::mount)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(mountPoint.toString())
        .hasMessageContaining(why);
    channel.close();
  }

  @Test
  default void countsWhatItDoes() throws Exception {
    files().file("/core1/state", "up\n");
    Channel channel = mounts().mount();
    programs().run("cat", path("/core1/state")).good();

    assertThat(channel.metrics().values()).isNotEmpty();
    assertThat(channel.metrics().values().get("requests.read")).isPositive();
    assertThat(channel.metrics().values().get("hits")).isPositive();
  }
}
