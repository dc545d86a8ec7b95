package org.aeiou.daemon.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.contract.ChildJvm;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.contract.Mounts;
import org.aeiou.daemon.contract.Shell;
import org.aeiou.daemon.kernel.KernelChannel;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mounting, by whom and on what; and what is said when it cannot be done. */
@ExtendWith(Mounts.class)
final class MountingIT {
  private final MemoryFileSystem files = new MemoryFileSystem().file("/a", "hello\n");

  private static void assertRefused(ThrowingCallable mounting, String... words) {
    assertThatThrownBy(mounting).isInstanceOf(IOException.class).hasMessageContainingAll(words);
  }

  @Test
  void mountPointMustExist(Mounts mounts) {
    Path missing = mounts.folder().resolve("missing");
    assertRefused(
        () -> mounts.channel(files, missing).mount(),
        missing + ": the mount point does not exist",
        "mkdir -p " + missing);
    assertRefused(() -> mounts.channel(files, missing.resolve("deeper")).mount(), "does not exist");
  }

  @Test
  void mountPointMustBeADirectory(Mounts mounts) throws Exception {
    Path file = Files.createFile(mounts.folder().resolve("file"));
    assertRefused(
        () -> mounts.channel(files, file).mount(), file + ": the mount point is not a directory");
  }

  @Test
  void mountPointMustBeEmpty(Mounts mounts) throws Exception {
    Path full = mounts.directory("full");
    Files.createFile(full.resolve("something"));
    assertRefused(
        () -> mounts.channel(files, full).mount(),
        full + ": the mount point is not empty",
        "'something'");
  }

  @Test
  void mountPointMustNotBeMountedAlready(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    assertRefused(
        () -> mounts.channel(files, net).mount(),
        net + ": is already mounted: aeiou-test (type fuse.aeiou)",
        "umount " + net);
    assertRefused(() -> mounts.channel(files, Path.of("/proc")).mount(), "type proc");
    assertThat(net.resolve("a")).hasContent("hello\n");
  }

  @Test
  void channelIsMountedOnce(Mounts mounts) throws Exception {
    KernelChannel channel = mounts.channel(files, mounts.directory("net"));
    channel.mount();
    assertRefused(channel::mount, "mounted or closed before");
    channel.close();
    assertRefused(channel::mount, "mounted or closed before");
  }

  @Test
  void withoutADeviceItSaysWhatToDo(Mounts mounts) throws Exception {
    Mounting mounting = new SystemCallMounting(mounts.folder() + "/fuse");
    assertRefused(
        () -> mounts.channel(files, mounts.directory("net"), mounting).mount(),
        "there is no " + mounts.folder() + "/fuse",
        "modprobe fuse");
  }

  @Test
  void withoutFusermountItSaysWhatToInstall(Mounts mounts) throws Exception {
    Mounting mounting = new FusermountMounting(List.of(mounts.folder()));
    assertRefused(
        () -> mounts.channel(files, mounts.directory("net"), mounting).mount(),
        "fusermount3",
        "apt install fuse3");
  }

  @Test
  void spacesUmlautsAndLinksInTheMountPointAreFine(Mounts mounts) throws Exception {
    Path net = mounts.directory("a b\\c,d");
    KernelChannel channel = mounts.channel(files, net);
    channel.mount();
    assertThat(net.resolve("a")).hasContent("hello\n");
    channel.close();
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), net);
    mounts.channel(files, link).mount();
    assertThat(net.resolve("a")).hasContent("hello\n");
  }

  @Test
  void fusermountMountsForRootToo(Mounts mounts) throws Exception {
    Path net = mounts.directory("net");
    KernelChannel channel = mounts.channel(files, net, new FusermountMounting());
    channel.mount();
    assertThat(net.resolve("a")).hasContent("hello\n");
    Process user =
        mounts.keep(
            new ProcessBuilder("sh", "-c", "echo in && read line").directory(net.toFile()).start());
    assertThat(user.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("in");
    assertThat(new FusermountMounting().unmount(net)).isEqualTo(Mounting.Unmounted.BUSY);
    user.getOutputStream().close();
    user.waitFor();
    channel.close();
    assertThat(net).isEmptyDirectory();
  }

  @Test
  void otherUsersAreKeptOut(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    List<String> command = new ArrayList<>(ChildJvm.asNobody());
    command.addAll(List.of("cat", net + "/a"));
    assertThat(Shell.run(command.toArray(String[]::new)).err()).contains("Permission denied");
  }

  @Test
  void killedDaemonLeavesErrorsAndTheNextOneMountsOverIt(Mounts mounts) throws Exception {
    Path net = mounts.directory("net");
    ChildJvm child = ChildJvm.start(mounts, net.toString());
    assertThat(child.greeting).isEqualTo("mounted");
    assertThat(Shell.run("cat", net + "/a").out()).isEqualTo("hello\n");
    List<Process> readers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      readers.add(mounts.keep(new ProcessBuilder("cat", net + "/pending").start()));
    }
    child.process.destroyForcibly().waitFor();
    for (Process reader : readers) {
      assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(reader.exitValue()).isEqualTo(1);
    }
    assertThat(Shell.run("cat", net + "/b").err()).contains("Transport endpoint is not connected");

    mounts.channel(files, net).mount();
    assertThat(net.resolve("a")).hasContent("hello\n");
    mounts.last().close();
    assertThat(net).isEmptyDirectory();
  }

  @Test
  void daemonThatIsAskedToEndUnmounts(Mounts mounts) throws Exception {
    Path net = mounts.directory("net");
    ChildJvm child = ChildJvm.start(mounts, net.toString());
    child.process.getOutputStream().close();
    assertThat(child.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(child.process.exitValue()).isZero();
    assertThat(net).isEmptyDirectory();
  }

  @Test
  void directoryThatIsSwappedForALinkAfterItWasCheckedIsNotFollowed(Mounts mounts)
      throws Exception {
    Path users = mounts.directory("users");
    Path net = Files.createDirectory(users.resolve("net"));
    Path others = mounts.directory("others");
    Files.createDirectory(others.resolve("net"));
    Mounting mounting = new SystemCallMounting();
    MountPoint.of(net).prepare(mounting);
    Files.move(users, mounts.folder().resolve("moved"));
    Files.createSymbolicLink(users, others);

    assertRefused(
        () -> mounting.mount(net, new MountOptions(net, false, "aeiou-test")),
        net + " is swapped for " + others.resolve("net"));
    assertThat(MountPoint.of(others.resolve("net")).mounted()).isEmpty();

    mounts.channel(files, others.resolve("net")).mount();
    assertRefused(() -> mounting.unmount(net), users + " is swapped for " + others);
    assertRefused(() -> mounting.detach(net), users + " is swapped for " + others);
    assertThat(others.resolve("net/a")).hasContent("hello\n");
  }

  private static Path directoryOfNobody(Mounts mounts) throws Exception {
    Path net = mounts.directory("net");
    Files.setPosixFilePermissions(net, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(Shell.run("chown", "65534:65534", net.toString()).exit()).isZero();
    return net;
  }

  @Test
  void nobodyMountsThroughFusermount(Mounts mounts) throws Exception {
    Path net = directoryOfNobody(mounts);
    ChildJvm child = ChildJvm.startAsNobody(mounts, "666", net.toString());
    assertThat(child.greeting).isEqualTo("mounted");
    String[] asNobody = child.inside(ChildJvm.asNobody(), "cat", net + "/a");
    assertThat(Shell.run(asNobody).out()).isEqualTo("hello\n");
    // Not even root is let in where the user nobody mounted.
    String[] asRoot = child.inside(List.of(), "cat", net + "/a");
    assertThat(Shell.run(asRoot).err()).contains("Permission denied");
    String[] table = child.inside(List.of(), "grep", net.toString(), "/proc/mounts");
    assertThat(Shell.run(table).out())
        .startsWith("aeiou-test ")
        .contains(" fuse.aeiou ro,nosuid,nodev,noexec,", "default_permissions", "user_id=65534");
    child.process.getOutputStream().close();
    assertThat(child.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(child.process.exitValue()).isZero();
  }

  @Test
  void nobodysMountOfADaemonThatWasKilledIsMountedOver(Mounts mounts) throws Exception {
    Path net = directoryOfNobody(mounts);
    ChildJvm child = ChildJvm.startAsNobody(mounts, "666", net.toString());
    assertThat(child.greeting).isEqualTo("mounted");
    // The namespace goes with its last process.
    Process keeper =
        mounts.keep(
            new ProcessBuilder(child.inside(List.of(), "sh", "-c", "echo in && exec sleep 1000"))
                .start());
    assertThat(keeper.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("in");
    String[] next = child.inside(ChildJvm.asNobody(), child.command.toArray(String[]::new));
    next[3] = Long.toString(keeper.pid());
    child.process.destroyForcibly().waitFor();

    ChildJvm second = ChildJvm.start(mounts, List.of(next), net.toString());
    assertThat(second.greeting).isEqualTo("mounted");
    second.process.getOutputStream().close();
    assertThat(second.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nobodysMountOfADaemonThatHangsIsTakenFromIt(Mounts mounts) throws Exception {
    Path net = directoryOfNobody(mounts);
    ChildJvm child = ChildJvm.startAsNobody(mounts, "666", net.toString());
    assertThat(child.greeting).isEqualTo("mounted");
    String[] next = child.inside(ChildJvm.asNobody(), child.command.toArray(String[]::new));
    assertThat(Shell.run("kill", "-STOP", Long.toString(child.process.pid())).exit()).isZero();

    ChildJvm second = ChildJvm.start(mounts, List.of(next), net.toString());
    assertThat(second.greeting).isEqualTo("mounted");
    second.process.getOutputStream().close();
    assertThat(second.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nobodyIsToldWhatLetsOthersIn(Mounts mounts) throws Exception {
    Path net = directoryOfNobody(mounts);
    ChildJvm child = ChildJvm.startAsNobody(mounts, "666", net.toString(), "allow-other");
    assertThat(child.greeting)
        .startsWith(net + ": cannot be mounted: ")
        .contains("allow_other", "add the line 'user_allow_other' to /etc/fuse.conf");
    child.process.waitFor();
  }

  @Test
  void nobodyIsToldWhoseDirectoryItMustBe(Mounts mounts) throws Exception {
    Path net = mounts.directory("net");
    ChildJvm child = ChildJvm.startAsNobody(mounts, "666", net.toString());
    assertThat(child.greeting).startsWith(net + ": cannot be mounted: ").contains("yours");
    child.process.waitFor();
  }

  @Test
  void nobodyIsToldThatTheDeviceIsClosedToThem(Mounts mounts) throws Exception {
    Path net = directoryOfNobody(mounts);
    ChildJvm child = ChildJvm.startAsNobody(mounts, "600", net.toString());
    assertThat(child.greeting).contains("/dev/fuse", "chmod 666 /dev/fuse");
    child.process.waitFor();
  }
}
