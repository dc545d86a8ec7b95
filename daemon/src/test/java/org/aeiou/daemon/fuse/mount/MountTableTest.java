package org.aeiou.daemon.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Lines as proc(5) has them. */
final class MountTableTest {
  private static final String MOUNTINFO =
      """
      22 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw
      30 22 0:45 / /net rw,nosuid - fuse.aeiou aeiou rw,user_id=0
      31 22 0:46 / /a\\040b\\134c rw master:2 propagate_from:3 - tmpfs none rw
      32 30 0:47 / /net ro - fuse.sshfs host:/x rw
      nonsense
      """;

  private final MountTable table = MountTable.parse(MOUNTINFO);

  @Test
  void topmostMountIsTheOneThatCounts() {
    assertThat(table.at(Path.of("/net")))
        .contains(new MountTable.Entry("0:47", "/net", "fuse.sshfs", "host:/x"));
  }

  @Test
  void spacesAndBackslashesAreReadBack() {
    assertThat(table.at(Path.of("/a b\\c")).orElseThrow().type()).isEqualTo("tmpfs");
  }

  @Test
  void mountThatAPathIsInIsTheDeepestOne() {
    assertThat(table.above(Path.of("/net/core1/system")).orElseThrow().type())
        .isEqualTo("fuse.sshfs");
    assertThat(table.above(Path.of("/network")).orElseThrow().mountPoint()).isEqualTo("/");
  }

  @Test
  void sourceThatAUserChoseCannotForgeALine() {
    MountTable.Entry entry =
        MountTable.parse("30 22 0:45 / /net rw - fuse.aeiou a\\012ERROR\u001b[2J rw")
            .at(Path.of("/net"))
            .orElseThrow();

    assertThat(entry.source()).isEqualTo("a\\012ERROR?[2J");
  }

  @Test
  void whatIsNotMountedIsNotThere() {
    assertThat(table.at(Path.of("/nowhere"))).isEmpty();
  }
}
