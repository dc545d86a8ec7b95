package org.aeiou.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path folder;

  @Test
  void withoutACommandItSaysHowItIsUsed() {
    Ran ran = Ran.aeiou();
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("Usage: aeiou", "Exit codes:", "check", "mount", "umount");
    assertThat(ran.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mount", "umount", "check", "get", "ls", "set", "simulate", "version", "--help"})
  void everyCommandHasHelp(String command) {
    Ran ran = command.startsWith("-") ? Ran.aeiou(command) : Ran.aeiou(command, "--help");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("Usage: aeiou");
    assertThat(ran.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          poller FILE                        | {}               | FILE: has no 'cluster', so that no other process could read what a poller asks
          poller FILE --role poll            | {}               | cluster.servers: is missing; expected a list of nats://HOST:4222
          poller FILE --role read            | {servers: n}     | FILE: cluster.role: is read alone, and a poller polls; expected poll
          poller FILE --role read,write      | {servers: n}     | cluster.role: 'write' is not a role; expected poll
          poller FILE --member a;b            | {servers: n}     | cluster.member: 'a;b' is not a name here
          poller FILE                        | {servers: 1.2.3} | FILE:1: cluster.servers: '1.2.3' is not a server of NATS
          mount FILE /tmp/none --role poll   | {servers: n}     | FILE: cluster.role: is poll alone, and a mount serves readers
          """)
  void whatCannotBeAMemberOfAClusterIsToldBeforeAnythingStarts(
      String arguments, String cluster, String message) throws Exception {
    Path file = folder.resolve("net.yaml");
    String section = cluster.equals("{}") ? "" : "cluster: " + cluster + "\n";
    Files.writeString(file, section + "systems: {a: 10.0.0.1}\n");
    Ran ran = Ran.aeiou((Object[]) arguments.replace("FILE", file.toString()).split(" +"));
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains(message.replace("FILE", file.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          gte core1/system/sysName          | 'gte' is not a command; did you mean 'get'?
          moutn net.yaml /net               | 'moutn' is not a command; did you mean 'mount'?
          frobnicate                        | 'frobnicate' is not a command
          help chek                         | 'chek' is not a command; did you mean 'check'?
          check                             | FILE is missing
          check net.yaml more.yaml          | 'more.yaml' is an argument too much
          umount                            | MOUNTPOINT is missing
          mount                             | FILE is missing
          mount net.yaml                    | MOUNTPOINT is missing
          mount a b --chanel tin            | '--chanel' is not an option of 'aeiou mount'; did you mean '--channel'?
          mount net.yaml /net --channel tin | --channel: 'tin' is not a channel; expected kernel
          version --no-such-option          | '--no-such-option' is not an option of 'aeiou version'
          simulate --systems many           | --systems: 'many' is not a whole number
          simulate --rtt 5                  | --rtt: '5' is not a duration
          simulate --loss much              | --loss: 'much' is not a share
          simulate --duplicates all         | --duplicates: 'all' is not a share
          simulate --reordered 101%         | --reordered: 1.01 is no share; expected 0 to 1
          """)
  void whatIsNotUnderstoodIsNamed(String arguments, String message) {
    Ran ran = Ran.aeiou((Object[]) arguments.split(" "));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines().findFirst().orElseThrow()).startsWith("aeiou: ").contains(message);
    assertThat(ran.err().lines()).hasSizeLessThan(10);
    assertThat(ran.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version", "mount --version", "get -V"})
  void theVersionIsOneLine(String arguments) {
    Ran ran = Ran.aeiou((Object[]) arguments.split(" "));
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).startsWith("aeiou ").containsOnlyOnce("\n").contains("Java");
  }

  @Test
  void checkCountsTheSystemsOfAGoodConfiguration() throws Exception {
    Path file = configuration("systems: {a: {address: a}, b/c: {address: b}}");
    assertThat(Ran.aeiou("check", file))
        .isEqualTo(new Ran(0, file + ": no errors, 2 systems\n", ""));
  }

  @Test
  void checkPrintsEveryErrorOnALineOfItsOwn() throws Exception {
    Path file = configuration("mount: {mode: 9}\nsystems:\n  a:\n    adress: a\n");
    Ran ran = Ran.aeiou("check", file);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith(file + ":1: mount.mode: "))
        .anyMatch(line -> line.startsWith(file + ":4: systems.a.adress: "))
        .last()
        .asString()
        .startsWith("aeiou: " + file);
  }

  @Test
  void checkPrintsWarningsAndGoesOn() throws Exception {
    Path file = configuration("systems: {a: {address: a, snmp: {community: s3cret}}}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Ran ran = Ran.aeiou("check", file);
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err())
        .startsWith("warning: " + file + ": holds secrets")
        .doesNotContain("s3cret");
  }

  @Test
  void checkWarnsOfWhatIsAllowedAndLetsNothingBeWritten() throws Exception {
    Path file =
        configuration(
            "write: {allow: [system/sysLocatoin, interfaces/ifAlias, 'interfaces/eth*/ifAlais',"
                + " 'vendor/*', system/sysUpTime]}\n"
                + "systems:\n"
                + "  a: {address: a}\n"
                + "  b: {address: b, write: {allow: [system/sysContact, 'inter*/*/ifAl*']}}\n");
    Ran ran = Ran.aeiou("check", file);
    String key = "warning: " + file + ": write.allow: ";
    assertThat(ran.err().replace(key, "").lines())
        .containsExactly(
            "'system/sysLocatoin' names no attribute of the catalogue; did you mean"
                + " 'system/sysLocation'?",
            "'interfaces/ifAlias' names no attribute of the catalogue; did you mean"
                + " 'interfaces/*/ifAlias'?",
            "'interfaces/eth*/ifAlais' names no attribute of the catalogue; did you mean"
                + " 'interfaces/eth*/ifAlias'?",
            "'vendor/*' names no attribute of the catalogue",
            "'system/sysUpTime' names only what no MIB lets be written");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void checkReadsTheUsersCatalogueFilesToo() throws Exception {
    Files.writeString(folder.resolve("extra.yaml"), "groups: 7\n");
    Path file = configuration("catalogue: [extra.yaml]\nsystems: {a: {address: a}}");
    Ran ran = Ran.aeiou("check", file);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("extra.yaml");
  }

  @Test
  void aConfigurationThatIsNotThereIsNamed() {
    Path file = folder.resolve("missing.yaml");
    for (Ran ran :
        new Ran[] {
          Ran.aeiou("check", file),
          Ran.aeiou("mount", file, folder),
          Ran.aeiou("get", "-c", file, "a"),
          Ran.aeiou("ls", "-c", file, "a")
        }) {
      assertThat(ran.exitCode()).isEqualTo(3);
      assertThat(ran.err()).contains(file + ": there is no such file");
    }
  }

  @Test
  void aKindOfHostilityThatThereIsNotIsNamedWithThoseThereAre() {
    Ran ran = Ran.aeiou("simulate", "--hostile", "endless-rows,rude");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--hostile: 'rude' is no kind", "endless-rows", "tiny-columns");
  }

  @Test
  void umountOfWhatIsNotMountedSaysSo() {
    Ran ran = Ran.aeiou("umount", folder);
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains(folder + ": nothing is mounted there");
  }

  @Test
  void umountLeavesAloneWhatIsNotItsOwn() {
    Ran ran = Ran.aeiou("umount", "/proc");
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("/proc: is a mount of type proc, not aeiou's; use 'umount'");
  }

  @Test
  void umountFollowsSymbolicLinks() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/proc"));
    Ran ran = Ran.aeiou("umount", link);
    Files.delete(link);
    assertThat(ran.err()).contains("/proc: is a mount of type proc");
  }

  private Path configuration(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("net.yaml"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}
