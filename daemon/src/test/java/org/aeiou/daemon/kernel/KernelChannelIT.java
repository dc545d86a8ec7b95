package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.contract.Mounts;
import org.aeiou.daemon.contract.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The channel on a real mount, seen through the programs people use. */
@ExtendWith(Mounts.class)
final class KernelChannelIT {
  private final MemoryFileSystem files =
      new MemoryFileSystem()
          .file("/core1/system/sysName", "core1\n")
          .file("/core1/system/sysLocation", "Room 1\n")
          .file("/core1/interfaces/eth0/ifOperStatus", "up\n");

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  @Test
  void programsSeeTheTree(Mounts mounts) throws Exception {
    files.xattrs.put("user.aeiou.oid", "1.3.6.1".getBytes(StandardCharsets.UTF_8));
    files.xattrs.put("user.aeiou.type", "string".getBytes(StandardCharsets.UTF_8));
    Path net = mounts.mount(files);

    assertThat(Shell.run("cat", net + "/core1/system/sysName").out()).isEqualTo("core1\n");
    assertThat(Shell.run("ls", net + "/core1").out()).isEqualTo("interfaces\nsystem\n");
    assertThat(Shell.run("ls", "-lR", net.toString()).out())
        .contains("sysName", "-r--r--r-- 1 root root", "dr-xr-xr-x 2 root root");
    assertThat(Shell.run("stat", "-c", "%s %a %F %Y", net + "/core1/system/sysName").out())
        .isEqualTo("6 444 regular file 1700000000\n");
    assertThat(Shell.run("find", net.toString(), "-type", "f").out().lines()).hasSize(3);
    assertThat(Shell.run("getfattr", "-d", "--absolute-names", net + "/core1/system/sysName").out())
        .contains("user.aeiou.oid=\"1.3.6.1\"", "user.aeiou.type=\"string\"");
    assertThat(Shell.run("grep", "-rl", "Room", net.toString()).out())
        .isEqualTo(net + "/core1/system/sysLocation\n");
    assertThat(Shell.run("stat", "-f", "-c", "%T %c %l", net.toString()).out())
        .isEqualTo("fuseblk 3 255\n");
    assertThat(Shell.run("cp", "-r", net + "/core1", mounts.folder() + "/copy").exit()).isZero();
    assertThat(mounts.folder().resolve("copy/interfaces/eth0/ifOperStatus")).hasContent("up\n");
  }

  @Test
  void mountIsReadOnlyAndHarmless(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    String line =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .filter(each -> each.contains(net.toString()))
            .findFirst()
            .orElseThrow();
    assertThat(line)
        .startsWith("aeiou-test ")
        .contains(" fuse.aeiou ", "ro,", "nosuid", "nodev", "noexec", "default_permissions");
    Shell.Result touch = Shell.run("touch", net + "/core1/system/sysName");
    assertThat(touch.exit()).isNotZero();
    assertThat(touch.err()).contains("Read-only file system");
  }

  @Test
  void errorsReachTheShellInItsWords(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    Map<Failure.Reason, String> words =
        Map.of(
            Failure.Reason.TIMEOUT, "Connection timed out",
            Failure.Reason.UNREACHABLE, "No route to host",
            Failure.Reason.REFUSED, "Permission denied",
            Failure.Reason.BAD_ANSWER, "Protocol error",
            Failure.Reason.NOT_CACHED, "Resource temporarily unavailable",
            Failure.Reason.STOPPED, "Transport endpoint is not connected");
    String sysName = "/core1/system/sysName";
    for (Map.Entry<Failure.Reason, String> word : words.entrySet()) {
      files.failures.put(sysName, word.getKey());
      files.unread.add(sysName);
      // The kernel has the name; what it is told of the file is not valid while unread.
      TimeUnit.MILLISECONDS.sleep(1);
      await(() -> failure(net + sysName).contains(word.getValue()));
    }
    assertThat(failure(net + "/core1/none")).contains("No such file or directory");
  }

  private static String failure(String path) {
    try {
      return Shell.run("cat", path).err();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void secondReadWithinTheValidityAsksNothing(Mounts mounts) throws Exception {
    files.entryValid = files.attributesValid = files.contentValid = 60_000_000_000L;
    files.isCached = true;
    files.unread.add("/core1/system/sysName");
    Path file = mounts.mount(files).resolve("core1/system/sysName");
    assertThat(Files.readString(file)).isEqualTo("core1\n");
    Map<String, Long> before = mounts.last().metrics().values();
    for (int i = 0; i < 100; i++) {
      assertThat(Files.readString(file)).isEqualTo("core1\n");
    }
    assertThat(mounts.last().metrics().values()).isEqualTo(before);
  }

  @Test
  void whatMayNotBeKeptIsAskedEveryTime(Mounts mounts) throws Exception {
    files.entryValid = files.attributesValid = files.contentValid = files.listingValid = 0;
    Path net = mounts.mount(files);
    Path file = net.resolve("core1/system/sysName");
    for (int i = 0; i < 200; i++) {
      String content = "x".repeat(i % 7) + i + "\n";
      files.file("/core1/system/sysName", content);
      assertThat(Files.readString(file)).isEqualTo(content);
      files.file("/core1/new" + i, "");
      assertThat(list(net.resolve("core1"))).contains("new" + i);
      files.files.remove("/core1/new" + i);
      assertThat(list(net.resolve("core1"))).doesNotContain("new" + i);
    }
  }

  @Test
  void readerGetsOneReadingWhileOthersOpenTheNext(Mounts mounts) throws Exception {
    files.contentValid = files.attributesValid = 0;
    files.file("/core1/counter", "99999\n");
    Path file = mounts.mount(files).resolve("core1/counter");
    for (int i = 0; i < 50; i++) {
      files.file("/core1/counter", "99999\n");
      try (InputStream first = Files.newInputStream(file)) {
        assertThat(first.readNBytes(3)).asString().isEqualTo("999");
        files.file("/core1/counter", "100000\n");
        assertThat(Files.readString(file)).isEqualTo("100000\n");
        assertThat(first.readAllBytes()).asString().isEqualTo("99\n");
      }
    }
    await(() -> mounts.last().metrics().values().get("inodes") < 10);
  }

  @Test
  void listingIsReadAgainWhenItsTimeIsOver(Mounts mounts) throws Exception {
    // The attributes of the directory alone would let the kernel keep the listing for an hour.
    files.attributesValid = 3_600_000_000_000L;
    files.listingValid = 50_000_000L;
    Path net = mounts.mount(files);
    assertThat(list(net)).containsExactly("core1");
    files.file("/core2/system/sysName", "");
    await(() -> list(net).contains("core2"));
  }

  private static List<String> list(Path directory) {
    String[] names = directory.toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  @Test
  void largeDirectoryIsListedWhole(Mounts mounts) throws Exception {
    for (int i = 0; i < 5000; i++) {
      files.file("/many/name-of-a-row-" + i, "");
    }
    Path many = mounts.mount(files).resolve("many");
    assertThat(list(many)).hasSize(5000).doesNotHaveDuplicates();
    assertThat(Shell.run("ls", "-l", many.toString()).out().lines()).hasSize(5001);
    assertThat(Shell.run("find", many.toString(), "-name", "*9").out().lines()).hasSize(500);
  }

  @Test
  void pendingReadsHoldNoThread(Mounts mounts) throws Exception {
    for (int i = 0; i < 200; i++) {
      files.file("/slow/" + i, i + "\n");
      files.unread.add("/slow/" + i);
      files.held.add("/slow/" + i);
    }
    Path net = mounts.mount(files);
    List<Process> cats = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      cats.add(mounts.keep(new ProcessBuilder("cat", net + "/slow/" + i).start()));
    }
    await(() -> files.waiting.size() == 200);
    assertThat(mounts.last().metrics().values()).containsEntry("pending", 200L);
    assertThat(channelThreads())
        .containsExactly("aeiou-fuse-0", "aeiou-fuse-1", "aeiou-fuse-notify");
    // Hits are answered meanwhile.
    assertThat(Shell.run("cat", net + "/core1/system/sysName").out()).isEqualTo("core1\n");

    files.held.clear();
    files.completeAll();
    for (int i = 0; i < 200; i++) {
      Process cat = cats.get(i);
      assertThat(new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(i + "\n");
      assertThat(cat.waitFor()).isZero();
    }
    assertThat(mounts.last().metrics().values())
        .containsEntry("pending", 0L)
        .containsEntry("faults", 0L);
  }

  private static List<String> channelThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("aeiou-fuse"))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void interruptedReadEndsAtOnceAndTheNextOneWorks(Mounts mounts) throws Exception {
    String path = "/core1/system/sysName";
    files.unread.add(path);
    files.held.add(path);
    Path net = mounts.mount(files);
    for (int i = 0; i < 20; i++) {
      Process cat = mounts.keep(new ProcessBuilder("cat", net + path).start());
      await(() -> !files.waiting.isEmpty());
      assertThat(Shell.run("kill", "-INT", Long.toString(cat.pid())).exit()).isZero();
      assertThat(cat.waitFor(5, TimeUnit.SECONDS)).isTrue();
      // 128 + SIGINT
      assertThat(cat.exitValue()).isEqualTo(130);
      MemoryFileSystem.Wait wait = files.waiting.remove();
      await(() -> wait.cancels.get() == 1);
      wait.completeCancelled();
    }
    files.held.clear();
    assertThat(Shell.run("cat", net + path).out()).isEqualTo("core1\n");
    assertThat(mounts.last().metrics().values())
        .containsEntry("interrupted", 20L)
        .containsEntry("pending", 0L)
        .containsEntry("late", 0L);
  }

  @Test
  void killedReaderEndsAtOnce(Mounts mounts) throws Exception {
    String path = "/core1/system/sysName";
    files.unread.add(path);
    files.held.add(path);
    Path net = mounts.mount(files);
    Process cat = mounts.keep(new ProcessBuilder("cat", net + path).start());
    await(() -> !files.waiting.isEmpty());
    cat.destroyForcibly();
    assertThat(cat.waitFor(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closeAnswersWhatIsPendingWithAnError(Mounts mounts) throws Exception {
    String path = "/core1/system/sysName";
    files.unread.add(path);
    files.held.add(path);
    Path net = mounts.mount(files);
    Process cat = mounts.keep(new ProcessBuilder("cat", net + path).start());
    await(() -> !files.waiting.isEmpty());
    mounts.last().close();
    assertThat(new String(cat.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("Transport endpoint is not connected");
    assertThat(cat.waitFor()).isEqualTo(1);
    assertThat(net).isEmptyDirectory();
    assertThat(channelThreads()).isEmpty();
    mounts.last().awaitUnmounted();
    mounts.last().close();
  }

  @Test
  void unmountedByAnotherProcessItEnds(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    assertThat(Shell.run("umount", net.toString()).exit()).isZero();
    mounts.last().awaitUnmounted();
    mounts.last().close();
    assertThat(net).isEmptyDirectory();
  }

  @Test
  void mountThatIsInUseIsTakenAway(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    Process user =
        mounts.keep(
            new ProcessBuilder("sh", "-c", "cd core1 && echo in && exec sleep 1000")
                .directory(net.toFile())
                .start());
    assertThat(user.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("in");
    mounts.last().close();
    assertThat(channelThreads()).isEmpty();
    assertThat(net).isEmptyDirectory();
    assertThat(user.isAlive()).isTrue();
  }

  @Test
  void filesAreAlwaysReadyToBeRead(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);
    String program =
        "open(F, '<', $ARGV[0]); my $r = ''; vec($r, fileno(F), 1) = 1;"
            + " my $e = $r; print scalar(select($r, undef, $e, 10)), vec($e, fileno(F), 1), qq(\\n)";
    assertThat(Shell.run("perl", "-e", program, net + "/core1/system/sysName").out())
        .isEqualTo("10\n");
    assertThat(mounts.last().metrics().values().get("requests.poll")).isPositive();
  }

  @Test
  void manyForgottenNodesLeaveNothingBehind(Mounts mounts) throws Exception {
    for (int i = 0; i < 3000; i++) {
      files.file("/many/" + i, "");
    }
    Path net = mounts.mount(files);
    assertThat(Shell.run("ls", "-lR", net.toString()).exit()).isZero();
    assertThat(mounts.last().metrics().values().get("inodes")).isGreaterThan(3000);
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
    await(() -> mounts.last().metrics().values().get("inodes") < 20);
    assertThat(mounts.last().metrics().values()).containsEntry("forgets-unknown", 0L);
    assertThat(Shell.run("ls", net + "/many").out().lines()).hasSize(3000);
  }

  @Test
  void manyReadersAtOnceSeeTheirOwnFiles(Mounts mounts) throws Exception {
    for (int i = 0; i < 50; i++) {
      files.file("/f/" + i, ("content " + i + "\n").repeat(1 + i * 20));
    }
    files.entryValid = files.attributesValid = files.contentValid = 3_000_000L;
    Path net = mounts.mount(files);
    List<Thread> readers = new ArrayList<>();
    List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 4; t++) {
      int first = t;
      Thread reader =
          new Thread(
              () -> {
                for (int i = first; i < 3000; i++) {
                  int n = i % 50;
                  try {
                    String read = Files.readString(net.resolve("f/" + n));
                    if (!read.equals(("content " + n + "\n").repeat(1 + n * 20))) {
                      wrong.add(n + ": " + read.length());
                    }
                  } catch (java.io.IOException e) {
                    wrong.add(n + ": " + e);
                  }
                }
              });
      readers.add(reader);
      reader.start();
    }
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(wrong).isEmpty();
  }
}
