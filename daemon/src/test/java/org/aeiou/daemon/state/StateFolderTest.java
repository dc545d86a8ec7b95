package org.aeiou.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  private static final Path NET = Path.of("/net");

  @TempDir private Path folder;

  private static String place(Map<String, String> environment, int uid) throws IOException {
    return StateFolder.of(null, NET, environment, uid).path().toString();
  }

  @Test
  void rootsIsInVarLibAndAnotherUsersInItsStateHome() throws Exception {
    assertThat(place(Map.of("XDG_STATE_HOME", "/home/ann/state"), 0))
        .as("what the environment of root says may be another user's")
        .isEqualTo("/var/lib/aeiou/net");
    assertThat(place(Map.of("XDG_STATE_HOME", "/home/ann/state", "HOME", "/home/ann"), 1000))
        .isEqualTo("/home/ann/state/aeiou/net");
    assertThat(place(Map.of("HOME", "/home/ann"), 1000))
        .isEqualTo("/home/ann/.local/state/aeiou/net");
    assertThat(place(Map.of("XDG_STATE_HOME", "relative", "HOME", "/home/ann"), 1000))
        .as("the specification: a relative one is ignored")
        .isEqualTo("/home/ann/.local/state/aeiou/net");
  }

  @Test
  void aServiceManagerSaysWhereAndTheConfigurationHasTheLastWord() throws Exception {
    Map<String, String> managed = Map.of("STATE_DIRECTORY", "/srv/state");
    assertThat(place(managed, 0)).isEqualTo("/srv/state/net");
    assertThat(StateFolder.of(Path.of("/mine"), NET, managed, 0).path())
        .isEqualTo(Path.of("/mine"));
  }

  @Test
  void aUserWithoutAHomeIsToldWhatToSet() {
    assertThatThrownBy(() -> place(Map.of(), 1000))
        .hasMessageContaining("user 1000")
        .hasMessageContaining("XDG_STATE_HOME")
        .hasMessageContaining("'state' in the configuration");
  }

  @Test
  void noTwoMountPointsShareAFolder() throws Exception {
    List<String> mountPoints =
        List.of(
            "/mnt/lab",
            "/mnt-lab",
            "/mnt/lab/a",
            "/mnt/l%61b",
            "/mnt/größe",
            "/",
            "/-",
            "/" + "x".repeat(400) + "1",
            "/" + "x".repeat(400) + "2");
    Set<Path> folders = new HashSet<>();
    for (String mountPoint : mountPoints) {
      folders.add(StateFolder.of(null, Path.of(mountPoint), Map.of(), 0).path());
    }
    assertThat(folders).hasSameSizeAs(mountPoints).contains(Path.of("/var/lib/aeiou/mnt-lab"));
  }

  @Test
  void whatIsWrittenIsReadAgainAndNobodyElseMayReadIt() throws Exception {
    StateFolder state = new StateFolder(folder.resolve("made/when/needed"));
    assertThat(state.read("learned", 100)).isNull();
    assertThat(state.path()).doesNotExist();
    state.write("learned", "one\n");
    state.write("learned", "två\n");
    assertThat(state.read("learned", 100)).isEqualTo("två\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.file("learned"))))
        .isEqualTo("rw-------");
    try (var files = Files.list(state.path())) {
      assertThat(files).containsExactly(state.file("learned"));
    }
  }

  @Test
  void whatAnEarlierRunLeftHalfWrittenIsNotInTheWay() throws Exception {
    StateFolder state = new StateFolder(folder);
    Files.writeString(folder.resolve("learned.next"), "half");
    state.write("learned", "whole");
    assertThat(state.read("learned", 100)).isEqualTo("whole");
  }

  @Test
  void whatIsTooLargeIsNotReadAndWhatIsUnusableIsSetAside() throws Exception {
    StateFolder state = new StateFolder(folder);
    state.write("learned", "x".repeat(101));
    assertThatThrownBy(() -> state.read("learned", 100))
        .hasMessageContaining("has 101 bytes; expected at most 100");
    Path aside = state.setAside("learned");
    assertThat(aside).hasSize(101);
    assertThat(state.read("learned", 100)).isNull();
  }
}
