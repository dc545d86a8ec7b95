package org.aeiou.daemon.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttachSocketTest {
  /** Has no folder below /run/user. */
  private static final int STRANGER = 2_000_000_123;

  private static final Path NET = Path.of("/net");

  @TempDir Path folder;

  private Configuration configuration(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("net.yaml"), text + "systems: {}\n");
    return ConfigurationReader.read(file, Map.of(), Backends.ALL);
  }

  @Test
  void rootIsNotLedByTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of("XDG_RUNTIME_DIR", "/home/mallory", "TMPDIR", "/home/mallory", "HOME", "/home/m");

    assertThat(AttachSocket.of(configuration(""), NET, environment, 0).getParent())
        .isEqualTo(Path.of("/run/aeiou"));
  }

  @Test
  void othersHaveItInTheirRuntimeDirectory() throws Exception {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", "/run/user/1000");
    Path socket = AttachSocket.of(configuration(""), NET, environment, STRANGER);

    assertThat(socket.getParent()).isEqualTo(Path.of("/run/user/1000/aeiou"));
    assertThat(AttachSocket.of(configuration(""), Path.of("/other"), environment, STRANGER))
        .isNotEqualTo(socket);
  }

  @Test
  void withoutARuntimeDirectoryItIsSaidWhatToSet() throws Exception {
    Configuration configuration = configuration("");
    for (Map<String, String> environment :
        List.of(Map.<String, String>of(), Map.of("XDG_RUNTIME_DIR", "relative"))) {
      assertThatThrownBy(() -> AttachSocket.of(configuration, NET, environment, STRANGER))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("user " + STRANGER, "XDG_RUNTIME_DIR", "attach.socket");
    }
  }

  @Test
  void configuredPathCountsForEveryUser() throws Exception {
    Configuration configuration = configuration("attach: {socket: run/a.sock}\n");

    assertThat(AttachSocket.of(configuration, NET, Map.of(), STRANGER))
        .isEqualTo(folder.resolve("run/a.sock"));
    assertThat(AttachSocket.of(configuration, NET, Map.of(), 0))
        .isEqualTo(folder.resolve("run/a.sock"));
  }
}
