package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The units of {@code mount-scripts/systemd}, run by a real systemd. */
@Needs({Thing.FUSE, Thing.SYSTEMD, Thing.UNSHARE, Thing.FUSERMOUNT3})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SystemdIT {
  private static final Path UNITS = Path.of("../mount-scripts/systemd");
  private static final String NET =
      "systems: {core1: {address: '127.0.0.1:1', snmp: {timeout: 100ms}}}\n";

  @TempDir private static Path folder;
  private static SystemdBox box;

  @BeforeAll
  static void start() throws Exception {
    // No package gives a user, or root in a narrow container, namespaces of its own.
    assumeTrue(SystemdBox.isPossible(), "systemd needs root, and namespaces of its own");
    Path files = Files.createDirectory(folder.resolve("files"));
    Path units = Files.createDirectories(files.resolve("etc/systemd/system"));
    Files.copy(UNITS.resolve("aeiou@.service"), units.resolve("aeiou@.service"));
    Files.copy(UNITS.resolve("aeiou-poller@.service"), units.resolve("aeiou-poller@.service"));
    Path asUser = Files.createDirectory(units.resolve("aeiou@users.service.d"));
    Files.copy(UNITS.resolve("as-user.conf"), asUser.resolve("as-user.conf"));
    SystemdBox.write(
        files,
        "etc/systemd/system/aeiou@frozen.service.d/soon.conf",
        "[Service]\nWatchdogSec=1s\nTimeoutAbortSec=200ms\nRestart=no\n");
    SystemdBox.write(
        files, "etc/systemd/system/aeiou@net.service.d/soon.conf", "[Service]\nRestartSec=100ms\n");
    for (String name : new String[] {"net", "second", "users", "frozen"}) {
      SystemdBox.write(files, "etc/aeiou/" + name + ".yaml", NET);
    }
    SystemdBox.write(files, "etc/aeiou/second.env", "AEIOU_MOUNT=/net\n");
    SystemdBox.write(
        files,
        "etc/passwd",
        Files.readString(Path.of("/etc/passwd")).replaceAll("(?m)^aeiou:.*\n", "")
            + "aeiou:x:998:998::/nonexistent:/usr/sbin/nologin\n");
    SystemdBox.write(
        files,
        "etc/group",
        Files.readString(Path.of("/etc/group")).replaceAll("(?m)^aeiou:.*\n", "")
            + "aeiou:x:998:\n");
    SystemdBox.program(
        files,
        "usr/bin/aeiou",
        "#!/bin/sh\nexec %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -cp %s %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                absolute(System.getProperty("java.class.path")),
                Main.class.getName()));
    List<Path> jars =
        Splitter.on(':')
            .splitToStream(absolute(System.getProperty("java.class.path")))
            .map(
                each ->
                    Files.isDirectory(Path.of(each)) ? Path.of(each) : Path.of(each).getParent())
            .distinct()
            .toList();
    box = new SystemdBox(Files.createDirectory(folder.resolve("box")), files, jars);
    // In the box only: the jars are where this user has them, and another one may not look.
    Set<String> folders = new TreeSet<>();
    for (String jar : absolute(System.getProperty("java.class.path")).split(":", -1)) {
      for (Path at = Path.of(jar).getParent(); at != null; at = at.getParent()) {
        folders.add(at.toString());
      }
    }
    succeeds(box.shell("chmod o+x " + String.join(" ", folders)));
  }

  private static String absolute(String classPath) {
    return Arrays.stream(classPath.split(":", -1))
        .map(each -> Path.of(each).toAbsolutePath().toString())
        .collect(Collectors.joining(":"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (box != null) {
      box.close();
    }
  }

  private static void succeeds(Commands.Result result) {
    assertThat(result.exit())
        .as(
            result.out()
                + result.err()
                + box.run("journalctl", "-n", "12", "-u", "aeiou@*", "--no-pager", "-o", "cat")
                    .out())
        .isZero();
  }

  private static Map<String, String> show(String unit) {
    return box.run("systemctl", "show", unit)
        .out()
        .lines()
        .filter(line -> line.contains("="))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1),
                (one, other) -> one));
  }

  private static String journal(String... matches) {
    String[] command = new String[matches.length + 4];
    System.arraycopy(matches, 0, command, 0, matches.length);
    System.arraycopy(
        new String[] {"-o", "json", "--no-pager", "-q"}, 0, command, matches.length, 4);
    String[] all = new String[command.length + 1];
    all[0] = "journalctl";
    System.arraycopy(command, 0, all, 1, command.length);
    return box.run(all).out();
  }

  @Test
  @Order(1)
  void enableNowReturnsWhenTheMountAnswersForAllToSee() throws Exception {
    succeeds(box.run("systemctl", "enable", "--now", "aeiou@net"));
    Commands.Result version = box.run("cat", "/net/.aeiou/version");
    succeeds(version);
    Map<String, String> shown = show("aeiou@net");
    assertThat(shown)
        .containsEntry("ActiveState", "active")
        .containsEntry("UnitFileState", "enabled");
    assertThat(shown.get("StatusText")).startsWith("/net: 1 systems, 0 up, 0 down; 0 requests");
    String main = shown.get("MainPID");
    // The same mount namespace: else the mount would be the daemon's alone.
    succeeds(
        box.shell("[ $(readlink /proc/%s/ns/mnt) = $(readlink /proc/1/ns/mnt) ]".formatted(main)));
    assertThat(box.run("cat", "/proc/" + main + "/status").out())
        .contains("NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t000000000020040f");
  }

  @Test
  @Order(2)
  void eventsAreInTheJournalWithTheirFields() throws Exception {
    assertThat(box.run("cat", "/net/core1/system/sysName").exit()).isNotZero();
    eventually("down", () -> !journal("AEIOU_SYSTEM=core1", "AEIOU_EVENT=down").isEmpty());
    assertThat(journal("AEIOU_SYSTEM=core1", "AEIOU_EVENT=down"))
        .contains(
            "\"MESSAGE\":\"core1 is down: ",
            "\"PRIORITY\":\"4\"",
            "\"AEIOU_REASON\":\"",
            "\"_SYSTEMD_UNIT\":\"aeiou@net.service\"");
    assertThat(journal("AEIOU_EVENT=daemon"))
        .contains("\"AEIOU_STATE\":\"starting\"", "\"AEIOU_STATE\":\"mounted\"");
  }

  @Test
  @Order(3)
  void aReloadIsWaitedForAndFailsWhereTheFileIsWrong() throws Exception {
    box.shell("echo 'systems: {core1: 7}' > /etc/aeiou/net.yaml");
    assertThat(box.run("systemctl", "reload", "aeiou@net").exit()).isNotZero();
    assertThat(journal("AEIOU_EVENT=reload", "AEIOU_DONE=false")).contains("not reloaded: ");
    box.shell("echo 'systems: {core1: {address: 127.0.0.1:1}, core2: {}}' > /etc/aeiou/net.yaml");
    box.shell("sed -i 's/core2: {}/core2: {address: \"127.0.0.1:2\"}/' /etc/aeiou/net.yaml");
    succeeds(box.run("systemctl", "reload", "aeiou@net"));
    assertThat(show("aeiou@net"))
        .containsEntry("ActiveState", "active")
        .hasEntrySatisfying("StatusText", text -> assertThat(text).contains("2 systems"));
  }

  @Test
  @Order(4)
  void theOneThatComesSecondIsRefusedAndTheFirstKeepsItsMount() throws Exception {
    assertThat(box.run("systemctl", "start", "aeiou@second").exit()).isNotZero();
    assertThat(show("aeiou@second"))
        .containsEntry("ActiveState", "failed")
        .containsEntry("NRestarts", "0")
        .containsEntry("ExecMainStatus", "4");
    succeeds(box.run("cat", "/net/.aeiou/version"));
    assertThat(box.run("systemctl", "start", "aeiou@nowhere").exit()).isNotZero();
  }

  @Test
  @Order(5)
  void oneThatIsKilledLeavesNoDeadMountAndIsStartedAgain() throws Exception {
    String before = show("aeiou@net").get("MainPID");
    succeeds(box.run("kill", "-KILL", before));
    eventually("started again", () -> show("aeiou@net").get("NRestarts").equals("1"));
    eventually("mounted", () -> box.run("cat", "/net/.aeiou/version").exit() == 0);
    assertThat(box.run("grep", "-c", " /net fuse.aeiou ", "/proc/mounts").out()).isEqualTo("1\n");
  }

  @Test
  @Order(6)
  void oneThatStandsStillIsEndedByTheWatchdog() throws Exception {
    succeeds(box.run("systemctl", "start", "aeiou@frozen"));
    String main = show("aeiou@frozen").get("MainPID");
    succeeds(box.run("kill", "-STOP", main));
    eventually("ended", () -> show("aeiou@frozen").get("Result").equals("watchdog"));
    eventually("gone", () -> box.run("grep", " /frozen ", "/proc/mounts").exit() != 0);
  }

  @Test
  @Order(7)
  void asAnotherUserItMountsThroughFusermount() throws Exception {
    box.shell("install -d -o aeiou /users");
    succeeds(box.run("systemctl", "start", "aeiou@users"));
    String main = show("aeiou@users").get("MainPID");
    assertThat(box.run("cat", "/proc/" + main + "/status").out()).contains("Uid:\t998\t998");
    succeeds(box.run("runuser", "-u", "aeiou", "--", "cat", "/users/.aeiou/version"));
    assertThat(box.run("runuser", "-u", "aeiou", "--", "cat", "/users/.aeiou/attach").out())
        .startsWith("/run/aeiou-user/aeiou/");
    succeeds(box.run("systemctl", "reload", "aeiou@users"));
    succeeds(box.run("systemctl", "stop", "aeiou@users"));
    assertThat(box.run("grep", " /users ", "/proc/mounts").exit()).isNotZero();
  }

  @Test
  @Order(8)
  void stopUnmountsInGoodOrder() throws Exception {
    Commands.Result stop = box.run("systemctl", "stop", "aeiou@net");
    succeeds(stop);
    assertThat(show("aeiou@net"))
        .containsEntry("Result", "success")
        .containsEntry("ActiveState", "inactive");
    assertThat(box.run("grep", " /net ", "/proc/mounts").exit()).isNotZero();
    assertThat(journal("AEIOU_EVENT=daemon", "AEIOU_STATE=stopping"))
        .contains("\"AEIOU_CAUSE\":\"SIGTERM\"");
  }

  @Test
  @Order(9)
  void theUnitsAreFreeOfMistakesAndGiveUpWhatTheyCan() throws Exception {
    succeeds(box.run("systemd-analyze", "verify", "--man=no", "aeiou@net.service"));
    String security =
        box.run(
                "systemd-analyze",
                "security",
                "--offline=yes",
                "--threshold=50",
                "aeiou@net.service")
            .out();
    assertThat(security).contains("Overall exposure level for aeiou@net.service: 4.");
    succeeds(box.run("systemd-analyze", "verify", "--man=no", "aeiou-poller@net.service"));
    assertThat(
            box.run(
                    "systemd-analyze",
                    "security",
                    "--offline=yes",
                    "--threshold=50",
                    "aeiou-poller@net.service")
                .out())
        .contains("Overall exposure level for aeiou-poller@net.service: 1.");
    // What would hide the mount from everybody else.
    String unit = Files.readString(UNITS.resolve("aeiou@.service"), UTF_8);
    assertThat(unit)
        .doesNotContainPattern(
            "(?m)^(Private(Tmp|Devices|Mounts|Users)|Protect\\w+|ReadOnlyPaths|InaccessiblePaths"
                + "|BindPaths|TemporaryFileSystem|RootDirectory|DynamicUser|MemoryDeny\\w+)=");
  }
}
