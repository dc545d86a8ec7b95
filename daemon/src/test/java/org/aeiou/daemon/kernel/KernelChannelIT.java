package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The channel on a real mount, seen through the programs people use. */
@ExtendWith(Mounts.class)
final class KernelChannelIT {
  private final MemoryFileSystem files =
      new MemoryFileSystem()
          .file("/core1/system/sysName", "core1\n")
          .file("/core1/system/sysLocation", "Room 1\n")
          .file("/core1/interfaces/eth0/ifOperStatus", "up\n");

  @Test
  void catListStatAndFindSeeTheTree(Mounts mounts) throws Exception {
    Path net = mounts.mount(files);

    assertThat(Shell.run("cat", net + "/core1/system/sysName").out()).isEqualTo("core1\n");
    assertThat(Shell.run("ls", net + "/core1").out()).isEqualTo("interfaces\nsystem\n");
    assertThat(Shell.run("stat", "-c", "%s %a %F", net + "/core1/system/sysName").out())
        .isEqualTo("6 444 regular file\n");
    assertThat(Shell.run("find", net.toString(), "-type", "f").out().lines().count()).isEqualTo(3);
    assertThat(Files.readString(net.resolve("core1/interfaces/eth0/ifOperStatus")))
        .isEqualTo("up\n");
  }
}
