package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.config.Configuration.Mibs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mibs:} in a configuration. */
class MibsTest {
  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void makeAFolderOfMibs() throws Exception {
    files = new ConfigurationFolder(folder, Map.of());
    Files.createDirectory(folder.resolve("acme"));
  }

  private List<Mibs> mibs(String text) throws Exception {
    return files.read(text + "\nsystems: {core1: 10.0.0.1}").mibs();
  }

  @Test
  void aFolderAloneIsAllThatIsInIt() throws Exception {
    Path acme = folder.resolve("acme");
    assertThat(mibs("mibs: [acme]")).containsExactly(new Mibs(acme, List.of(), null));
    assertThat(mibs("mibs: acme")).containsExactly(new Mibs(acme, List.of(), null));
  }

  @Test
  void aFolderMaySayWhatIsTakenOfItAndWhoseItIs() throws Exception {
    assertThat(mibs("mibs: [{path: acme, groups: [a, b], subtree: 1.3.6.1.4.1.9, systems: [1.3]}]"))
        .containsExactly(
            new Mibs(folder.resolve("acme"), List.of("a", "b", "1.3.6.1.4.1.9"), List.of("1.3")));
  }

  @Test
  void whatIsWrongIsToldWithItsLine() throws Exception {
    assertThat(files.errors("mibs:\n  - nowhere\n  - {paht: acme}\n  - {path: acme, systems: x}"))
        .containsExactly(
            "net.yaml:2: mibs.path: 'nowhere' cannot be read; expected a folder of MIB files, or a"
                + " file",
            "net.yaml:3: mibs.paht: is not a key here; expected 'path', or one of path, groups,"
                + " subtree, systems",
            "net.yaml:4: mibs.systems: 'x' is not an object identifier; expected numbers with dots"
                + " between them");
  }

  @Test
  void otherMibsTakeANewMount() throws Exception {
    Configuration with = files.read("mibs: [acme]\nsystems: {core1: 10.0.0.1}");
    Configuration without = files.read("systems: {core1: 10.0.0.1}");
    assertThat(without.needingNewMount(with)).containsExactly("mibs");
  }
}
