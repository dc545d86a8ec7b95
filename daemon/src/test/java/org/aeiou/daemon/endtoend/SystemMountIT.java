package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mounting as the system does: {@code mount -t aeiou}, and in the background. mount(8) looks for
 * {@code mount.aeiou} in {@code /sbin} only; so all of it happens in a mount namespace that has
 * another {@code /sbin}, and ends with it.
 */
@Needs(Needs.Thing.FUSE)
final class SystemMountIT {
  private static final Path SCRIPTS = Path.of("../mount-scripts").toAbsolutePath().normalize();

  /** Nothing in the environment but what a service manager gives a mount. */
  private static final List<String> BARE = List.of("env", "-i");

  @TempDir static Path folder;
  private static Process namespace;
  private static Path configuration;

  @BeforeAll
  static void makeNamespace() throws Exception {
    assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root");
    Path above = Files.createDirectory(folder.resolve("sbin"));
    Path script =
        Files.writeString(
            folder.resolve("namespace"),
            """
            set -e
            mount -t tmpfs none "$1"
            mkdir "$1/up" "$1/work"
            sbin=$(readlink -f /sbin)
            mount -t overlay none -o lowerdir="$sbin",upperdir="$1/up",workdir="$1/work" "$sbin"
            ln -s "$2/mount.aeiou" "$sbin/mount.aeiou"
            ln -s "$2/mount.aeiou" "$sbin/mount.fuse.aeiou"
            touch "$3"
            exec sleep 600
            """);
    Path ready = folder.resolve("ready");
    namespace =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "bash",
                script.toString(),
                above.toString(),
                SCRIPTS.toString(),
                ready.toString())
            .inheritIO()
            .start();
    eventually("a mount namespace", () -> Files.exists(ready));
    configuration =
        Files.writeString(
            folder.resolve("net.yaml"),
            """
            attach: {enabled: false}
            learned: {keep: false}
            systems: {core1: {address: "127.0.0.1:1"}}
            """);
  }

  @AfterAll
  static void endNamespace() throws Exception {
    if (namespace == null) {
      return;
    }
    run("umount", "--all", "--types", "fuse.aeiou", "--lazy");
    namespace.destroy();
    namespace.waitFor();
  }

  private static Commands.Result run(String... command) {
    return run(List.of(), command);
  }

  private static Commands.Result run(List<String> prefix, String... command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of("nsenter", "--mount", "--target", Long.toString(namespace.pid())));
    all.addAll(List.of("--wd=" + folder));
    all.addAll(List.of(command));
    return Commands.run(all);
  }

  private static Path place(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private static String mounts(Path place) {
    return run("findmnt", "--noheadings", "--output", "FSTYPE,SOURCE,OPTIONS", "" + place).out();
  }

  private static long daemonOf(Path place) {
    return run("cat", place + "/.aeiou/status")
        .out()
        .lines()
        .filter(line -> line.startsWith("pid: "))
        .mapToLong(line -> Long.parseLong(line.substring(5)))
        .findFirst()
        .orElseThrow();
  }

  /** Not where it has ended and the first process of a container does not wait for orphans. */
  private static boolean isRunning(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/status")).contains("\nState:\tZ");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void lineOfFstabIsMountedOnceAndUnmountedByItsType() throws Exception {
    Path net = place("fstab net");
    Path fstab =
        Files.writeString(
            folder.resolve("fstab"),
            configuration
                + " "
                + net.toString().replace(" ", "\\040")
                + " aeiou nofail,_netdev,x-systemd.automount,noatime,allow_other,mode=0440,log="
                + folder
                + "/fstab.log 0 0\n");

    Commands.Result mounted = run(BARE, "mount", "-a", "-T", fstab.toString());

    assertThat(mounted.err()).isEmpty();
    assertThat(mounted.exit()).isZero();
    assertThat(mounts(net))
        .startsWith("fuse.aeiou " + configuration + " ro,nosuid,nodev,noexec")
        .contains("allow_other");
    assertThat(run("stat", "-c", "%a", net + "/.aeiou/version").firstLine()).isEqualTo("440");
    assertThat(run("mount", "-a", "-v", "-T", fstab.toString()).out()).contains("already mounted");
    assertThat(run("mount", "-o", "remount,rw", net.toString()).err()).contains("aeiou reload");

    long daemon = daemonOf(net);
    assertThat(run("umount", "-a", "-t", "fuse.aeiou").exit()).isZero();
    eventually("the daemon ends", () -> !isRunning(daemon));
    assertThat(Files.readString(folder.resolve("fstab.log")))
        .contains("INFO  mounted 1 systems on " + net, "INFO  unmounted " + net);
  }

  @Test
  void nothingOfItsCallerStaysWithADaemonInTheBackground() throws Exception {
    Path net = place("background");
    Path file =
        Files.writeString(
            folder.resolve("secret.yaml"),
            Files.readString(configuration) + "defaults: {snmp: {community: \"${env:WORD}\"}}\n");

    // What it says is read to its end here: a stream that stayed open would hang this.
    Commands.Result mounted =
        run(
            List.of("env", "WORD=open-sesame"),
            SCRIPTS.resolve("aeiou").toString(),
            "mount",
            "--background",
            "--log",
            "background.log",
            "-o",
            "verbose",
            file.getFileName().toString(),
            net.getFileName().toString());

    assertThat(mounted.out() + mounted.err()).isEmpty();
    assertThat(mounted.exit()).isZero();
    assertThat(run("ls", net.toString()).out()).contains("core1");
    long pid = daemonOf(net);
    Path process = Path.of("/proc/" + pid);
    assertThat(Files.readSymbolicLink(process.resolve("cwd"))).isEqualTo(Path.of("/"));
    Path log = folder.resolve("background.log").toRealPath();
    assertThat(Files.readSymbolicLink(process.resolve("fd/0"))).isEqualTo(Path.of("/dev/null"));
    assertThat(Files.readSymbolicLink(process.resolve("fd/1"))).isEqualTo(log);
    assertThat(Files.readSymbolicLink(process.resolve("fd/2"))).isEqualTo(log);
    assertThat(run("ps", "-o", "sid=", "-p", "" + pid).out().strip()).isEqualTo("" + pid);
    assertThat(Files.readString(process.resolve("cmdline"))).doesNotContain("sesame");
    assertThat(Files.getPosixFilePermissions(log)).hasSize(3); // rw-r-----

    // It finds its configuration again.
    Files.writeString(file, Files.readString(file) + "budget: {requests-per-second: 5}\n");
    assertThat(run("kill", "-HUP", "" + pid).exit()).isZero();
    eventually("reloaded", () -> Files.readString(log).contains("reloaded " + file));
    assertThat(run("kill", "" + pid).exit()).isZero();
    eventually("the daemon ends", () -> !isRunning(pid));
    assertThat(Files.readString(log)).doesNotContain("sesame");
  }

  @Test
  void whatStandsInTheWayIsToldBeforeItGoesToTheBackground() throws Exception {
    Path net = place("refused");
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "sistems: {}\n");

    Commands.Result option =
        run("mount", "-t", "aeiou", "" + configuration, "" + net, "-o", "alow_other");
    assertThat(option.err())
        .isEqualTo(
            "mount.aeiou: 'alow_other' is not an option of a mount; did you mean 'allow_other'?;"
                + " there are allow_other, ro, rw, uid=USER, gid=GROUP, mode=DIGITS, channel=KIND,"
                + " no_kernel_cache, role=ROLE, site=SITE, member=NAME, log=FILE, verbose\n");
    assertThat(option.exit()).isEqualTo(1);

    String member = "role=\"poll,read\",site=par";
    Path clustered =
        Files.writeString(
            folder.resolve("clustered.yaml"),
            "cluster: {servers: n1, sites: {lon: lon}}\nsystems: {lon: 10.0.0.1}\n");
    Commands.Result site =
        run("mount", "-t", "aeiou", "" + clustered, "" + net, "-f", "-o", member);
    assertThat(site.err()).contains("cluster.site: 'par' is none of the sites; expected");
    assertThat(site.exit()).isEqualTo(32);

    Commands.Result wrong = run("mount", "-t", "aeiou", "" + broken, "" + net);
    assertThat(wrong.err()).contains("sistems").contains("mount.aeiou: " + broken + ": not used");
    assertThat(wrong.exit()).isEqualTo(32);

    Commands.Result nowhere =
        run("mount.aeiou", "" + configuration, net + "/none", "-sv", "-o", "rw,x");
    assertThat(nowhere.err()).contains("mkdir -p " + net + "/none").hasLineCount(1);
    assertThat(nowhere.exit()).isEqualTo(32);

    assertThat(run("mount.fuse.aeiou", "" + configuration, "" + net, "-f", "-t", "aeiou").exit())
        .isZero();
    assertThat(run("mount.aeiou", "" + configuration).exit()).isEqualTo(1);
    assertThat(mounts(net)).isEmpty();
  }

  @Test
  void interruptedCallerLeavesNoDaemonBehind() throws Exception {
    Path net = place("interrupted");
    Path endless = folder.resolve("endless.yaml");
    assertThat(Commands.run("mkfifo", endless.toString()).exit()).isZero();
    Process caller =
        new ProcessBuilder(
                SCRIPTS.resolve("aeiou").toString(),
                "mount",
                "--background",
                "" + endless,
                "" + net)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<ProcessHandle> started = new ArrayList<>();
    eventually(
        "Java runs",
        () -> {
          started.clear();
          caller.descendants().forEach(started::add);
          return started.stream()
              .anyMatch(p -> p.info().command().orElse("").endsWith("/bin/java"));
        });

    caller.destroy();

    assertThat(caller.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(caller.exitValue()).isEqualTo(130);
    eventually(
        "all of it ends", () -> started.stream().noneMatch(process -> isRunning(process.pid())));
  }
}
