package org.aeiou.daemon.contract;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.fuse.mount.Mounting;
import org.aeiou.daemon.kernel.KernelChannel;
import org.aeiou.daemon.service.FileSystem;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The mounts and processes of one test. After it, also if it failed, none is left: no mount, no
 * process, no thread of a channel, no descriptor of {@code /dev/fuse}.
 */
public final class Mounts implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final Posix POSIX = Posix.INSTANCE;

  private final List<KernelChannel> channels = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private Path folder;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder =
        Files.createTempDirectory(
                "aeiou-it",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")))
            .toRealPath();
    // The attribute is subject to the umask.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Mounts.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return this;
  }

  /** A folder that every user may enter, gone after the test. */
  public Path folder() {
    return folder;
  }

  /** A new empty directory. */
  public Path directory(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** Mounts in a directory called {@code net}. */
  public Path mount(FileSystem files) throws IOException {
    Path net = directory("net");
    channel(files, net).mount();
    return net;
  }

  /** A channel that is not mounted yet; closed after the test. */
  public KernelChannel channel(FileSystem files, Path mountPoint) {
    return keep(new KernelChannel(files, options(mountPoint)));
  }

  public KernelChannel channel(FileSystem files, Path mountPoint, Mounting mounting) {
    return keep(
        new KernelChannel(
            files,
            options(mountPoint),
            KernelChannel.DEFAULT_THREADS,
            Ticker.systemTicker(),
            mounting));
  }

  private static MountOptions options(Path mountPoint) {
    return new MountOptions(mountPoint, false, "aeiou-test");
  }

  public KernelChannel last() {
    return channels.get(channels.size() - 1);
  }

  private KernelChannel keep(KernelChannel channel) {
    channels.add(channel);
    return channel;
  }

  /** A process that is killed after the test. */
  public Process keep(Process process) {
    processes.add(process);
    return process;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    // Mounts first: a process that waits for a reading cannot be killed before it is answered.
    channels.forEach(KernelChannel::close);
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    for (String path : mountedBelow(folder)) {
      POSIX.umount2(Posix.string(path), Posix.MNT_FORCE | Posix.MNT_DETACH);
    }
    delete(folder);
    for (KernelChannel channel : channels) {
      channel.awaitUnmounted();
    }
    List<String> left = new ArrayList<>(mountedBelow(folder));
    Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("aeiou-fuse"))
        .forEach(left::add);
    left.addAll(devices());
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left);
    }
  }

  private static List<String> mountedBelow(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> line.split(" ", -1)[4])
          .filter(path -> path.startsWith(folder + "/"))
          .toList();
    }
  }

  /** Descriptors of this process that are a {@code /dev/fuse}. */
  private static List<String> devices() throws IOException {
    List<String> devices = new ArrayList<>();
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      for (Path fd : fds.toList()) {
        if (Files.isSymbolicLink(fd) && Files.readSymbolicLink(fd).endsWith("fuse")) {
          devices.add(fd.toString());
        }
      }
    }
    return devices;
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> paths = Files.walk(path)) {
      for (Path each : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
