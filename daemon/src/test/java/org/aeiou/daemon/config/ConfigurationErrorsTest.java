package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.document.Texts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationErrorsTest {
  private static final String NEEDED = "\nsystems: {core1: {address: 10.0.0.1}}";

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of("EMPTY", "", "NOWHERE", "not an address"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"mounts", "lifetimes", "limits", "addresses", "names", "users", "shapes"})
  void eachMistakeIsNamedWithItsLineAndWhatWasExpected(String text, String error)
      throws IOException {
    assertThat(files.errors(text)).containsExactly(error);
  }

  static Stream<Arguments> mounts() {
    return Stream.of(
        mistake(
            "mount: {owner: no-such-user}" + NEEDED,
            "net.yaml:1: mount.owner: there is no user 'no-such-user' on this machine"),
        mistake(
            "mount: {group: no-such-group}" + NEEDED,
            "net.yaml:1: mount.group: there is no group 'no-such-group' on this machine"),
        mistake(
            "mount: {mode: 9}" + NEEDED,
            "net.yaml:1: mount.mode: '9' is not a mode; expected three octal digits in quotes, as"
                + " in \"0444\""),
        mistake(
            "mount:\n  mode: \"0644\"" + NEEDED,
            "net.yaml:2: mount.mode: '0644' permits to write or execute; expected only read"
                + " bits, as in \"0440\""),
        mistake(
            "mount: {allow-other: maybe}" + NEEDED,
            "net.yaml:1: mount.allow-other: 'maybe' is neither true nor false; expected true or"
                + " false"),
        mistake(
            "mount: {onwer: root}" + NEEDED,
            "net.yaml:1: mount.onwer: is not a key here; expected 'owner', or one of owner, group,"
                + " mode, allow-other"));
  }

  static Stream<Arguments> lifetimes() {
    return Stream.of(
        mistake(
            "ttl: {state: 5}" + NEEDED,
            "net.yaml:1: ttl.state: '5' is not a duration; expected a number and ms, s, m, h or d,"
                + " as in 15s"),
        mistake(
            "ttl: {state: -5s}" + NEEDED,
            "net.yaml:1: ttl.state: '-5s' is not a duration; expected a number and ms, s, m, h or"
                + " d, as in 15s"),
        mistake(
            "ttl: {state: 0s}" + NEEDED,
            "net.yaml:1: ttl.state: '0s' is no time at all; expected more than 0"),
        mistake(
            "ttl: {states: 5s}" + NEEDED,
            "net.yaml:1: ttl.states: is not a key here; expected 'state', or one of static, config,"
                + " state, counter, directory, attributes, grace"),
        mistake(
            "ttl: {attributes: {ifOperStatus: soon}}" + NEEDED,
            "net.yaml:1: ttl.attributes.ifOperStatus: 'soon' is not a duration; expected a number"
                + " and ms, s, m, h or d, as in 15s"),
        mistake(
            "ttl: {grace: 10s}" + NEEDED,
            "net.yaml:1: ttl.grace: '10s' is not a factor; expected a number from 0 to 1000: the"
                + " grace period in TTLs"));
  }

  static Stream<Arguments> limits() {
    return Stream.of(
        mistake(
            "defaults: {snmp: {timeout: 0s}}" + NEEDED,
            "net.yaml:1: defaults.snmp.timeout: '0s' is no time at all; expected more than 0"),
        mistake(
            "defaults: {snmp: {first-timeout: 0s}}" + NEEDED,
            "net.yaml:1: defaults.snmp.first-timeout: '0s' is no time at all; expected more than 0"),
        mistake(
            "defaults: {snmp: {first-retries: 21}}" + NEEDED,
            "net.yaml:1: defaults.snmp.first-retries: '21' is not a number from 0 to 20; expected"
                + " one"),
        mistake(
            "defaults: {snmp: {retries: -1}}" + NEEDED,
            "net.yaml:1: defaults.snmp.retries: '-1' is not a number from 0 to 20; expected one"),
        mistake(
            "defaults: {snmp: {max-in-flight: 0}}" + NEEDED,
            "net.yaml:1: defaults.snmp.max-in-flight: '0' is not a number from 1 to 100; expected"
                + " one"),
        mistake(
            "defaults: {snmp: {max-batch: many}}" + NEEDED,
            "net.yaml:1: defaults.snmp.max-batch: 'many' is not a number from 1 to 500; expected"
                + " one"),
        mistake(
            "defaults: {snmp: {port: 65536}}" + NEEDED,
            "net.yaml:1: defaults.snmp.port: '65536' is not a number from 1 to 65535; expected"
                + " one"),
        mistake(
            "defaults: {snmp: {version: 2}}" + NEEDED,
            "net.yaml:1: defaults.snmp.version: is not known; expected one of 1, 2c, 3"),
        mistake(
            "defaults: {snpm: {version: 1}}" + NEEDED,
            "net.yaml:1: defaults.snpm: is not a key here; expected 'snmp', or one of snmp,"
                + " charset, budget, write"));
  }

  static Stream<Arguments> addresses() {
    String use = " is not an address; use HOST or HOST:PORT, or [IPV6]:PORT";
    return Stream.concat(
        Stream.of(
                "10.0.0.300",
                "10.0.0",
                "1.2.3.4.5",
                "a b",
                "-host",
                "host-",
                "a..b",
                "[10.0.0.1]:161",
                "[::1",
                "[::g]",
                "a:b:c",
                "ü.example.org",
                "a".repeat(64))
            .map(address -> mistake(system(address), located(Texts.quoted(address) + use))),
        Stream.of(
            mistake(
                system("host:0"),
                located(
                    "'host:0' has no port from 1 to 65535 behind the colon; expected HOST:PORT")),
            mistake(
                system("http://core1"),
                located(
                    "'http://core1' has no port from 1 to 65535 behind the colon; expected"
                        + " HOST:PORT")),
            mistake(
                system("[::1]:70000"),
                located(
                    "'[::1]:70000' has no port from 1 to 65535 behind the colon; expected"
                        + " HOST:PORT")),
            mistake(
                system("2001:db8::1"),
                located(
                    "'2001:db8::1' is an IPv6 address without brackets; expected [2001:db8::1] or"
                        + " [2001:db8::1]:PORT")),
            mistake(
                system("${env:NOWHERE}"),
                located(
                    "'${env:NOWHERE}' does not refer to an address; use HOST or HOST:PORT, or"
                        + " [IPV6]:PORT")),
            mistake(
                system("${env:UNSET}"),
                located("'${env:UNSET}': the environment has no 'UNSET'; set it")),
            mistake(
                "systems:\n  core1: {}",
                "net.yaml:2: systems.core1.address: is missing; expected HOST or HOST:PORT"),
            mistake(
                "systems:\n  core1:",
                "net.yaml:2: systems.core1.address: is missing; expected HOST or HOST:PORT"),
            mistake(
                "systems:\n  core1:\n    address: [10.0.0.1]",
                located("is a list; expected a single value")),
            mistake(
                "systems:\n  core1:\n    address:",
                located("is nothing; expected a single value"))));
  }

  static Stream<Arguments> names() {
    return Stream.of(
        mistake(named("/core1"), "is not a name; a part between slashes is empty", "/core1"),
        mistake(named("lon//a"), "is not a name; a part between slashes is empty", "lon//a"),
        mistake(named("lon/"), "is not a name; a part between slashes is empty", "lon/"),
        mistake(named(""), "is not a name; a part between slashes is empty", ""),
        mistake(
            named(".aeiou"),
            "is not a name; names that begin with a dot are the daemon's own",
            ".aeiou"),
        mistake(
            named("lon/.."),
            "is not a name; names that begin with a dot are the daemon's own",
            "lon/.."),
        mistake(named("a\\nb"), "is not a name; it holds control characters", "a?b"),
        mistake(named("a\\0b"), "is not a name; it holds control characters", "a?b"),
        mistake(
            named("ü".repeat(128)),
            "is not a name; a part between slashes is longer than 255 bytes",
            "ü".repeat(100) + "…"),
        mistake(
            "systems:\n  ? " + "a/".repeat(512) + "b\n  : {address: 10.0.0.1}",
            "is not a name; it is longer than 1024 bytes",
            "a/".repeat(50) + "…"),
        mistake(
            "systems:\n  lon: {address: a}\n  par: {address: b}\n  lon/edge7: {address: c}",
            "net.yaml:2: systems.lon: is a system, and for 'lon/edge7' in line 4 a directory;"
                + " rename one of them"),
        mistake(
            "systems:\n  core1: {address: a}\n  core2: {address: b}\n  core1: {address: c}",
            "net.yaml:4: systems.core1: is there twice; the first is in line 2"));
  }

  static Stream<Arguments> users() {
    return Stream.of(
        user("version: 3", ".version", "is 3, which needs a user; expected the key 'user'"),
        user(
            "version: 3, user: \"${env:EMPTY}\"",
            ".version",
            "is 3, which needs a user; expected the key 'user'"),
        user(
            "version: 3, user: ops, auth: {protocol: SHA}",
            ".version",
            "is 3 with authentication, which needs a pass; expected 'auth: {protocol: …, pass:"
                + " …}'"),
        user(
            "version: 3, user: ops, auth: {pass: longenough}",
            ".auth",
            "has a pass and no protocol; expected one of MD5, SHA, SHA-224, …"),
        user(
            "version: 3, user: ops, auth: {protocol: SHA-257, pass: longenough}",
            ".auth.protocol",
            "is not known; expected one of none, MD5, SHA, SHA-224, SHA-256, SHA-384,"
                + " SHA-512"),
        user(
            "version: 3, user: ops, auth: {protocol: SHA, pass: 1234567}",
            ".auth.pass",
            "is too short; expected at least 8 characters (RFC 3414)"),
        user(
            "version: 3, user: ops, privacy: {protocol: AES-128, pass: longenough}",
            ".version",
            "is 3 with privacy, which needs authentication; expected 'auth: {protocol: …, pass:"
                + " …}'"),
        user(
            "version: 3, user: ops, auth: {protocol: SHA, pass: longenough},"
                + " privacy: {protocol: DES}",
            ".version",
            "is 3 with privacy, which needs a pass; expected 'privacy: {protocol: …, pass: …}'"),
        user(
            "version: 3, user: ops, community: secret",
            ".community",
            "is for versions 1 and 2c, and this is 3; expected 'user'"),
        user("user: ops", ".user", "is for version 3, and this is 2c; expected 'version: 3'"),
        user("community: \"${env:EMPTY}\"", ".community", "is empty; expected a community"),
        user(
            "community: \"${file:missing}\"",
            ".community",
            "'${file:missing}': there is no such file"),
        user(
            "community: \"${file:/}\"",
            ".community",
            "'${file:/}': the file cannot be read: Is a directory"),
        user(
            "community: \"${file:/dev/zero}\"",
            ".community",
            "'${file:/dev/zero}': the file cannot be read: the file is larger than 64 KiB;"
                + " expected one secret"));
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        mistake("", "net.yaml:1: the file is empty; expected at least 'systems:'"),
        mistake("# nothing\n", "net.yaml:1: the file is empty; expected at least 'systems:'"),
        mistake(
            "just text",
            "net.yaml:1: is a single value; expected keys and values, as in 'KEY: VALUE'"),
        mistake("[a]", "net.yaml:1: is a list; expected keys and values, as in 'KEY: VALUE'"),
        mistake(
            "systems: [a]",
            "net.yaml:1: systems: is a list; expected keys and values, as in 'KEY: VALUE'"),
        mistake(
            "systems: a",
            "net.yaml:1: systems: is a single value; expected keys and values, as in 'KEY: VALUE'"),
        mistake(
            "sistems: {}",
            "net.yaml:1: sistems: is not a key here; expected 'systems', or one of mount, attach,"
                + " ttl, include, budget, budgets, cluster, defaults, write, profiles, catalogue, mibs,"
                + " snmp-modules,"
                + " read-ahead, refresh-ahead, state, learned, traps, http, systems"),
        mistake(
            "catalogue: none.yaml" + NEEDED,
            "net.yaml:1: catalogue: 'none.yaml' cannot be read; expected a catalogue file"),
        mistake(
            "snmp-modules: [none.yaml]" + NEEDED,
            "net.yaml:1: snmp-modules: 'none.yaml' cannot be read; expected a file of modules"),
        mistake(
            "catalogue: {a: b}" + NEEDED,
            "net.yaml:1: catalogue: is keys and values; expected a list"),
        mistake(
            "catalogue: [none.yaml]" + NEEDED,
            "net.yaml:1: catalogue: 'none.yaml' cannot be read; expected a catalogue file"),
        mistake(
            "catalogue: [\"a\\0\"]" + NEEDED,
            "net.yaml:1: catalogue: 'a?' cannot be read; expected a catalogue file"),
        mistake(
            "catalogue: [{}]" + NEEDED,
            "net.yaml:1: catalogue: holds keys and values; expected texts"),
        mistake(
            "ttl: {state:5s}" + NEEDED,
            "net.yaml:1: ttl.state: has no space behind the colon; expected 'KEY: VALUE'"),
        mistake(
            "ttl: {state: 5s}\nmount: {}\nttl: {state: 5s}" + NEEDED,
            "net.yaml:3: ttl: is there twice; the first is in line 1"));
  }

  @Test
  void everythingWrongIsSaidAtOnceInTheOrderOfTheLines() throws IOException {
    List<String> errors =
        files.errors(
            """
            mount: {mode: "0999"}
            systems:
              core1:
                address: 10.0.0.300
                snmp: {version: 4, retries: lots}
              core2:
                adress: 10.0.0.2
            ttl: {counter: 5 parsecs}
            """);
    assertThat(errors)
        .extracting(error -> error.replaceAll("^net.yaml:(\\d+): ([^:]+): .*", "$1 $2"))
        .containsExactly(
            "1 mount.mode",
            "4 systems.core1.address",
            "5 systems.core1.snmp.version",
            "5 systems.core1.snmp.retries",
            "7 systems.core2.adress",
            "8 ttl.counter");
  }

  @Test
  void aWrongVersionIsNotSaidTwice() throws IOException {
    assertThat(files.errors(v3("version: 4, user: ops")))
        .containsExactly(
            "net.yaml:3: systems.core1.snmp.version: is not known; expected one of 1, 2c, 3");
  }

  @Test
  void afterAHundredErrorsOnlyTheirNumberIsSaid() throws IOException {
    StringBuilder text = new StringBuilder("systems:\n");
    for (int i = 0; i < 20_000; i++) {
      text.append("  s").append(i).append(": {}\n");
    }
    List<String> errors = files.errors(text.toString());
    assertThat(errors).hasSize(101);
    assertThat(errors.get(100)).isEqualTo("net.yaml: and 19900 more");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.yaml");
    assertThat(catchThrowable(() -> ConfigurationReader.read(missing, Map.of(), Backends.ALL)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(missing + ": there is no such file");
  }

  @Test
  void aFolderIsNotAConfiguration() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("directory.yaml"));
    assertThat(catchThrowable(() -> ConfigurationReader.read(directory, Map.of(), Backends.ALL)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(directory + ": cannot be read: Is a directory");
  }

  private static Arguments mistake(String text, String error) {
    return Arguments.of(text, error);
  }

  private static Arguments mistake(String text, String error, String name) {
    return Arguments.of(text, "net.yaml:2: systems." + name + ": " + error);
  }

  private static String system(String address) {
    return "systems:\n  core1:\n    address: \"" + address + "\"";
  }

  private static String located(String error) {
    return "net.yaml:3: systems.core1.address: " + error;
  }

  private static String named(String name) {
    return "systems:\n  \"" + name + "\": {address: 10.0.0.1}";
  }

  private static String v3(String snmp) {
    return "systems:\n  core1: {address: 10.0.0.1,\n    snmp: {" + snmp + "}}";
  }

  private static Arguments user(String snmp, String key, String error) {
    return Arguments.of(v3(snmp), "net.yaml:3: systems.core1.snmp" + key + ": " + error);
  }
}
