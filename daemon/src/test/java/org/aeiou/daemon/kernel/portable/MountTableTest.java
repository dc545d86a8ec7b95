package org.aeiou.daemon.kernel.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.kernel.portable.MountTable.Mounted;
import org.junit.jupiter.api.Test;

final class MountTableTest {

  private static MountTable table(String... lines) {
    return MountTable.parse(List.of(lines));
  }

  @Test
  void aMountIsFoundWithOrWithoutOptionalFields() {
    MountTable table =
        table(
            "36 35 0:98 / /net rw,noatime shared:1 master:2 - fuse.aeiou core rw,user_id=0",
            "37 35 8:1 /root /mnt rw - ext4 /dev/sda1 rw");

    assertThat(table.at(Path.of("/net"))).contains(new Mounted("/net", 98, "fuse.aeiou", "core"));
    assertThat(table.at(Path.of("/mnt"))).contains(new Mounted("/mnt", 1, "ext4", "/dev/sda1"));
    assertThat(table.at(Path.of("/"))).isEmpty();
  }

  @Test
  void blanksAndBackslashesAreUnescaped() {
    MountTable table = table("36 35 0:98 / /my\\040net\\134x rw - fuse.aeiou a\\040b rw");

    assertThat(table.at(Path.of("/my net\\x")))
        .contains(new Mounted("/my net\\x", 98, "fuse.aeiou", "a b"));
  }

  @Test
  void ofSeveralMountsOnTopOfEachOtherTheLastIsSeen() {
    MountTable table =
        table(
            "36 35 0:98 / /net rw - fuse.aeiou first rw", "37 36 0:99 / /net rw - tmpfs second rw");

    assertThat(table.at(Path.of("/net"))).contains(new Mounted("/net", 99, "tmpfs", "second"));
  }

  @Test
  void whatIsNoLineOfTheTableIsPassedOver() {
    assertThat(table("", "nonsense", "36 35 0:98 / /net rw").at(Path.of("/net"))).isEmpty();
  }
}
