package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.snmp.Snmpd;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.Written;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing to Net-SNMP's agent, whose own tools say what came of it. */
@Needs({Thing.SNMPD, Thing.SNMPGET})
class WritingIT {
  private static final Author AUTHOR = new Author(1000, 4242);
  private static final Oid SYS_CONTACT = Oid.parse("1.3.6.1.2.1.1.4.0");
  private static final Oid SYS_NAME = Oid.parse("1.3.6.1.2.1.1.5.0");
  private static final Oid SYS_LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");

  @TempDir Path folder;
  private Snmpd snmpd;
  private Daemon daemon;
  private AttributeService files;

  @BeforeEach
  void start() throws Exception {
    snmpd = new Snmpd(Files.createDirectory(folder.resolve("snmpd")));
    snmpd.letWrite("");
    snmpd.start();
    UsmUser user = Snmpd.user(Authentication.SHA, Privacy.AES_128);
    Configuration configuration =
        configure(
            """
            write: {allow: [system/*], snmp: {community: private}}
            systems:
              v1: {address: "%1$s", snmp: {version: 1}}
              v2c: {address: "%1$s"}
              v3:
                address: "%1$s"
                snmp: {version: 3, user: "%2$s", auth: {protocol: SHA, pass: "%3$s"},
                       privacy: {protocol: AES, pass: "%4$s"}}
              with-user:
                address: "%1$s"
                write: {snmp: {version: 3, user: "%2$s", auth: {protocol: SHA, pass: "%3$s"},
                        privacy: {protocol: AES, pass: "%4$s"}}}
              with-readers-community: {address: "%1$s", write: {snmp: {community: public}}}
              with-wrong-community:
                address: "%1$s"
                snmp: {timeout: 300ms}
                write: {snmp: {community: wrong}}
            """
                .formatted(snmpd.address(), user.name(), Snmpd.AUTH_PASS, Snmpd.PRIV_PASS));
    daemon =
        new Daemon(
            folder.resolve("net.yaml"),
            configuration,
            Backends.ALL,
            Catalogue.load(List.of()),
            new EventLog(InstantSource.system()));
    files = daemon.service();
  }

  private Configuration configure(String text) throws Exception {
    Path file = folder.resolve("net.yaml");
    Files.writeString(file, text);
    return ConfigurationReader.read(file, Map.of(), Backends.ALL);
  }

  @AfterEach
  void stop() throws Exception {
    daemon.close();
    snmpd.close();
  }

  private Node node(String path) throws Exception {
    CompletableFuture<Outcome<Node>> found = new CompletableFuture<>();
    files.resolve(
        files.requester(0), path, (none, outcome, delayed) -> found.complete(outcome), null);
    return ((Reading<Node>) found.get(20, TimeUnit.SECONDS)).value();
  }

  private String read(String path) throws Exception {
    CompletableFuture<Outcome<Content>> read = new CompletableFuture<>();
    files.read(
        files.requester(0), node(path), (none, outcome, delayed) -> read.complete(outcome), null);
    return new String(((Reading<Content>) read.get(20, TimeUnit.SECONDS)).value().value(), UTF_8);
  }

  /** Writes paths and texts, in pairs. */
  private Outcome<Written> write(String... pathsAndTexts) throws Exception {
    List<Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      assignments.add(new Assignment(node(pathsAndTexts[i]), pathsAndTexts[i + 1]));
    }
    CompletableFuture<Outcome<Written>> written = new CompletableFuture<>();
    files.write(
        AUTHOR,
        files.requester(1000),
        assignments,
        (none, outcome, delayed) -> written.complete(outcome),
        null);
    return written.get(20, TimeUnit.SECONDS);
  }

  private static List<Written.Change> changes(Outcome<Written> outcome) {
    assertThat(outcome).isInstanceOf(Reading.class);
    return ((Reading<Written>) outcome).value().changes();
  }

  private String snmpget(Oid oid) throws Exception {
    return snmpd.tool("snmpget", snmpd.address(), oid.toString()).get(oid);
  }

  private static String hex(String text) {
    StringBuilder hex = new StringBuilder("Hex-STRING:");
    for (byte octet : text.getBytes(UTF_8)) {
      hex.append(String.format(" %02X", octet));
    }
    return hex.toString();
  }

  @Test
  void whatIsWrittenIsWhatSnmpgetAndEveryReaderSeeInEachVersion() throws Exception {
    for (String system : List.of("v1", "v2c", "v3", "with-user")) {
      String before = read(system + "/system/sysLocation");
      String text = "Rack of " + system;
      Outcome<Written> outcome = write(system + "/system/sysLocation", text + "\n");
      Written.Change change = changes(outcome).get(0);
      assertThat(change.before()).isEqualTo(before);
      assertThat(change.after()).isEqualTo(text);
      assertThat(snmpget(SYS_LOCATION)).isEqualTo(hex(text));
      assertThat(read(system + "/system/sysLocation")).isEqualTo(text);
    }
    assertThat(daemon.metrics().asLines()).contains("service.writes.done: 4");
  }

  @Test
  void whatSnmpsetWroteIsReadAsWhatWasThereBefore() throws Exception {
    read("v2c/system/sysLocation");
    assertThat(
            snmpd.tool(
                "snmpset", "-cprivate", snmpd.address(), SYS_LOCATION.toString(), "s", "elsewhere"))
        .isNotEmpty();
    assertThat(changes(write("v2c/system/sysLocation", "here")).get(0).before())
        .isEqualTo("elsewhere");
  }

  @Test
  void severalAttributesOfAGroupAreWrittenTogetherOrNotAtAll() throws Exception {
    List<Written.Change> changes =
        changes(write("v2c/system/sysContact", "me", "v2c/system/sysName", "core7"));
    assertThat(changes).extracting(Written.Change::after).containsExactly("me", "core7");
    assertThat(snmpget(SYS_CONTACT)).isEqualTo(hex("me"));
    assertThat(snmpget(SYS_NAME)).isEqualTo(hex("core7"));
    assertThat(daemon.metrics().asLines()).contains("snmp.sets.done: 1");
  }

  @Test
  void theReadersCommunityMayNotWriteAndTheAgentSaysSo() throws Exception {
    Outcome<Written> outcome = write("with-readers-community/system/sysName", "core8");
    assertThat(outcome).isInstanceOf(Failure.class);
    Failure<Written> failure = (Failure<Written>) outcome;
    assertThat(failure.reason()).isEqualTo(Failure.Reason.REFUSED);
    assertThat(failure.message())
        .isEqualTo(
            "with-readers-community: the agent does not let sysName be written with these"
                + " credentials: check 'write: {snmp: …}' in the configuration, and what the agent"
                + " lets them write (No access)");
    assertThat(snmpget(SYS_NAME)).isEqualTo(hex("core1"));
  }

  @Test
  void aWrongCommunityLooksLikeALostAnswerAndTheMessageSaysBoth() throws Exception {
    Failure<Written> failure =
        (Failure<Written>) write("with-wrong-community/system/sysName", "core8");
    assertThat(failure.reason()).isEqualTo(Failure.Reason.TIMEOUT);
    assertThat(failure.message())
        .isEqualTo(
            "with-wrong-community did not answer within 300 ms (1 attempt); a wrong community looks"
                + " like this, too: it may have happened");
  }

  @Test
  void aTextThatIsTooLongIsNotSent() throws Exception {
    Failure<Written> failure = (Failure<Written>) write("v2c/system/sysName", "x".repeat(256));
    assertThat(failure.reason()).isEqualTo(Failure.Reason.OUT_OF_RANGE);
    assertThat(failure.message()).isEqualTo("sysName: has 256 octets; expected 0 to 255");
    assertThat(daemon.metrics().asLines()).contains("service.writes.refused-by-check: 1");
  }

  @Test
  void aReloadAllowsAndForbidsAtOnce() throws Exception {
    assertThat(files.isWritable(node("v2c/system/sysName"))).isTrue();
    daemon.reload(configure("systems: {v2c: \"" + snmpd.address() + "\"}\n"), "a new start");
    assertThat(files.isWritable(node("v2c/system/sysName"))).isFalse();
    Failure<Written> failure = (Failure<Written>) write("v2c/system/sysName", "core9");
    assertThat(failure.reason()).isEqualTo(Failure.Reason.NOT_WRITABLE);
    assertThat(snmpget(SYS_NAME)).isEqualTo(hex("core1"));
  }
}
