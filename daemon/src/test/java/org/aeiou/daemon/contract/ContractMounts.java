package org.aeiou.daemon.contract;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.aeiou.daemon.fuse.mount.Channel;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.aeiou.daemon.service.FileSystem;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory to mount on, a scripted file system, and channels between the two; nothing of it is
 * left after a test, also when that fails.
 */
public final class ContractMounts implements BeforeEachCallback, AfterEachCallback {
  public static final String SOURCE = "contract";

  /** Threads that are there for good after their first use: of JUnit, and of jnr-ffi. */
  private static final Set<String> OTHERS =
      Set.of(
          "scripted-answers",
          "junit-jupiter-timeout-watcher",
          "jnr.ffi.util.ref.internal.Finalizer",
          "Cleaner-0");

  private final BiFunction<FileSystem, MountOptions, Channel> maker;
  private final List<Channel> channels = new ArrayList<>();
  private ScriptedFileSystem files;
  private Path directory;
  private boolean writable;
  private Set<Thread> threadsBefore;

  /**
   * @param maker makes the kind of channel to be tested
   */
  public ContractMounts(BiFunction<FileSystem, MountOptions, Channel> maker) {
    this.maker = maker;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    threadsBefore = Thread.getAllStackTraces().keySet();
    files = new ScriptedFileSystem();
    directory = Files.createTempDirectory("aeiou-mount").toRealPath();
  }

  public ScriptedFileSystem files() {
    return files;
  }

  public Path directory() {
    return directory;
  }

  /** The path of something in the mounted file system. */
  public String path(String path) {
    return directory + path;
  }

  /** From now on what is mounted lets programs write. */
  public void allowWriting() {
    writable = true;
  }

  /** Makes a channel on the directory, not mounted yet. */
  public Channel channel() {
    return channel(directory);
  }

  public Channel channel(Path mountPoint) {
    MountOptions options = new MountOptions(mountPoint, false, writable, SOURCE, Long.MAX_VALUE);
    Channel channel = maker.apply(files, options);
    channels.add(channel);
    return channel;
  }

  public Channel mount() throws IOException {
    Channel channel = channel();
    channel.mount();
    return channel;
  }

  /** The line of the table of mounts that shows the directory; empty if it is not mounted. */
  public String shown() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(" " + directory + " "))
        .collect(Collectors.joining("\n"));
  }

  /** The threads that were started since the test began, other than the test's own. */
  public List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !threadsBefore.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.startsWith("process reaper") && !OTHERS.contains(name))
        .toList();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    files.close();
    try {
      channels.forEach(Channel::close);
      assertThat(shown()).as("what is left of the mount").isEmpty();
      eventually("no thread is left of the channel: " + threads(), () -> threads().isEmpty());
    } finally {
      channels.clear();
      while (!shown().isEmpty()) {
        unmountByForce();
      }
      Files.deleteIfExists(directory);
    }
  }

  private void unmountByForce() throws IOException, InterruptedException {
    Process umount = new ProcessBuilder("umount", "-f", "-l", directory.toString()).start();
    assertThat(umount.waitFor(10, TimeUnit.SECONDS) && umount.exitValue() == 0)
        .as("umount -f -l %s succeeds", directory)
        .isTrue();
  }
}
