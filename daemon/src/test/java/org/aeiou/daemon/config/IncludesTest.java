package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncludesTest {
  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() throws Exception {
    files = new ConfigurationFolder(folder, Map.of());
    Files.createDirectories(folder.resolve("systems.d/more"));
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void systemsAndProfilesOfFilesFoldersAndPatternsAreJoinedInTheirOrder() throws Exception {
    write("systems.d/b.yaml", "systems: {b: {address: b, profiles: slow}}");
    write("systems.d/a.yml", "systems: {a: a}\ninclude: more/*.yaml");
    write("systems.d/.a.yaml.swp", "no YAML: [");
    write("systems.d/notes.txt", "no YAML: [");
    write("systems.d/more/c.yaml", "systems: {c: c}");
    write("profiles.yaml", "profiles: {slow: {snmp: {timeout: 9s}}}");

    Configuration configuration =
        files.read("include: [profiles.yaml, systems.d]\nsystems: {main: main}");

    assertThat(configuration.systems().keySet()).containsExactly("main", "a", "c", "b");
    assertThat(configuration.systems().get("b").limits().timeout()).hasSeconds(9);
  }

  @Test
  void aFileNeedNotHaveSystemsIfOthersDo() throws Exception {
    write("systems.d/a.yaml", "systems: {a: a}");
    assertThat(files.read("systems:\ninclude: [systems.d, systems.d/*.yml]").systems())
        .containsOnlyKeys("a");
  }

  @Test
  void aMistakeIsToldWithTheFileItIsIn() throws Exception {
    write("systems.d/a.yaml", "systems:\n  main: a\n  a: {adress: a}\nttl: {state: 1s}\n");
    assertThat(files.errors("include: systems.d\nsystems: {main: main}"))
        .containsExactly(
            "systems.d/a.yaml:2: systems.main: is there twice; the first is in net.yaml:2",
            "systems.d/a.yaml:3: systems.a.adress: is not a key here; expected 'address', or one of"
                + " address, profiles, snmp, ttl, charset, budget, write",
            "systems.d/a.yaml:4: ttl: is not a key of a file that is included; expected one of"
                + " systems, profiles, include, the rest belongs into net.yaml");
  }

  @Test
  void whatCannotBeReadAndWhatIncludesItselfIsTold() throws Exception {
    write("systems.d/a.yaml", "include: ../net.yaml\nsystems: {a: a}");
    assertThat(files.errors("include: [systems.d, gone.yaml, gone/*.yaml]"))
        .containsExactly(
            "net.yaml:1: include: 'gone.yaml' cannot be read; expected a file, a folder, or *.yaml",
            "net.yaml:1: include: 'gone/*.yaml' cannot be read; expected a file, a folder, or"
                + " *.yaml",
            "systems.d/a.yaml:1: include: '" + "net.yaml' is part of this configuration already");
  }

  @Test
  void onlyTheFilesThatHoldSecretsAreWarnedOf() throws Exception {
    write("systems.d/a.yaml", "systems: {a: {address: a, snmp: {community: secret}}}");
    write("systems.d/b.yaml", "systems: {b: b}");
    for (String name : new String[] {"systems.d/a.yaml", "systems.d/b.yaml"}) {
      Files.setPosixFilePermissions(
          folder.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
    }
    assertThat(files.read("include: systems.d").warnings())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("systems.d/a.yaml") + ": holds secrets")
        .doesNotContain("net.yaml");
  }
}
