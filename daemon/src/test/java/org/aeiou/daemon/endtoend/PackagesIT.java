package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Debian packages: built, looked at by lintian, installed, used, upgraded while a network is
 * mounted, and purged. What is installed is installed in a root of its own; the tests that need it
 * come one after the other.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.DPKG, Needs.Thing.LINTIAN})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PackagesIT {
  /** Where Java is not of a package, no package can be asked for it. */
  private static final String INSTALL =
      "dpkg -i $(dpkg-query -W openjdk-17-jre-headless > /dev/null 2>&1 || echo --force-depends) ";

  private static final String PACKAGE =
      Path.of("../mount-scripts/package").toAbsolutePath().normalize().toString();

  /** Reads a value past the cache again and again, and tells how often it did and did not. */
  private static final String READER =
      """
      while [ ! -e /tmp/stop ]; do
        if cat /net/.uncached/core1/system/sysUpTime > /dev/null 2>> /tmp/reader.err
        then echo read; else echo failed; fi >> /tmp/reader
        sleep 0.02
      done > /dev/null 2>&1 &
      """;

  @TempDir private static Path folder;
  private static Path packages;
  private static CompletableFuture<Commands.Result> secondBuild;
  private static IsolatedRoot root;

  @BeforeAll
  static void build() throws IOException {
    packages = Files.createDirectory(folder.resolve("packages"));
    secondBuild = CompletableFuture.supplyAsync(() -> packagesInto(folder.resolve("again")));
    assertThatItWorked(packagesInto(packages));
    root = IsolatedRoot.start(Files.createDirectory(folder.resolve("root")), packages);
  }

  @AfterAll
  static void endRoot() throws IOException {
    if (root != null) {
      root.close();
    }
    if (secondBuild != null) {
      secondBuild.join();
    }
  }

  private static Commands.Result packagesInto(Path out) {
    return Commands.run(PACKAGE, "--as-built", "--out", out.toString());
  }

  private static Commands.Result assertThatItWorked(Commands.Result result) {
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return result;
  }

  /** Runs a line in the root; it has to work. */
  private static String inRoot(String line) {
    return assertThatItWorked(root.run(line)).out();
  }

  @Test
  @Order(1)
  void lintianHasNothingToSay() {
    Commands.Result said = Commands.shell("lintian --fail-on error,warning " + packages + "/*.deb");

    assertThat(said.out()).isEmpty();
    assertThat(said.exit()).as(said.err()).isZero();
  }

  @Test
  @Order(2)
  void buildingTwiceGivesTheSameFiles() throws IOException {
    assertThatItWorked(secondBuild.join());

    try (Stream<Path> built = Files.list(packages)) {
      List<Path> files = built.toList();
      assertThat(files).hasSize(3);
      for (Path file : files) {
        assertThat(folder.resolve("again").resolve(file.getFileName()))
            .hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  @Order(3)
  void twoCommandsLeadFromThePackageToTheFirstValue() {
    inRoot("echo 'PRUNEFS=\"NFS nfs\"' > /etc/updatedb.conf; " + INSTALL + "/srv/packages/*.deb");
    inRoot(
        "aeiou simulate --systems 3 --first-address 127.56.9.1 --port 0"
            + " --config-out /etc/aeiou/net.yaml > /tmp/agents 2>&1 &"
            + " while [ ! -s /etc/aeiou/net.yaml ]; do sleep 0.05; done; mkdir /net");

    inRoot("mount -t aeiou /etc/aeiou/net.yaml /net -o log=/tmp/log");
    assertThat(inRoot("cat /net/core1/system/sysName")).isEqualTo("core1\n");

    // It started with the archive that was made for the Java of this machine.
    assertThat(inRoot("cat /proc/$(pgrep -f '[c]li.Main mount')/maps")).contains("/classes-");
  }

  @Test
  @Order(4)
  void whatIsInstalledIsOfUse() {
    assertThat(inRoot("stat -c '%A %U:%G' /etc/aeiou /etc/aeiou/example.yaml"))
        .isEqualTo("drwxr-x--- root:aeiou\n-rw-r----- root:aeiou\n");
    assertThat(inRoot("cat /etc/updatedb.conf")).isEqualTo("PRUNEFS=\"NFS nfs fuse.aeiou\"\n");
    inRoot("setpriv --reuid=aeiou --regid=aeiou --init-groups aeiou check /etc/aeiou/example.yaml");
    assertThat(
            inRoot(
                "python3 -c 'import aeiou; from importlib.metadata import version;"
                    + " net = aeiou.attach(\"/net\"); print(list(net.systems())[0],"
                    + " aeiou._native.__file__, version(\"aeiou\"))'"))
        .startsWith("core1 /usr/lib/python3/dist-packages/aeiou/_native.cpython-");
    assertThat(
            inRoot(
                "cd /tmp && gcc -std=c11 -Wall -Werror $(pkg-config --cflags aeiou)"
                    + " /usr/share/doc/libaeiou-dev/examples/tree-walk.c -o walk"
                    + " $(pkg-config --libs aeiou) && ./walk /net 2>&1"))
        .contains("files");
    for (String page : List.of("aeiou.1", "aeiou-mount.8", "aeiou.yaml.5", "aeiou.h.3")) {
      assertThat(inRoot("zcat /usr/share/man/man?/" + page + ".gz | mandoc -T lint -W warning"))
          .isEmpty();
    }
  }

  /** All of its jars have other names then, so that whatever is opened late is not found. */
  @Test
  @Order(5)
  void upgradeWhileMountedStopsNoReader() throws IOException {
    Path later = laterVersion();
    inRoot(READER);
    assertThat(inRoot("cat /net/.aeiou/status")).doesNotContain("restart:");
    String daemon = inRoot("pgrep -f '[c]li.Main mount'").strip();
    assertThat(inRoot("ls -l /proc/" + daemon + "/fd")).contains("/usr/share/aeiou/daemon-");

    String said = inRoot(INSTALL + "/srv/packages/later/" + later.getFileName());

    assertThat(said).contains("/net is served by the version before");
    assertThat(inRoot("ls /usr/share/aeiou")).contains("daemon-later.jar").doesNotContain("0.1.0");
    assertThat(inRoot("cat /net/.aeiou/status")).contains("\nrestart: due");
    assertThat(inRoot("aeiou status /net")).contains("restart");
    // The daemon is the one that it was, and does for the first time what it never did before.
    assertThat(inRoot("pgrep -f '[c]li.Main mount'").strip()).isEqualTo(daemon);
    assertThat(inRoot("ls /net/sw2/interfaces; cat /net/sw2/interfaces/.json")).contains("ifIndex");
    assertThat(inRoot("aeiou reload /net")).contains("3 systems");
    inRoot("touch /tmp/stop; sleep 0.1");
    List<String> reads = inRoot("cat /tmp/reader").lines().toList();
    assertThat(reads).hasSizeGreaterThan(20).containsOnly("read");
    assertThat(inRoot("cat /tmp/reader.err")).isEmpty();

    inRoot("umount /net; while pgrep -f '[c]li.Main mount'; do sleep 0.05; done");
    assertThat(inRoot("cat /tmp/log")).doesNotContain("Exception", "Error", "ERROR");
    inRoot("mount -t aeiou /etc/aeiou/net.yaml /net -o log=/tmp/log");
    assertThat(inRoot("aeiou version; cat /net/core1/system/sysName")).endsWith("core1\n");
  }

  private static Path laterVersion() throws IOException {
    Path built;
    try (Stream<Path> files = Files.list(packages)) {
      built = files.filter(file -> file.toString().contains("/aeiou_")).findFirst().orElseThrow();
    }
    Path unpacked = folder.resolve("unpacked");
    assertThatItWorked(Commands.run("dpkg-deb", "-R", built.toString(), unpacked.toString()));
    Path control = unpacked.resolve("DEBIAN/control");
    Files.writeString(
        control,
        Files.readString(control, UTF_8).replaceFirst("Version: .*", "Version: 0.2.0"),
        UTF_8);
    try (Stream<Path> jars = Files.list(unpacked.resolve("usr/share/aeiou"))) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        String name = jar.getFileName().toString().replaceFirst("-[0-9].*", "-later.jar");
        Files.move(jar, jar.resolveSibling(name));
      }
    }
    Path out = Files.createDirectory(packages.resolve("later"));
    assertThatItWorked(
        Commands.run(
            "dpkg-deb", "--root-owner-group", "-Znone", "-b", unpacked.toString(), out.toString()));
    try (Stream<Path> files = Files.list(out)) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  @Order(6)
  void removingLeavesWhatIsMountedAndPurgingLeavesNothingElse() {
    String removed = inRoot("dpkg -r aeiou python3-aeiou libaeiou-dev");
    assertThat(removed).contains("/net stays mounted; 'umount /net' ends it");
    assertThat(inRoot("cat /net/.uncached/core1/system/sysName")).isEqualTo("core1\n");

    String purged = inRoot("dpkg -P aeiou python3-aeiou libaeiou-dev");

    assertThat(purged).contains("what you wrote into /etc/aeiou stays there");
    assertThat(inRoot("cat /net/.uncached/core1/system/sysName")).isEqualTo("core1\n");
    assertThat(inRoot("cat /etc/updatedb.conf")).isEqualTo("PRUNEFS=\"NFS nfs\"\n");
    assertThat(left()).isEqualTo("/etc/aeiou\n/etc/aeiou/net.yaml\n");
    inRoot("umount /net; test -d /net");
    assertThat(root.run("getent passwd aeiou; getent group aeiou").out()).isEmpty();
    assertThat(root.run("dpkg-query -W 'aeiou' python3-aeiou libaeiou-dev").out()).isEmpty();
  }

  /** Files by which the packages could be told to have been there. */
  private static String left() {
    return inRoot(
        "find /etc /usr /var/lib /var/cache -xdev -name '*aeiou*'; find /etc/aeiou -type f");
  }
}
