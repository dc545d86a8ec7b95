package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.backend.snmp.Snmpd;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code .health} says of systems that do not answer because something is configured wrong.
 */
@Needs({Thing.FUSE, Thing.SNMPD, Thing.SNMPGET})
class CredentialsIT {
  @TempDir Path folder;

  @Test
  void aSystemThatDoesNotAnswerSaysWhatMayBeWrong() throws Exception {
    UsmUser user = Snmpd.user(Authentication.SHA, Privacy.AES_128);
    Path state = Files.createDirectory(folder.resolve("snmpd"));
    Path mountPoint = Files.createDirectory(folder.resolve("net"));
    try (Snmpd snmpd = new Snmpd(state)) {
      snmpd.start();
      Path configuration = folder.resolve("net.yaml");
      Files.writeString(
          configuration,
          """
          defaults: {snmp: {timeout: 600ms, retries: 1}}
          systems:
            privacy:
              address: "%1$s"
              snmp: {version: 3, user: "%2$s", auth: {protocol: SHA, pass: "%3$s"},
                     privacy: {protocol: AES-128, pass: "not-the-right-one"}}
            digest:
              address: "%1$s"
              snmp: {version: 3, user: "%2$s", auth: {protocol: SHA, pass: "not-the-right-one"},
                     privacy: {protocol: AES-128, pass: "%4$s"}}
            community: {address: "%1$s", snmp: {community: "not-the-right-one"}}
            host: {address: "no-such-host.invalid"}
          """
              .formatted(snmpd.address(), user.name(), Snmpd.AUTH_PASS, Snmpd.PRIV_PASS));
      try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
        assertThat(error(daemon, "privacy")).contains("Connection timed out");
        assertThat(health(daemon, "privacy"))
            .contains(
                "the agent is there (it tells its engine id and accepts the authentication) and does"
                    + " not answer what is encrypted: check privacy.protocol and privacy.pass");
        assertThat(error(daemon, "digest")).contains("Permission denied");
        assertThat(health(daemon, "digest")).contains("check auth.protocol and auth.pass");
        assertThat(error(daemon, "community")).contains("Connection timed out");
        assertThat(health(daemon, "community")).contains("a wrong community looks like this, too");
        assertThat(error(daemon, "host")).contains("No route to host");
        assertThat(error(daemon, "host")).contains("No route to host");
        assertThat(health(daemon, "host"))
            .contains("state: down", "the host name 'no-such-host.invalid' is not known");
        assertThat(daemon.log()).doesNotContain("not-the-right-one", Snmpd.AUTH_PASS);
      }
    }
  }

  private static String error(DaemonProcess daemon, String system) {
    return Commands.run("cat", daemon.path(system + "/system/sysName").toString()).err();
  }

  private static String health(DaemonProcess daemon, String system) {
    String health = Commands.run("cat", daemon.path(system + "/.health").toString()).out();
    assertThat(health).doesNotContain("not-the-right-one", Snmpd.AUTH_PASS, Snmpd.PRIV_PASS);
    return health;
  }
}
