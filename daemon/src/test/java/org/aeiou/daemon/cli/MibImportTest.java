package org.aeiou.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.daemon.cli.command.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code aeiou mib import}, and {@code mibs:} in a configuration. */
class MibImportTest {
  private static final Path FILES = Path.of("src/test/resources/mibs/acme").toAbsolutePath();

  @TempDir private Path folder;

  private Path configuration(String text) throws Exception {
    return Files.writeString(
        folder.resolve("net.yaml"), text + "\nstate: state\nsystems: {ups1: 127.46.0.1}\n");
  }

  @Test
  void whatItWritesPassesTheCheck() throws Exception {
    Path out = folder.resolve("acme.yaml");
    Ran made = Ran.aeiou("mib", "import", FILES, "--out", out);
    assertThat(made.exitCode()).isZero();
    assertThat(made.err())
        .contains("ups_rev3.txt:68: acmeUpsLost: has no value")
        .endsWith(
            "6 files, 7 modules, 36 objects: 10 groups, 20 attributes; 3 objects skipped, 6"
                + " problems\n");
    assertThat(Ran.aeiou("check", configuration("catalogue: [acme.yaml]")).err()).isEmpty();
  }

  @Test
  void onlyTheGroupsThatAreWantedAreWritten() {
    Ran made = Ran.aeiou("mib", "import", FILES, "-g", "acmeOutletTable", "-s", "acmePortEntry");
    assertThat(made.out().lines().filter(line -> line.matches("  \\w+Table:")))
        .containsExactly("  acmeOutletTable:", "  acmePortTable:");
    assertThat(made.err()).contains("2 groups, 3 attributes");
  }

  @Test
  void aModuleOrAPartOfTheTreeInNumbersCanBeWanted() {
    assertThat(Ran.aeiou("mib", "import", FILES, "-g", "ACME-MARK-MIB").err())
        .contains("1 group, 1 attribute");
    assertThat(Ran.aeiou("mib", "import", FILES, "-g", "ACME_UPS-MIB::acmeSlotTable").err())
        .contains("1 group, 1 attribute");
    assertThat(Ran.aeiou("mib", "import", FILES, "-s", ".1.3.6.1.4.1.54321.2.9").err())
        .contains("1 group, 2 attributes");
  }

  @Test
  void aNameThatIsNotThereIsToldWithTheOneThatWasMeant() {
    Ran made = Ran.aeiou("mib", "import", FILES, "-g", "acmeOutletTabel");
    assertThat(made.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(made.out()).isEmpty();
    assertThat(made.err())
        .contains("aeiou: 'acmeOutletTabel' is nothing in these files; expected 'acmeOutletTable'");
  }

  @Test
  void whatIsMadeIsWrittenAsAWholeOrNotAtAll() throws Exception {
    Path nowhere = folder.resolve("no-folder").resolve("out.yaml");
    assertThat(Ran.aeiou("mib", "import", FILES, "--out", nowhere).err())
        .contains("--out: there is no folder for '" + nowhere + "'; make it");
    Path out = Files.writeString(folder.resolve("out.yaml"), "before");
    Ran.aeiou("mib", "import", FILES, "--out", out);
    assertThat(out).content().startsWith("#").doesNotContain("before");
    assertThat(folder.toFile().list()).containsExactly("out.yaml");
  }

  @Test
  void aFileThatIsNotThereOrNoMibIsTold() throws Exception {
    assertThat(Ran.aeiou("mib", "import", folder.resolve("nowhere")).err())
        .contains("nowhere: there is no such file");
    Path text = Files.writeString(folder.resolve("note.txt"), "hello");
    assertThat(Ran.aeiou("mib", "import", text).err())
        .contains("note.txt: is no MIB; expected 'NAME DEFINITIONS ::= BEGIN' in it");
    assertThat(Ran.aeiou("mib", "import", folder).err()).contains("there is no MIB in " + folder);
  }

  @Test
  void groupsAreForTheMakersSystemsUnlessOthersAreSaid() {
    assertThat(Ran.aeiou("mib", "import", FILES, "-g", "acmeUps").out())
        .contains("    systems: [1.3.6.1.4.1.54321, 1.3.6.1.4.1.8072]\n");
    assertThat(
            Ran.aeiou("mib", "import", FILES, "-g", "acmeUps", "--systems", "1.3.6.1.4.1.9").out())
        .contains("    systems: [1.3.6.1.4.1.9]\n");
    assertThat(Ran.aeiou("mib", "import", FILES, "-g", "acmeUps", "--systems", "all").out())
        .doesNotContain("systems:");
    assertThat(Ran.aeiou("mib", "import", FILES, "--systems", "acme").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void checkTellsWhatIsWrongWithMibsOfAConfigurationAndThatItIsNoError() throws Exception {
    Path file = configuration("mibs: [" + FILES + "]");
    for (int i = 0; i < 2; i++) {
      Ran checked = Ran.aeiou("check", file);
      assertThat(checked.exitCode()).as(checked.err()).isZero();
      assertThat(checked.err())
          .contains("warning: " + FILES + "/ups_rev3.txt:68: acmeUpsLost: has no value")
          .endsWith(
              "mibs: 6 files, 7 modules, 36 objects: 10 groups, 20 attributes; 3 objects skipped, 6"
                  + " problems\n");
    }
  }

  @Test
  void groupsThatAreNotInTheMibsOfAConfigurationAreAnError() throws Exception {
    Ran checked =
        Ran.aeiou("check", configuration("mibs: [{path: " + FILES + ", groups: [acmeUsp]}]"));
    assertThat(checked.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(checked.err())
        .contains("aeiou: mibs: 'acmeUsp' is nothing in these files; expected 'acmeUps', or");
  }

  @Test
  void aUsersFileChangesWhatMibsSay() throws Exception {
    Files.writeString(
        folder.resolve("own.yaml"), "groups: {acmeUps: {scalars: {acmeUpsMode: {ttl: static}}}}");
    Ran checked = Ran.aeiou("check", configuration("mibs: [" + FILES + "]\ncatalogue: [own.yaml]"));
    assertThat(checked.exitCode()).as(checked.err()).isZero();
  }
}
