package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.snmp.Snmpd;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Net-SNMP's agent, read through the mount and with its own tools. */
@Needs({Thing.FUSE, Thing.SNMPD, Thing.SNMPGET, Thing.PYTHON3})
class RealAgentIT {
  /** What moves by itself between two readings. */
  private static final Pattern MOVING =
      Pattern.compile(
          ".*/(sysUpTime|hrSystem(Uptime|Date|Processes|NumUsers)|hr(Storage(Used|Size)|ProcessorLoad|SWRunPerf.*)"
              + "|if(HC)?(In|Out).*|ifLastChange|ifCounterDiscontinuityTime)");

  @TempDir Path folder;

  @Test
  void whatIsReadThroughTheMountIsWhatNetSnmpReads() throws Exception {
    UsmUser user = Snmpd.user(Authentication.SHA_256, Privacy.NONE);
    Path state = Files.createDirectory(folder.resolve("snmpd"));
    Path mountPoint = Files.createDirectory(folder.resolve("net"));
    try (Snmpd snmpd = new Snmpd(state)) {
      snmpd.start();
      Path configuration = folder.resolve("net.yaml");
      Files.writeString(
          configuration,
          """
          systems:
            community: {address: "%s"}
            user:
              address: "%s"
              snmp: {version: 3, user: "%s", auth: {protocol: SHA-256, pass: "%s"}}
          """
              .formatted(snmpd.address(), snmpd.address(), user.name(), Snmpd.AUTH_PASS));
      try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
        for (String system : List.of("community", "user")) {
          int compared =
              compare(
                      snmpd,
                      Tree.read(daemon.path(system + "/system"), daemon.path(system + "/host")))
                  + compareTable(snmpd, Tree.read(daemon.path(system + "/interfaces")));
          assertThat(compared).isGreaterThan(20);
        }
      }
    }
  }

  /** Each scalar against an snmpget of it; returns how many were compared. */
  private static int compare(Snmpd snmpd, List<Tree.File> files) throws Exception {
    int compared = 0;
    for (Tree.File file : files) {
      if (file.error() == 0 && !MOVING.matcher(file.path()).matches()) {
        Map<Oid, String> printed = snmpd.tool("snmpget", snmpd.address(), "." + file.oid());
        assertThat(file.raw()).as(file.path()).isEqualTo(raw(printed.get(file.oid())));
        compared++;
      }
    }
    return compared;
  }

  /**
   * The interfaces against an snmpbulkwalk of both tables; returns how many cells were compared.
   */
  private static int compareTable(Snmpd snmpd, List<Tree.File> files) throws Exception {
    Map<Oid, String> printed = snmpd.tool("snmpbulkwalk", snmpd.address(), ".1.3.6.1.2.1.2.2");
    printed.putAll(snmpd.tool("snmpbulkwalk", snmpd.address(), ".1.3.6.1.2.1.31.1.1"));
    int compared = 0;
    for (Tree.File file : files) {
      if (file.error() == 0) {
        assertThat(printed).as(file.path()).containsKey(file.oid());
        if (!MOVING.matcher(file.path()).matches()) {
          assertThat(file.raw()).as(file.path()).isEqualTo(raw(printed.get(file.oid())));
          compared++;
        }
      }
    }
    long rows =
        printed.keySet().stream()
            .filter(oid -> oid.startsWith(Oid.parse("1.3.6.1.2.1.2.2.1.1")))
            .count();
    assertThat(files.stream().filter(file -> file.path().endsWith("/ifIndex"))).hasSize((int) rows);
    return compared;
  }

  /** What the tool printed, as the extended attribute has it. */
  private static String raw(String printed) {
    String value = printed.replaceFirst("^[A-Za-z0-9-]+: ?", "").strip();
    if (printed.startsWith("Hex-STRING:")) {
      return value.replace(" ", "").toLowerCase(Locale.ROOT);
    }
    if (value.equals("\"\"")) {
      return "";
    }
    return value.startsWith(".") ? value.substring(1) : value;
  }
}
