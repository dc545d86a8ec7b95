package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionTest {
  @TempDir private Path folder;

  @Test
  void fileThatWasReplacedIsAnotherOneEvenOfTheSameSizeAndTime() throws Exception {
    Path file = Files.writeString(folder.resolve("daemon.jar"), "one", UTF_8);
    List<Object> before = Version.identity(file);
    assertThat(Version.identity(file)).isNotNull().isEqualTo(before);

    // As dpkg does it.
    Path next = folder.resolve("daemon.jar.dpkg-new");
    Files.copy(file, next, COPY_ATTRIBUTES);
    Files.move(next, file, REPLACE_EXISTING);

    assertThat(Version.identity(file)).isNotEqualTo(before);
    Files.delete(file);
    assertThat(Version.identity(file)).isNull();
  }

  @Test
  void classesInFoldersAreNeverReplaced() {
    assertThat(Version.isReplaced()).isFalse();
  }
}
