package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that copy inside the kernel: sendfile and splice ask for no attributes before they read.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class SpliceIT {
  private static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");
  private static final int COPIES = 200;

  @TempDir Path folder;
  private SimulatedDaemon simulated;

  private List<String> start(int systems, Duration roundTrip, String ttl) throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(systems).rows(2).rtt(roundTrip),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "ttl: {attributes: {sysLocation: " + ttl + "}}\n");
    for (SimulatedAgent agent : simulated.network().agents()) {
      set(agent, "v0");
    }
    return simulated.network().agents().stream().map(this::location).toList();
  }

  private String location(SimulatedAgent agent) {
    return simulated.daemon().path(agent.name() + "/system/sysLocation").toString();
  }

  private static void set(SimulatedAgent agent, String value) {
    agent.set(LOCATION, new Value.Octets(Value.OctetsType.OCTETS, value.getBytes(UTF_8)));
  }

  @AfterEach
  void stop() throws IOException {
    if (simulated != null) {
      simulated.close();
    }
  }

  /** Runs a script with the paths of files, one in a line, as its standard input's name. */
  private String python(List<String> paths, String script) throws IOException {
    Path list = Files.write(folder.resolve("paths"), paths);
    Path code = Files.writeString(folder.resolve("script.py"), script);
    Commands.Result result = Commands.run("python3", code.toString(), list.toString());
    assertThat(result.exit()).as(result.err() + result.out()).isZero();
    return result.out();
  }

  @Test
  void coldFileThatIsCopiedWhileOthersLookAtItIsCopiedAsItIs() throws Exception {
    List<String> paths = start(COPIES / 2, Duration.ofMillis(20), "1s");
    String seen =
        python(
            paths,
            """
            import collections, multiprocessing, os, sys
            paths = open(sys.argv[1]).read().split()
            current = multiprocessing.Value("i", 0, lock=False)
            def look():
                while current.value >= 0:
                    os.stat(paths[current.value])
            def copy(path):
                source = os.open(path, os.O_RDONLY)
                target = os.memfd_create("copy")
                while os.sendfile(target, source, None, 1 << 16) > 0:
                    pass
                os.close(source)
                os.lseek(target, 0, os.SEEK_SET)
                content = os.read(target, 1 << 16)
                os.close(target)
                return content
            seen = collections.Counter()
            lookers = [multiprocessing.Process(target=look) for _ in range(2)]
            for looker in lookers:
                looker.start()
            for _ in range(2):
                for index, path in enumerate(paths):
                    current.value = index
                    try:
                        seen[copy(path)] += 1
                    except OSError as failed:
                        seen[failed.strerror] += 1
            current.value = -1
            for looker in lookers:
                looker.join()
            print(seen.pop(b"v0\\n", 0), dict(seen))
            """);
    assertThat(seen.strip()).isEqualTo(COPIES + " {}");
  }
}
