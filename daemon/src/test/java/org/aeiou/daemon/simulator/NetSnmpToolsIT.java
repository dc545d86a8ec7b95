package org.aeiou.daemon.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agents, asked by the tools that operators use. */
@Needs(Thing.SNMPGET)
@Timeout(120)
class NetSnmpToolsIT {
  private static final String SYS_NAME = ".1.3.6.1.2.1.1.5.0";
  private static final List<String> CIPHERS = List.of("DES", "AES-128", "AES-192", "AES-256");

  @TempDir static Path home;
  private static SimulatedNetwork network;

  @BeforeAll
  static void start() throws IOException {
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(4)
                .rows(12)
                .firstAddress("127.9.1.1")
                .port(0)
                .users(users().toArray(UsmUser[]::new))
                .build());
  }

  @AfterAll
  static void stop() {
    if (network != null) {
      network.close();
    }
  }

  static List<UsmUser> users() {
    List<UsmUser> users = new ArrayList<>(SimulationOptions.USERS);
    for (Authentication authentication : Authentication.values()) {
      for (Privacy privacy : Privacy.values()) {
        if (authentication != Authentication.NONE) {
          users.add(
              new UsmUser(
                  authentication + "+" + privacy,
                  authentication,
                  new Secret("authenticate me"),
                  privacy,
                  privacy == Privacy.NONE ? null : new Secret("encrypt this"),
                  ""));
        }
      }
    }
    return users;
  }

  @Test
  void snmpgetReadsInV1AndV2c() throws Exception {
    assertThat(run("snmpget", "-v1", "-cpublic", "-Oqv", agent(), SYS_NAME))
        .containsExactly("core1");
    assertThat(run("snmpget", "-v2c", "-cpublic", "-Oqv", agent(), SYS_NAME))
        .containsExactly("core1");
    assertThat(run("snmpget", "-v2c", "-cpublic", "-On", agent(), ".1.3.6.1.2.1.25.1.1.0"))
        .containsExactly(
            ".1.3.6.1.2.1.25.1.1.0 = No Such Object available on this agent at this OID");
    assertThat(run("snmpget", "-v2c", "-cpublic", "-On", agent(), ".1.3.6.1.2.1.1.5.1"))
        .containsExactly(".1.3.6.1.2.1.1.5.1 = No Such Instance currently exists at this OID");
  }

  @Test
  void bulkWalkOfAllIsWhatTheAgentHolds() throws Exception {
    for (SimulatedAgent agent : network.agents()) {
      List<String> names =
          run("snmpbulkwalk", "-v2c", "-cpublic", "-Onq", "-Cc", at(agent), ".1").stream()
              .filter(line -> line.startsWith("."))
              .filter(line -> !line.contains("No more variables"))
              .map(line -> line.substring(1, line.indexOf(' ')))
              .toList();
      assertThat(names)
          .containsExactlyElementsOf(agent.objects().keySet().stream().map(Oid::toString).toList());
    }
  }

  @Test
  void v1WalkLeavesTheCounter64sOut() throws Exception {
    List<String> lines =
        run("snmpwalk", "-v1", "-cpublic", "-On", agent(), ".1.3.6.1.2.1.31.1.1.1");
    assertThat(lines).hasSize(12 * 11).noneMatch(line -> line.contains("Counter64"));
  }

  @ParameterizedTest
  @MethodSource("users")
  void everyUserOfV3IsAnswered(UsmUser user) throws Exception {
    List<String> command = new ArrayList<>(List.of("snmpget", "-v3", "-u", user.name(), "-Oqv"));
    command.add("-l");
    command.add(
        user.authentication() == Authentication.NONE
            ? "noAuthNoPriv"
            : user.privacy() == Privacy.NONE ? "authNoPriv" : "authPriv");
    if (user.authentication() != Authentication.NONE) {
      command.addAll(List.of("-a", user.authentication().name().replace('_', '-')));
      command.addAll(List.of("-A", user.authenticationPass().reveal()));
    }
    if (user.privacy() != Privacy.NONE) {
      String cipher = user.privacy().name().replace('_', '-');
      assertThat(CIPHERS).contains(cipher);
      command.addAll(List.of("-x", cipher, "-X", user.privacyPass().reveal()));
    }
    command.addAll(List.of(agent(), SYS_NAME));
    assertThat(run(command.toArray(String[]::new))).containsExactly("core1");
  }

  @Test
  void v3WalkWithPrivacyReadsATable() throws Exception {
    String[] login = {"-v3", "-lauthPriv", "-uops", "-aSHA-256", "-Asimulated-auth", "-xAES"};
    List<String> command = new ArrayList<>(List.of("snmpwalk"));
    command.addAll(List.of(login));
    command.addAll(List.of("-Xsimulated-privacy", "-Oqv", agent(), ".1.3.6.1.2.1.31.1.1.1.1"));
    assertThat(run(command.toArray(String[]::new))).hasSize(12).contains("lo", "eth0", "eth10");
  }

  @Test
  void wrongPasswordsAndUsersAreReported() throws Exception {
    String right = "simulated-auth";
    assertThat(v3("-uops", "-lauthNoPriv", "-aSHA-256", "-Awrong-password"))
        .anyMatch(line -> line.contains("Authentication failure"));
    assertThat(v3("-unobody", "-lauthNoPriv", "-aSHA-256", "-A" + right))
        .anyMatch(line -> line.contains("Unknown user name"));
    assertThat(v3("-unopriv", "-lauthPriv", "-aSHA", "-A" + right, "-xAES", "-Xsimulated-privacy"))
        .anyMatch(line -> line.contains("Unsupported security level"));
    assertThat(v3("-uops", "-lauthNoPriv", "-aSHA-256", "-A" + right, "-nother"))
        .anyMatch(line -> line.contains("Bad context"));
    assertThat(v3("-uops", "-lauthPriv", "-aSHA-256", "-A" + right, "-xAES", "-Xwrong-password"))
        .anyMatch(line -> line.contains("Decryption error"));
  }

  private static List<String> v3(String... login) throws Exception {
    List<String> command = new ArrayList<>(List.of("snmpget", "-v3", "-r0", "-t2"));
    command.addAll(List.of(login));
    command.addAll(List.of(agent(), SYS_NAME));
    return run(command.toArray(String[]::new));
  }

  private static String agent() {
    return at(network.agent("core1"));
  }

  private static String at(SimulatedAgent agent) {
    return agent.address().getAddress().getHostAddress() + ":" + agent.address().getPort();
  }

  /** Runs a tool, without MIBs and without settings; returns its lines, without quotes. */
  private static List<String> run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MIBS", "");
    builder.environment().put("HOME", home.toString());
    builder.environment().put("SNMP_PERSISTENT_DIR", home.toString());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      return Splitter.on('\n')
          .omitEmptyStrings()
          .splitToStream(output.replace("\"", ""))
          .filter(line -> !line.startsWith("Created directory"))
          .toList();
    } finally {
      process.destroyForcibly();
    }
  }
}
