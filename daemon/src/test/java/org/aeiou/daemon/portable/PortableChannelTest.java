package org.aeiou.daemon.portable;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import org.aeiou.daemon.fuse.mount.MountOptions;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PortableChannelTest {
  private final ScriptedFileSystem files = new ScriptedFileSystem();

  @AfterEach
  void endEverything() {
    files.close();
  }

  private static Libfuse missing(PortableCounters counts) {
    throw new UnsatisfiedLinkError("libfuse.so.2: cannot open shared object file");
  }

  @Test
  void withoutLibfuseItSaysWhatToInstallAndIsOver(@TempDir Path directory) throws Exception {
    try (PortableChannel channel =
        new PortableChannel(
            files,
            new MountOptions(directory, false, "test"),
            1,
            Ticker.systemTicker(),
            PortableChannelTest::missing)) {
      assertThatThrownBy(channel::mount)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("apt install libfuse2");
      channel.awaitUnmounted();
      assertThatThrownBy(channel::mount).hasMessageContaining("before");
    }
  }

  @Test
  void aBoundOfNoThreadMakesNoSense(@TempDir Path directory) {
    MountOptions options = new MountOptions(directory, false, "test");

    assertThatThrownBy(() -> new PortableChannel(files, options, 0, Ticker.systemTicker()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 threads");
  }
}
