package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The back end against Net-SNMP's agent, compared with what Net-SNMP's own tools say. */
class SnmpdIT {
  private static final Oid SYS_NAME = Oid.parse("1.3.6.1.2.1.1.5.0");
  private static final Question.Get GET_NAME = new Question.Get(SYS_NAME);
  private static final Oid IF_ENTRY = Oid.parse("1.3.6.1.2.1.2.2.1");
  private static final Value CORE1 =
      new Value.Octets(Value.OctetsType.OCTETS, new byte[] {'c', 'o', 'r', 'e', '1'});

  private SnmpBackend backend;
  private Snmpd snmpd;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    backend =
        new SnmpBackend(
            Ticker.systemTicker(), InstantSource.system(), SnmpOptions.DEFAULT, Definitions.NONE);
    snmpd = new Snmpd(folder);
    snmpd.start();
  }

  @AfterEach
  void stop() throws IOException {
    try {
      snmpd.close();
    } finally {
      backend.close();
    }
  }

  /** As Net-SNMP's tools print it with -Ontxe and without MIBs. */
  private static String printed(Value value) {
    if (value instanceof Value.Numeric number) {
      return switch (number.type()) {
        case INTEGER -> "INTEGER: " + number;
        case COUNTER32 -> "Counter32: " + number;
        case GAUGE -> "Gauge32: " + number;
        case TIME -> number.toString();
        case COUNTER64 -> "Counter64: " + number;
      };
    }
    if (value instanceof Value.Identifier identifier) {
      return "OID: ." + identifier.oid();
    }
    Value.Octets octets = (Value.Octets) value;
    if (octets.type() == Value.OctetsType.ADDRESS) {
      List<String> parts = new ArrayList<>();
      for (byte octet : octets.octets()) {
        parts.add(Integer.toString(octet & 0xFF));
      }
      return "IpAddress: " + String.join(".", parts);
    }
    return octets.octets().length == 0
        ? "\"\""
        : "Hex-STRING: "
            + HexFormat.ofDelimiter(" ").formatHex(octets.octets()).toUpperCase(Locale.ROOT);
  }

  private static final List<Oid> STEADY =
      List.of(
          Oid.parse("1.3.6.1.2.1.1.1.0"),
          Oid.parse("1.3.6.1.2.1.1.2.0"),
          Oid.parse("1.3.6.1.2.1.1.4.0"),
          SYS_NAME,
          Oid.parse("1.3.6.1.2.1.1.6.0"),
          Oid.parse("1.3.6.1.2.1.1.8.0"),
          Oid.parse("1.3.6.1.2.1.1.9.1.2.1"),
          Oid.parse("1.3.6.1.2.1.1.9.1.3.1"),
          Oid.parse("1.3.6.1.2.1.1.9.1.4.1"),
          Oid.parse("1.3.6.1.2.1.2.1.0"),
          Oid.parse("1.3.6.1.2.1.2.2.1.2.1"),
          Oid.parse("1.3.6.1.2.1.2.2.1.4.1"),
          Oid.parse("1.3.6.1.2.1.2.2.1.5.1"),
          Oid.parse("1.3.6.1.2.1.4.20.1.1.127.0.0.1"),
          Oid.parse("1.3.6.1.2.1.4.20.1.3.127.0.0.1"));

  @Test
  void attributesEqualWhatSnmpgetSays() throws Exception {
    for (Version version : List.of(Version.V1, Version.V2C)) {
      Exchanger<Question, Value> system = backend.connect("core1", snmpd.settings(version));
      List<Outcome<Value>> outcomes =
          Asked.outcomes(system, STEADY.stream().map(Question.Get::new).toList());
      for (int i = 0; i < STEADY.size(); i++) {
        String said =
            snmpd.tool("snmpget", snmpd.address(), STEADY.get(i).toString()).get(STEADY.get(i));
        assertThat(outcomes.get(i)).as(STEADY.get(i).toString()).isInstanceOf(Reading.class);
        assertThat(printed(((Reading<Value>) outcomes.get(i)).value()))
            .as(STEADY.get(i).toString())
            .isEqualTo(said);
      }
    }
  }

  @Test
  void tablesEqualWhatSnmpbulkwalkSaysInEveryVersion() throws Exception {
    List<SnmpSettings> all = new ArrayList<>();
    all.add(snmpd.settings(Version.V1));
    all.add(snmpd.settings(Version.V2C));
    all.add(snmpd.settings(Snmpd.user(Authentication.SHA_512, Privacy.AES_256)));
    // ifIndex, ifDescr, ifType, ifMtu, ifSpeed, ifPhysAddress, ifAdminStatus; sysOR; hrSWInstalled.
    List<List<Oid>> tables =
        List.of(
            List.of(1, 2, 3, 4, 5, 6, 7).stream().map(c -> IF_ENTRY.append(c)).toList(),
            List.of(2, 3, 4).stream().map(c -> Oid.parse("1.3.6.1.2.1.1.9.1").append(c)).toList(),
            List.of(Oid.parse("1.3.6.1.2.1.25.6.3.1.2"), Oid.parse("1.3.6.1.2.1.25.6.3.1.5")));
    for (SnmpSettings settings : all) {
      Exchanger<Question, Value> system = backend.connect("core1", settings);
      for (List<Oid> columns : tables) {
        Map<Oid, String> expected = new TreeMap<>();
        for (Oid column : columns) {
          expected.putAll(snmpd.tool("snmpbulkwalk", snmpd.address(), column.toString()));
        }
        Value.Rows rows = (Value.Rows) Asked.value(system, new Question.Walk(columns));
        Map<Oid, String> walked = new TreeMap<>();
        for (Value.Row row : rows.rows()) {
          for (int c = 0; c < columns.size(); c++) {
            if (row.columns().get(c) != null) {
              walked.put(columns.get(c).append(row.index()), printed(row.columns().get(c)));
            }
          }
        }
        expected.values().removeIf(v -> v.startsWith("No "));
        assertThat(walked).isEqualTo(expected);
        assertThat(rows.rows()).isSortedAccordingTo((a, b) -> a.index().compareTo(b.index()));
      }
    }
  }

  @Test
  void everyProtocolOfVersion3IsSpoken() throws Exception {
    for (UsmUser user : Snmpd.users()) {
      Exchanger<Question, Value> system = backend.connect("core1", snmpd.settings(user));
      assertThat(Asked.value(system, GET_NAME)).as(user.name()).isEqualTo(CORE1);
    }
  }

  @Test
  void anAgentIsFoundOnceAndThenAskedWithOneMessage() throws Exception {
    Exchanger<Question, Value> system =
        backend.connect("core1", snmpd.settings(Snmpd.user(Authentication.SHA, Privacy.AES_128)));
    Asked.value(system, GET_NAME);
    // What is sent may be counted only after its answer has come.
    long before = backend.count(SnmpCounter.RECEIVED);
    for (int i = 0; i < 10; i++) {
      Asked.value(system, GET_NAME);
    }
    assertThat(backend.count(SnmpCounter.RECEIVED) - before).isEqualTo(10);
    assertThat(backend.count(SnmpCounter.V3_DISCOVERED)).isEqualTo(1);
    // One passphrase for authentication, one for privacy; a second system costs none.
    Asked.value(
        backend.connect("core2", snmpd.settings(Snmpd.user(Authentication.SHA, Privacy.AES_128))),
        GET_NAME);
    assertThat(backend.count(SnmpCounter.KEYS_DERIVED)).isEqualTo(2);
  }

  @Test
  void oneUserNameWithTwoPasswordsConfusesNoSystem() throws Exception {
    UsmUser right = Snmpd.user(Authentication.SHA, Privacy.AES_128);
    UsmUser wrong =
        new UsmUser(
            right.name(),
            right.authentication(),
            new Secret("something-else"),
            right.privacy(),
            right.privacyPass(),
            "");
    Exchanger<Question, Value> good = backend.connect("core1", snmpd.settings(right));
    Exchanger<Question, Value> bad = backend.connect("core2", snmpd.settings(wrong));
    assertThat(Asked.value(good, GET_NAME)).isEqualTo(CORE1);
    assertThat(refused(bad)).contains("wrongDigest");
    assertThat(Asked.value(good, GET_NAME)).isEqualTo(CORE1);
  }

  private static String refused(Exchanger<Question, Value> system) throws InterruptedException {
    Answer<Value> answer = Asked.of(GET_NAME).from(system).answer();
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    Failure<Value> failure = ((Answer.Failed<Value>) answer).failure();
    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(((Answer.Failed<Value>) answer).retry()).isFalse();
    assertThat(failure.message())
        .startsWith("core")
        .doesNotContain("something-else", Snmpd.AUTH_PASS, Snmpd.PRIV_PASS);
    return failure.message();
  }

  @Test
  void badCredentialsAreRefusedWithTheirCause() throws Exception {
    Secret auth = new Secret(Snmpd.AUTH_PASS);
    Secret priv = new Secret(Snmpd.PRIV_PASS);
    UsmUser stranger = new UsmUser("stranger", Authentication.SHA, auth, Privacy.NONE, null, "");
    assertThat(refused(backend.connect("core1", snmpd.settings(stranger))))
        .isEqualTo("core1: the agent knows no user 'stranger' (unknownUserName)");
    UsmUser otherProtocol =
        new UsmUser("u-SHA-NONE", Authentication.MD5, auth, Privacy.NONE, null, "");
    assertThat(refused(backend.connect("core1", snmpd.settings(otherProtocol))))
        .contains("wrongDigest");
    UsmUser noPrivacyThere =
        new UsmUser("u-SHA-NONE", Authentication.SHA, auth, Privacy.AES_128, priv, "");
    assertThat(refused(backend.connect("core1", snmpd.settings(noPrivacyThere))))
        .contains("unsupportedSecLevel");
  }

  @Test
  void anAgentThatRebootsIsAskedOn() throws Exception {
    Exchanger<Question, Value> system =
        backend.connect("core1", snmpd.settings(Snmpd.user(Authentication.SHA, Privacy.AES_128)));
    assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
    long resynchronised = backend.count(SnmpCounter.V3_RESYNCHRONISED);
    snmpd.stop();
    snmpd.start();
    assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
    assertThat(backend.count(SnmpCounter.V3_RESYNCHRONISED)).isGreaterThan(resynchronised);
    assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isZero();
  }

  @Test
  void anAgentThatChangesItsEngineIdIsAskedOn() throws Exception {
    for (UsmUser user :
        List.of(
            Snmpd.user(Authentication.SHA_256, Privacy.NONE),
            Snmpd.user(Authentication.NONE, Privacy.NONE))) {
      Exchanger<Question, Value> system = backend.connect("core1", snmpd.settings(user));
      assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
      long changed = backend.count(SnmpCounter.V3_ENGINE_CHANGED);
      snmpd.stop();
      snmpd.forget();
      snmpd.configure("engineID another-" + user.name() + "\n");
      snmpd.start();
      assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
      assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isEqualTo(changed + 1);
    }
  }

  @Test
  void anAgentThatLosesCountOfItsRebootsIsAskedOn() throws Exception {
    snmpd.stop();
    snmpd.forget();
    snmpd.configure("engineID steady\n");
    snmpd.start();
    snmpd.stop();
    snmpd.start();
    Exchanger<Question, Value> system =
        backend.connect("core1", snmpd.settings(Snmpd.user(Authentication.SHA, Privacy.AES_128)));
    assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
    snmpd.stop();
    // It keeps its engine id, but counts its reboots from the beginning.
    snmpd.forget();
    snmpd.start();
    assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
    assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isZero();
    assertThat(backend.count(SnmpCounter.V3_CLOCK_SET_BACK)).isEqualTo(1);
  }

  @Test
  void anAgentWithItsNeighboursEngineIdAndAnotherClockChangesNothingForTheNeighbour(
      @TempDir Path elsewhere) throws Exception {
    // It knows the password, too, so that all it says is authentic: the worst neighbour there is.
    snmpd.stop();
    snmpd.forget();
    snmpd.configure("engineID steady\n");
    snmpd.start();
    UsmUser user = Snmpd.user(Authentication.SHA, Privacy.AES_128);
    try (Snmpd other = new Snmpd(elsewhere)) {
      other.configure("engineID steady\n");
      for (int boots = 0; boots < 3; boots++) {
        other.stop();
        other.start();
      }
      Exchanger<Question, Value> system = backend.connect("core1", snmpd.settings(user));
      Exchanger<Question, Value> neighbour = backend.connect("core2", other.settings(user));
      for (int i = 0; i < 5; i++) {
        assertThat(Asked.value(neighbour, GET_NAME)).isEqualTo(CORE1);
        assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
      }
      assertThat(backend.count(SnmpCounter.V3_RESYNCHRONISED)).as("once for each").isEqualTo(2);
      assertThat(backend.count(SnmpCounter.V3_CLOCK_SET_BACK)).isZero();
      assertThat(backend.count(SnmpCounter.V3_ENGINE_CHANGED)).isZero();
    }
  }

  @Test
  void guardsProbesAndAbsencesAreToldApart() throws Exception {
    for (Version version : List.of(Version.V1, Version.V2C)) {
      Exchanger<Question, Value> system = backend.connect("core1", snmpd.settings(version));
      Oid missing = Oid.parse("1.3.6.1.2.1.1.99.0");
      List<Outcome<Value>> outcomes =
          Asked.outcomes(
              system,
              List.of(
                  new Question.Get(SYS_NAME, SYS_NAME),
                  new Question.Get(SYS_NAME, missing),
                  new Question.Get(missing, SYS_NAME),
                  new Question.Get(missing),
                  new Question.Get(missing, missing),
                  new Question.Get(missing, Oid.parse("1.3.6.1.2.1.1.98.0"))));
      assertThat(((Reading<Value>) outcomes.get(0)).value())
          .isEqualTo(new Value.Guarded(CORE1, CORE1));
      assertThat(((Reading<Value>) outcomes.get(1)).value())
          .isEqualTo(new Value.Guarded(CORE1, null));
      assertThat(((Reading<Value>) outcomes.get(2)).value())
          .isEqualTo(new Value.Guarded(null, CORE1));
      assertThat(outcomes.subList(3, 6)).allMatch(o -> o instanceof Absent);
      List<Outcome<Value>> probes =
          Asked.outcomes(
              system,
              List.of(
                  new Question.Probe(Oid.parse("1.3.6.1.2.1.1")),
                  new Question.Probe(Oid.parse("1.3.6.1.4.1.99999")),
                  new Question.Probe(Oid.parse("2.99"))));
      assertThat(probes.get(0)).isInstanceOf(Reading.class);
      assertThat(probes.get(1)).isInstanceOf(Absent.class);
      assertThat(probes.get(2)).isInstanceOf(Absent.class);
    }
  }

  @Test
  void anAgentIsSpokenToOverIpv6() throws Exception {
    Exchanger<Question, Value> system = backend.connect("core1", snmpd.settingsV6());
    assertThat(Asked.value(system, GET_NAME)).isEqualTo(CORE1);
  }
}
