package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is alone pays nothing for what others may have configured. */
@Needs(Thing.FUSE)
final class WithoutClusterIT {
  @TempDir private Path folder;

  @Test
  void withoutAClusterNoClassOfItIsLoaded() throws Exception {
    Path net = Files.writeString(folder.resolve("net.yaml"), "systems: {core1: 127.66.3.1}\n");
    Path mountPoint = Files.createDirectory(folder.resolve("net"));
    Path loaded = folder.resolve("loaded");
    List<String> jvm = List.of("-Xmx256m", "-Xlog:class+load:file=" + loaded);
    try (DaemonProcess daemon = DaemonProcess.mount(List.of(), jvm, net, mountPoint)) {
      assertThat(Files.readString(daemon.path("core1/.health"), UTF_8))
          .contains("state: unknown")
          .doesNotContain("owner");
      assertThat(Files.readString(daemon.path(".aeiou/status"), UTF_8)).doesNotContain("cluster");
    }
    assertThat(Files.readAllLines(loaded, UTF_8))
        .anyMatch(line -> line.contains(" org.aeiou.daemon.app.systems.PlacesHere "))
        .noneMatch(line -> line.contains("org.aeiou.daemon.cluster"))
        .noneMatch(line -> line.contains("org.aeiou.daemon.app.Clustering"))
        .noneMatch(line -> line.contains(" io.nats."));
  }
}
