package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.snmp.Snmpd;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traps and informs of Net-SNMP's tools, and Net-SNMP's agent, which is read again then. */
@Needs({Thing.FUSE, Thing.SNMPD, Thing.SNMPGET, Thing.PYTHON3})
@Timeout(120)
class TrapsIT {
  private static final String LISTEN = "127.44.1.1:11620";
  private static final String OBJECT = "1.3.6.1.4.1.8072.9999.1.1.0";

  /** Hands a socket over as a service manager does, as the standard input. */
  private static final List<String> SERVICE_MANAGER =
      List.of(
          "python3",
          "-c",
          """
          import os, socket, sys
          handed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          handed.bind(("127.44.1.1", 11620))
          os.dup2(handed.fileno(), 0)
          os.execvp(sys.argv[1], sys.argv[1:])
          """);

  @TempDir Path folder;

  /** A value that the agent reads from a file each time it is asked. */
  private void value(int number) throws Exception {
    Path next = folder.resolve("next");
    Files.writeString(next, number + "\n");
    Files.move(next, folder.resolve("value"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static Commands.Result send(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    Commands.Result result = Commands.run(all);
    assertThat(result.exit()).as(result.err()).isZero();
    return result;
  }

  @Test
  void aProgramThatPollsSeesWhatTheAgentHasNowAndNotWhatTheTrapSays() throws Exception {
    UsmUser user = Snmpd.user(Authentication.SHA_512, Privacy.AES_128);
    value(1);
    Path script = folder.resolve("value.sh");
    Files.writeString(
        script,
        """
        while read -r what; do
          case $what in
            PING) echo PONG ;;
            get) read -r oid; printf '%%s\\ninteger\\n%%s\\n' "$oid" "$(cat %s)" ;;
            *) read -r oid; echo NONE ;;
          esac
        done
        """
            .formatted(folder.resolve("value")));
    Path mountPoint = Files.createDirectory(folder.resolve("net"));
    try (Snmpd snmpd = new Snmpd(Files.createDirectory(folder.resolve("snmpd")))) {
      // What is only passed on is kept for half a minute.
      snmpd.configure("pass_persist .1.3.6.1.4.1.8072.9999.1 /bin/sh " + script + "\n");
      snmpd.start();
      Path configuration = folder.resolve("net.yaml");
      Files.writeString(
          configuration,
          """
          traps: {listen: ["%s"]}
          state: state
          systems:
            community: {address: "%s"}
            user:
              address: "%s"
              snmp:
                version: 3
                user: "%s"
                auth: {protocol: SHA-512, pass: "%s"}
                privacy: {protocol: AES, pass: "%s"}
          """
              .formatted(
                  LISTEN,
                  snmpd.address(),
                  snmpd.address(),
                  user.name(),
                  Snmpd.AUTH_PASS,
                  Snmpd.PRIV_PASS));
      try (DaemonProcess daemon = DaemonProcess.mount(configuration, mountPoint)) {
        byCommunity(daemon);
        byUser(daemon, user);
        String events = Commands.run("cat", daemon.path("user/.events") + "").out();
        assertThat(events).contains("\"inform\":true").contains("\"user\":\"" + user.name());
        assertThat(Commands.run("cat", daemon.path(".aeiou/stats") + "").out())
            .contains("backend.snmp.traps.dropped.community: 0")
            .contains("backend.snmp.traps.dropped.garbage: 0");
      }
      assertThat(folder.resolve("state/engine")).content().contains("boots: 1\n");
      Files.writeString(
          configuration,
          Files.readString(configuration).replace("\"" + LISTEN + "\"", "inherited"));
      try (DaemonProcess daemon =
          DaemonProcess.mount(SERVICE_MANAGER, List.of(), configuration, mountPoint)) {
        // As an agent does that knows the engine by its id: it asks for the boots anew.
        send(inform(user, "127.44.1.1:11620", "s", "after a restart"));
        assertThat(Commands.run("cat", daemon.path("user/.events") + "").out())
            .contains("after a restart");
      }
      assertThat(folder.resolve("state/engine")).content().contains("boots: 2\n");
    }
  }

  private void byCommunity(DaemonProcess daemon) throws Exception {
    try (Polling polling = new Polling(daemon.path("community/.oid/" + OBJECT))) {
      assertThat(polling.next()).isEqualTo("1");
      value(2);
      send(
          "snmptrap",
          "-v2c",
          "-c",
          "public",
          "-m",
          "",
          LISTEN,
          "",
          ".1.3.6.1.4.1.8072.4.0.1",
          "." + OBJECT,
          "i",
          "77");
      assertThat(polling.next()).isEqualTo("2");
      value(3);
      send(
          "snmptrap",
          "-v1",
          "-c",
          "public",
          "-m",
          "",
          LISTEN,
          ".1.3.6.1.4.1.8072.4",
          "127.0.0.1",
          "6",
          "17",
          "12345",
          "." + OBJECT,
          "i",
          "77");
      assertThat(polling.next()).isEqualTo("3");
      value(4);
      send(
          "snmpinform",
          "-v2c",
          "-c",
          "public",
          "-m",
          "",
          LISTEN,
          "",
          ".1.3.6.1.4.1.8072.4.0.1",
          "." + OBJECT,
          "i",
          "77");
      assertThat(polling.next()).isEqualTo("4");
    }
    String events = Commands.run("cat", daemon.path("community/.events") + "").out();
    assertThat(events.lines())
        .hasSize(3)
        .allMatch(line -> line.contains("\"event\":\"trap\""))
        .allMatch(line -> line.contains("\"source\":\"127.0.0.1\""))
        .allMatch(line -> line.contains("{\"oid\":\"" + OBJECT + "\",\"value\":77}"))
        .anyMatch(line -> line.contains("\"oid\":\"1.3.6.1.4.1.8072.4.0.17\""))
        .anyMatch(line -> line.contains("\"version\":\"2c\",\"inform\":true"));
  }

  private static final List<String> TRAP = List.of("snmptrap", "-v3", "-e", "0x800000000102030405");

  private static String[] inform(UsmUser user, String to, String type, String value) {
    List<String> secrets = secrets(Snmpd.AUTH_PASS, Snmpd.PRIV_PASS);
    return sent(List.of("snmpinform", "-v3"), user, secrets, to, type, value);
  }

  private static List<String> secrets(String auth, String privacy) {
    return List.of("-l", "authPriv", "-a", "SHA-512", "-A", auth, "-x", "AES", "-X", privacy);
  }

  /** What sends a value of an object in the name of a user. */
  private static String[] sent(
      List<String> program,
      UsmUser user,
      List<String> secrets,
      String to,
      String type,
      String value) {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("-u", user.name()));
    command.addAll(secrets);
    command.addAll(List.of("-m", "", to, "", ".1.3.6.1.4.1.8072.4.0.1", "." + OBJECT, type, value));
    return command.toArray(String[]::new);
  }

  private void byUser(DaemonProcess daemon, UsmUser user) throws Exception {
    try (Polling polling = new Polling(daemon.path("user/.oid/" + OBJECT))) {
      assertThat(polling.next()).isEqualTo("4");
      value(5);
      send(inform(user, LISTEN, "i", "77"));
      assertThat(polling.next()).isEqualTo("5");
      value(6);
      send(sent(TRAP, user, secrets(Snmpd.AUTH_PASS, Snmpd.PRIV_PASS), LISTEN, "i", "77"));
      assertThat(polling.next()).isEqualTo("6");
      // With a wrong password, or without any, nothing is taken in.
      value(7);
      for (String pass : List.of("another-password", "")) {
        List<String> wrong = pass.isEmpty() ? List.of("-l", "noAuthNoPriv") : secrets(pass, pass);
        send(sent(TRAP, user, wrong, LISTEN, "i", "77"));
      }
      await(daemon, "backend.snmp.traps.dropped.not-authentic: 2");
    }
  }

  private static void await(DaemonProcess daemon, String line) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      if (Commands.run("cat", daemon.path(".aeiou/stats") + "").out().contains(line)) {
        return;
      }
      Thread.sleep(20);
    }
    assertThat(Commands.run("cat", daemon.path(".aeiou/stats") + "").out()).contains(line);
  }

  /** A program that polls a file, and prints what it holds at the beginning and at each change. */
  private static final class Polling implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Polling(Path file) throws Exception {
      process =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  """
                  import os, select, sys
                  file = os.open(sys.argv[1], os.O_RDONLY)
                  last = None
                  poll = select.poll()
                  poll.register(file, select.POLLPRI)
                  while True:
                      now = os.pread(file, 100, 0)
                      if now != last:
                          poll.poll(0)
                          os.pread(file, 100, 0)
                          print(now.decode().strip(), flush=True)
                          last = now
                      poll.poll(10_000)
                  """,
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    String next() throws Exception {
      return lines.readLine();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
