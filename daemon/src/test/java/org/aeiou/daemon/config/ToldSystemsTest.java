package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of what pollers say of systems is taken in. */
class ToldSystemsTest {
  @TempDir private Path folder;

  private Configuration read(String told) throws Exception {
    Path file = folder.resolve("reader.yaml");
    Files.writeString(file, "cluster: {servers: n1, name: lab, role: read}\n");
    return ConfigurationReader.readWith("{}", told, file, Map.of(), Backends.ALL);
  }

  @Test
  void asManyAsThereIsRoomForAreTaken() throws Exception {
    assertThat(read("systems: {a: , b: }").systems()).containsOnlyKeys("a", "b");
  }

  @Test
  void moreSystemsThanAReaderHasRoomForAreRefused() {
    StringBuilder yaml = new StringBuilder("systems:\n");
    for (int i = 0; i <= 200_000; i++) {
      yaml.append(" s").append(i).append(":\n");
    }
    assertThatThrownBy(
            () -> {
              read(yaml.toString());
            })
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "systems: pollers name 200001 systems; a member that takes its systems from them has"
                + " room for 200000; name those that it is to show in its own file");
  }

  @Test
  void aLongerTextThanAReaderHasRoomForIsNotParsed() {
    String yaml = "#".repeat(1 + ToldSystems.MOST_CHARACTERS);
    assertThatThrownBy(
            () -> {
              read(yaml);
            })
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("characters; a member that takes its systems from them has room for");
  }
}
