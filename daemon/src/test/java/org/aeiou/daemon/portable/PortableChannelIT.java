package org.aeiou.daemon.portable;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aeiou.daemon.contract.ContractMounts;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.aeiou.daemon.testing.Programs;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only this channel has: the bound on waiting threads, and the threads of libfuse. */
@Needs({Thing.FUSE, Thing.LIBFUSE2})
@Timeout(120)
final class PortableChannelIT {
  private static final int MOST_WAITING = 3;

  @RegisterExtension final Programs programs = new Programs();

  @RegisterExtension
  final ContractMounts mounts =
      new ContractMounts(
          (files, options) ->
              // And a place that is left for another user.
              new PortableChannel(files, options, MOST_WAITING + 1, Ticker.systemTicker()));

  private List<Running> waitFor(int count) throws Exception {
    List<Running> cats = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mounts.files().coldFile("/core1/dead" + i);
      cats.add(programs.start("cat", mounts.path("/core1/dead" + i)));
      mounts.files().awaitPending("/core1/dead" + i, 1);
    }
    return cats;
  }

  @Test
  void pastTheBoundAReaderIsRefusedAtOnceAndCounted() throws Exception {
    mounts.files().file("/core1/hot", "hot");
    mounts.files().coldFile("/core1/cold");
    Channel channel = mounts.mount();
    List<Running> stuck = waitFor(MOST_WAITING);

    Programs.Result refused = programs.run("cat", mounts.path("/core1/cold"));

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.errors()).contains("Resource temporarily unavailable");
    assertThat(programs.run("cat", mounts.path("/core1/hot")).good()).isEqualTo("hot");
    assertThat(channel.metrics().values())
        .containsEntry("refused", 1L)
        .containsEntry("waiting", (long) MOST_WAITING)
        .containsEntry("most-waiting", (long) MOST_WAITING);
    assertThat(stuck).allMatch(Running::isAlive);
  }

  @Test
  void waitThatIsGivenUpMakesRoomForAnother() throws Exception {
    mounts.files().coldFile("/core1/cold");
    Channel channel = mounts.mount();
    List<Running> stuck = waitFor(MOST_WAITING);

    stuck.get(0).signal("INT");
    assertThat(stuck.get(0).await().status()).isEqualTo(130);
    eventually("a place is free", () -> channel.metrics().values().get("waiting") < MOST_WAITING);
    Running cat = programs.start("cat", mounts.path("/core1/cold"));
    mounts.files().awaitPending("/core1/cold", 1);
    mounts.files().file("/core1/cold", "up");

    assertThat(cat.await().good()).isEqualTo("up");
    assertThat(channel.metrics().values()).containsEntry("interrupted", 1L);
  }

  @Test
  void noThreadOfLibfuseIsLeft() throws Exception {
    Channel channel = mounts.mount();
    waitFor(MOST_WAITING);
    assertThat(threadsOfLibfuse()).isGreaterThan(MOST_WAITING);

    channel.close();

    // The system may still be burying what Java saw the end of.
    eventually("no thread of libfuse is left", () -> threadsOfLibfuse() == 0);
  }

  /** Threads made by libfuse have the name of the one that entered it, cut by Linux. */
  private static long threadsOfLibfuse() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.filter(task -> nameOf(task).startsWith("portable-chann")).count();
    }
  }

  private static String nameOf(Path task) {
    try {
      return Files.exists(task) ? Files.readString(task.resolve("comm")) : "";
    } catch (java.nio.file.NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void takingTheMountAwayByForceEndsItThoughReadersWait() throws Exception {
    Channel channel = mounts.mount();
    List<Running> stuck = waitFor(MOST_WAITING);

    programs.run("umount", "-f", "-l", mounts.path("")).good();

    channel.awaitUnmounted();
    for (Running cat : stuck) {
      assertThat(cat.await().status()).isEqualTo(1);
    }
  }

  @Test
  void everyFileThatIsClosedIsForgotten() throws Exception {
    mounts.files().file("/core1/state", "up");
    Channel channel = mounts.mount();

    programs.run("cat", mounts.path("/core1/state"), mounts.path("/core1/state")).good();

    // The kernel does not wait for the answer to RELEASE.
    eventually("no file is open", () -> channel.metrics().values().get("open-files") == 0);
    assertThat(channel.metrics().values()).containsEntry("requests.open", 2L);
  }

  @Test
  void theSourceMayHaveAnyCharacter() throws Exception {
    String source = "net,ro \\x=1";
    try (PortableChannel channel =
        new PortableChannel(mounts.files(), new MountOptions(mounts.directory(), true, source))) {
      channel.mount();

      assertThat(mounts.shown()).startsWith("net,ro\\040\\134x=1 ").contains("allow_other");
    }
  }
}
