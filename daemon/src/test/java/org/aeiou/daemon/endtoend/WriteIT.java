package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.snmp.Snmpd;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.aeiou.daemon.testing.Programs;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people type to write to Net-SNMP's agent, and what its own tools say came of it. */
@Needs({Thing.FUSE, Thing.SNMPD, Thing.SNMPGET, Thing.PYTHON3, Thing.GETFATTR})
class WriteIT {
  private static final Oid SYS_LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final Oid TRAPS = Oid.parse("1.3.6.1.2.1.11.30.0");

  /** Of the files, and of one of the users. */
  private static final String GROUP = "45678";

  private static final String ALLOWED =
      "system/sysLocation, system/sysContact, traps/*, 'interfaces/lo/ifAlias'";

  private static final String CATALOGUE =
      """
      groups:
        traps:
          probe: 1.3.6.1.2.1.11
          scalars:
            snmpEnableAuthenTraps:
              {oid: 1.3.6.1.2.1.11.30, type: INTEGER, labels: enabled(1) disabled(2), access: read-write}
      """;

  @TempDir static Path folder;
  @RegisterExtension final Programs programs = new Programs();
  private static Snmpd snmpd;
  private static DaemonProcess daemon;
  private static Path configuration;

  @BeforeAll
  static void start() throws Exception {
    // Another user is to get as far as the mount.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    snmpd = new Snmpd(Files.createDirectory(folder.resolve("snmpd")));
    snmpd.letWrite("");
    snmpd.start();
    Files.writeString(folder.resolve("traps.yaml"), CATALOGUE);
    configuration = folder.resolve("net.yaml");
    configure(ALLOWED);
    daemon = DaemonProcess.mount(configuration, Files.createDirectory(folder.resolve("net")));
  }

  private static void configure(String allowed) throws Exception {
    Files.writeString(
        configuration,
        """
        catalogue: [traps.yaml]
        mount: {group: %s, allow-other: true}
        ttl: {config: 1h}
        write: {allow: [%s], snmp: {community: private}}
        systems:
          core1: {address: "%3$s"}
          refusing: {address: "%3$s", write: {snmp: {community: public}}}
          deaf: {address: "%3$s", snmp: {timeout: 200ms}, write: {snmp: {community: wrong}}}
        """
            .formatted(GROUP, allowed, snmpd.address()));
  }

  @AfterAll
  static void stop() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (snmpd != null) {
      snmpd.close();
    }
  }

  /** Runs a line of shell, in which {@code $0} is the file. */
  private static Commands.Result shell(String file, String line) {
    return Commands.run("bash", "-c", "export LC_ALL=C; " + line, daemon.path(file).toString());
  }

  private static void good(Commands.Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
  }

  private static String error(String file) {
    return shell(file, "getfattr --only-values --absolute-names -n user.aeiou.error $0").out();
  }

  private static String snmpget(Oid oid) throws Exception {
    return snmpd.tool("snmpget", snmpd.address(), oid.toString()).get(oid);
  }

  private static String hexadecimal(String text) {
    StringBuilder all = new StringBuilder("Hex-STRING:");
    text.chars().forEach(c -> all.append(" %02X".formatted(c)));
    return all.toString();
  }

  @Test
  void everyToolWritesAndEveryReaderSeesIt() throws Exception {
    List<String> ways =
        List.of(
            "echo VALUE > $0",
            "printf VALUE > $0",
            "echo VALUE | tee $0 > /dev/null",
            "echo VALUE | dd status=none of=$0 conv=fsync",
            "f=$(mktemp); echo VALUE > $f; cp $f $0; s=$?; rm $f; exit $s",
            "python3 -c 'with open(__import__(\"sys\").argv[1], \"w\") as f: f.write(\"VALUE\")' $0");
    for (int i = 0; i < ways.size(); i++) {
      String value = "rack-" + i + "x".repeat(30 - 6 * i);
      String way = ways.get(i).replace("VALUE", value);

      good(shell("core1/system/sysLocation", way));

      assertThat(shell("core1/system/sysLocation", "cat $0").out()).as(way).isEqualTo(value + "\n");
      assertThat(snmpget(SYS_LOCATION)).as(way).isEqualTo(hexadecimal(value));
    }
    assertThat(error("core1/system/sysLocation")).isEmpty();
  }

  @Test
  void aRowIsWrittenAndAStateByItsLabelOrItsNumber() throws Exception {
    good(shell("core1/interfaces/lo/ifAlias", "echo 'to the rack' > $0"));
    assertThat(shell("core1/interfaces/lo/ifAlias", "cat $0").out()).isEqualTo("to the rack\n");

    String traps = "core1/traps/snmpEnableAuthenTraps";
    good(shell(traps, "echo enabled > $0"));
    assertThat(snmpget(TRAPS)).isEqualTo("INTEGER: 1");
    good(shell(traps, "echo 2 > $0"));
    assertThat(shell(traps, "cat $0").out()).isEqualTo("disabled\n");
    assertThat(snmpget(TRAPS)).isEqualTo("INTEGER: 2");
  }

  @Test
  void whatIsNoValueReachesNoAgentAndIsExplained() throws Exception {
    String traps = "core1/traps/snmpEnableAuthenTraps";
    String before = shell(traps, "cat $0").out();

    assertThat(shell(traps, "echo off > $0").err()).contains("write error: Invalid argument");
    assertThat(error(traps)).contains("off", "enabled", "disabled");
    assertThat(shell(traps, "echo 7 > $0").err()).contains("write error: ");
    assertThat(shell(traps, "echo enabled >> $0").err()).contains("write error: Invalid argument");
    assertThat(error(traps)).contains("with '>'");
    assertThat(shell("core1/system/sysLocation", "printf '%300s' x > $0").err())
        .contains("write error: Numerical result out of range");
    assertThat(error("core1/system/sysLocation")).contains("sysLocation", "255");

    assertThat(shell(traps, "cat $0").out()).isEqualTo(before);
    good(shell(traps, "cat $0 > /dev/null; echo disabled > $0"));
    assertThat(error(traps)).isEmpty();
  }

  @Test
  void whoMayNotWriteIsToldSo() {
    String name = "core1/system/sysName";
    assertThat(shell(name, "echo x > $0").err()).contains("Read-only file system");
    assertThat(shell("refusing/system/sysContact", "echo x > $0").err())
        .contains("write error: Permission denied");
    assertThat(error("refusing/system/sysContact")).startsWith("last write: ");

    String contact = "core1/system/sysContact";
    assertThat(as("65534", "65534", contact, "echo x > $0").err()).contains("Permission denied");
    assertThat(as("65534", GROUP, name, "echo x > $0").err()).contains("Permission denied");
    good(as("65534", GROUP, contact, "echo nobody > $0"));
    assertThat(as("65534", "65534", contact, "cat $0").out()).isEqualTo("nobody\n");
    assertThat(shell(contact, "stat -c '%A %g' $0").out()).isEqualTo("-rw-rw-r-- " + GROUP + "\n");
  }

  /** Another user, of another group. */
  private static Commands.Result as(String uid, String gid, String file, String line) {
    return Commands.run(
        Stream.concat(
                Stream.of("setpriv", "--reuid", uid, "--regid", gid, "--clear-groups"),
                Stream.of("bash", "-c", "export LC_ALL=C; " + line, daemon.path(file).toString()))
            .toList());
  }

  @Test
  void aWriteThatIsNotAnsweredMayHaveHappened() {
    String contact = "deaf/system/sysContact";
    assertThat(shell(contact, "echo x > $0").err()).contains("write error: Connection timed out");
    assertThat(error(contact)).startsWith("last write: ").contains("may have happened");
    good(shell(contact, "cat $0 > /dev/null"));
  }

  @Test
  void aReaderThatPollsWakesWithTheValueThatWasReadBack() throws Exception {
    Running poller =
        programs.python(
            """
            import os, select, sys
            file = os.open(sys.argv[1], os.O_RDONLY)
            before = os.read(file, 300)
            poll = select.poll()
            poll.register(file, select.POLLPRI | select.POLLERR)
            print('waits', flush=True)
            poll.poll(20_000)
            print(os.pread(file, 300, 0).decode(), end='')
            """,
            daemon.path("core1/system/sysContact").toString());
    eventually("it waits", () -> poller.said().startsWith("waits"));

    String value = "polled " + System.nanoTime();
    good(shell("core1/system/sysContact", "echo " + value + " > $0"));

    assertThat(poller.await().good()).isEqualTo("waits\n" + value + "\n");
  }

  @Test
  void namesAndModesAreNotChanged() {
    assertThat(shell("core1/system/sysLocation", "sed -i s/a/b/ $0").err())
        .contains("couldn't open temporary file", "Permission denied");
    assertThat(shell("core1/system/sysLocation", "touch $0").err())
        .contains("Operation not permitted");
    assertThat(shell("core1/system/sysLocatoin", "echo x > $0").err())
        .contains("Permission denied");
  }

  @Test
  void aReloadChangesTheModesThatTheKernelKeeps() throws Exception {
    String mode = "stat -c %A $0";
    String alias = "core1/interfaces/lo/ifAlias";
    good(shell("core1/system/sysContact", "cat $0 > /dev/null"));
    assertThat(shell(alias, "cat $0 > /dev/null; " + mode).out()).isEqualTo("-rw-rw-r--\n");
    try {
      configure("'interfaces/*/*'");
      daemon.signal("HUP");
      eventually(
          "the kernel knows of the mode",
          () -> shell("core1/system/sysContact", mode).out().equals("-r--r--r--\n"));
      assertThat(shell(alias, mode).out()).isEqualTo("-rw-rw-r--\n");
      assertThat(shell("core1/system/sysContact", "echo x > $0").err())
          .contains("Read-only file system");
    } finally {
      configure(ALLOWED);
      daemon.signal("HUP");
    }
    eventually(
        "it may be written again",
        () -> shell("core1/system/sysContact", mode).out().equals("-rw-rw-r--\n"));
  }
}
